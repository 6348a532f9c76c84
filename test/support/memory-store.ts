import { isFinal, type TransferId } from '#app/transfer'
import { carryOfDone } from '#main/transfers/job'
import type { Changes, DoneSlice, QueueStore, StoredTransfer } from '#main/transfers/queue-store'

/** A store without a disk: keeps what a real one would (test/unit/main/store/transfer-store.test.ts), and can be told to fail. */
export class MemoryStore implements QueueStore {
  readonly rows: Map<TransferId, StoredTransfer>
  readonly slices: DoneSlice[]
  readonly history: Set<TransferId>
  readonly facts: Map<string, string>
  /** As a full disk does. */
  failing = false

  /** `from`: what another one holds at this moment, as after the death of its process. */
  constructor(from?: MemoryStore) {
    this.rows = new Map(from?.rows)
    this.slices = [...(from?.slices ?? [])]
    this.history = new Set(from?.history)
    this.facts = new Map(from?.facts)
  }

  load(): readonly StoredTransfer[] {
    return [...this.rows.values()]
      .filter(({ transfer }) => !this.history.has(transfer.id))
      .sort((a, b) => a.transfer.position - b.transfer.position)
      .map((row) => this.#withSlices(row))
  }

  save({ transfers, slices, unlisted, facts }: Changes): void {
    this.#write()
    for (const stored of transfers) this.rows.set(stored.transfer.id, strip(stored))
    for (const slice of slices)
      if (
        !this.slices.some(
          ({ id, upload, no }) => id === slice.id && upload === slice.upload && no === slice.no,
        )
      )
        this.slices.push(slice)
    for (const { transfer } of transfers) if (transfer.state.status === 'done') this.#dropSlices(transfer.id)
    for (const id of unlisted) {
      this.history.add(id)
      this.#dropSlices(id)
    }
    for (const [name, value] of facts) this.setFact(name, value)
  }

  hasArrived(fileID: number): boolean {
    return [...this.rows.values()].some(
      ({ transfer: { state } }) => state.status === 'done' && state.fileID === fileID,
    )
  }

  fact(name: string): string | undefined {
    return this.facts.get(name)
  }

  factsNamed(prefix: string): readonly (readonly [string, string])[] {
    return [...this.facts].filter(([name]) => name.startsWith(prefix))
  }

  setFact(name: string, value: string | undefined): void {
    this.#write()
    if (value === undefined) this.facts.delete(name)
    else this.facts.set(name, value)
  }

  /** The names of what would go on after a crash now, in order. */
  get unfinished(): readonly string[] {
    return this.load().flatMap(({ transfer, to }) => (isFinal(transfer.state) ? [] : [to.name]))
  }

  #write(): void {
    if (this.failing) throw new Error('database or disk is full')
  }

  #dropSlices(id: TransferId): void {
    const left = this.slices.filter((slice) => slice.id !== id)
    this.slices.splice(0, this.slices.length, ...left)
  }

  /** A copy, with the slices that were acknowledged for the upload it names: whoever loads it writes into it. */
  #withSlices(row: StoredTransfer): StoredTransfer {
    const { upload, ...rest } = structuredClone(row.carry)
    if (!upload) return { ...row, carry: rest }
    const { id } = row.transfer
    const ours = this.slices.filter((slice) => slice.id === id && slice.upload === upload.preuploadID)
    return { ...row, carry: { ...rest, upload: { ...upload, done: new Set(ours.map(({ no }) => no)) } } }
  }
}

/** Without what is not kept, or kept elsewhere. */
function strip({ transfer, to, onDuplicate, askedAt, carry }: StoredTransfer): StoredTransfer {
  const { upload, ...kept } = structuredClone(carry)
  delete kept.unsureSince
  return {
    transfer: { ...transfer, keptBytes: 0 },
    to,
    onDuplicate,
    askedAt,
    carry:
      transfer.state.status === 'done'
        ? carryOfDone(carry)
        : { ...kept, ...(upload ? { upload: { ...upload, done: new Set() } } : {}) },
  }
}
