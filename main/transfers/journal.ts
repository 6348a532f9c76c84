import { DriveError } from '#app/errors'
import type { TransferId } from '#app/transfer'
import type { DoneSlice, QueueStore, StoredTransfer } from './queue-store.ts'

/** What is to be put on disk: gathered, and written in one go. What could not be written stays to be written. */
export class Journal {
  readonly #store: QueueStore
  readonly #find: (id: TransferId) => StoredTransfer | undefined
  readonly #touched = new Set<TransferId>()
  readonly #slices: DoneSlice[] = []
  readonly #unlisted = new Map<TransferId, StoredTransfer>()
  readonly #facts = new Map<string, string | undefined>()

  constructor(store: QueueStore, find: (id: TransferId) => StoredTransfer | undefined) {
    this.#store = store
    this.#find = find
  }

  touch(id: TransferId): void {
    this.#touched.add(id)
  }

  addSlice(slice: DoneSlice): void {
    this.#slices.push(slice)
  }

  /** It leaves the list as it is now; nobody finds it any more. */
  unlist(stored: StoredTransfer): void {
    this.#unlisted.set(stored.transfer.id, stored)
  }

  setFact(name: string, value: string | undefined): void {
    this.#facts.set(name, value)
  }

  /** On disk when it returns; fails as `data-folder-unusable`. */
  flush(): void {
    const changes = {
      transfers: [...this.#touched].flatMap((id) => this.#find(id) ?? this.#unlisted.get(id) ?? []),
      slices: [...this.#slices],
      unlisted: [...this.#unlisted.keys()],
      facts: [...this.#facts],
    }
    if (Object.values(changes).every(({ length }) => length === 0)) return
    try {
      this.#store.save(changes)
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new DriveError('data-folder-unusable', `The queue could not be written down: ${why}`, {
        cause: thrown,
      })
    }
    this.#touched.clear()
    this.#slices.length = 0
    this.#unlisted.clear()
    this.#facts.clear()
  }
}
