import type { RetryPolicy } from '#app/retry'
import {
  advance,
  isFinal,
  isRunning,
  type Transfer,
  type TransferEvent,
  type TransferId,
  type TransferState,
} from '#app/transfer'
import type { ChangeFeed } from './change-feed.ts'
import { keptBytes, openKey, type Entry, type NewTransfer } from './entry.ts'
import { runAt } from './far-timer.ts'
import { carryOfDone } from './job.ts'
import { Journal } from './journal.ts'
import type { QueueStore } from './queue-store.ts'

export interface LedgerOptions {
  readonly store: QueueStore
  readonly retry: RetryPolicy
  readonly now: () => number
  readonly feed: ChangeFeed
  /** It waits for its turn from now on. */
  readonly onQueued: (entry: Entry) => void
}

/** Every transfer there is, and the one place that changes one: what it does goes on disk and is told. */
export class Ledger {
  readonly #options: LedgerOptions
  readonly #entries = new Map<TransferId, Entry>()
  /** Files that have not arrived, by where they come from and go to: the same one is not taken twice. */
  readonly #open = new Map<string, TransferId>()
  readonly #journal: Journal
  #first = 0
  #last = 0

  constructor(options: LedgerOptions) {
    this.#options = options
    this.#journal = new Journal(options.store, (id) => this.#entries.get(id))
  }

  get(id: TransferId): Entry | undefined {
    return this.#entries.get(id)
  }

  all(): readonly Entry[] {
    return [...this.#entries.values()]
  }

  named(ids: readonly TransferId[]): readonly Entry[] {
    return ids.flatMap((id) => this.#entries.get(id) ?? [])
  }

  /** The same file to the same place, while it has not arrived. */
  find({ path, to }: Pick<NewTransfer, 'path' | 'to'>): Entry | undefined {
    const id = this.#open.get(openKey(path, to))
    return id && this.#entries.get(id)
  }

  /** Another transfer of the same file to the same place, which is on its way. */
  rival({ transfer, to }: Entry): Entry | undefined {
    const other = this.find({ path: transfer.path, to })
    return other && other.transfer.id !== transfer.id && !isFinal(other.transfer.state) ? other : undefined
  }

  get nextPosition(): number {
    return this.#last + 1
  }

  insert(entry: Entry): void {
    const { transfer } = entry
    this.#entries.set(transfer.id, entry)
    this.#first = Math.min(this.#first, transfer.position)
    this.#last = Math.max(this.#last, transfer.position)
    this.#follow(entry)
    this.#options.feed.changed(transfer.id)
  }

  /** The finished ones among them leave the list; the store keeps them as history. */
  remove(ids: readonly TransferId[]): void {
    for (const entry of this.named(ids)) {
      const { transfer, to } = entry
      if (!isFinal(transfer.state)) continue
      this.#journal.unlist(entry)
      this.#entries.delete(transfer.id)
      if (this.#open.get(openKey(transfer.path, to)) === transfer.id)
        this.#open.delete(openKey(transfer.path, to))
      this.#options.feed.removed(transfer.id)
    }
  }

  /** Gives them places before or behind all others. */
  move(ids: readonly TransferId[], to: 'first' | 'last'): void {
    const entries = this.named(ids)
    if (to === 'first') this.#first -= entries.length
    for (const [index, entry] of entries.entries())
      this.change(entry, { position: (to === 'first' ? this.#first : this.#last + 1) + index })
    if (to === 'last') this.#last += entries.length
  }

  /** What `advance` makes of the event; false when it does not apply. */
  apply(entry: Entry, event: TransferEvent): boolean {
    const before = entry.transfer.state
    const state = advance(before, event, this.#options.retry)
    if (state === before) return false
    const size = entry.carry.identity?.size ?? entry.transfer.size
    if (state.status === 'done') entry.carry = carryOfDone(entry.carry)
    entry.transfer = { ...entry.transfer, size, state, keptBytes: keptBytes(entry.carry) }
    // Progress is neither kept nor followed; another end of a pause is.
    if (state.status !== before.status || state.status === 'paused') {
      this.#journal.touch(entry.transfer.id)
      this.#follow(entry)
    }
    this.#options.feed.changed(entry.transfer.id)
    return true
  }

  change(entry: Entry, more: Partial<Pick<Transfer, 'position' | 'startedOver'>>): void {
    entry.transfer = { ...entry.transfer, ...more }
    this.touch(entry)
  }

  touch(entry: Entry): void {
    this.#journal.touch(entry.transfer.id)
    this.#options.feed.changed(entry.transfer.id)
  }

  /** On disk when it returns; fails as `data-folder-unusable`. */
  keep(entry: Entry): void {
    this.#journal.touch(entry.transfer.id)
    this.#journal.flush()
  }

  acknowledge({ transfer, carry }: Entry, no: number): void {
    if (carry.upload) this.#journal.addSlice({ id: transfer.id, upload: carry.upload.preuploadID, no })
    this.#journal.flush()
  }

  fact(name: string): string | undefined {
    return this.#options.store.fact(name)
  }

  setFact(name: string, value: string | undefined): void {
    this.#journal.setFact(name, value)
  }

  write(): void {
    this.#journal.flush()
  }

  stop(): void {
    for (const entry of this.#entries.values()) entry.callOff?.()
  }

  /** What follows from being in a state: its timer, and whether the file is still wanted. */
  #follow(entry: Entry): void {
    const { transfer, to } = entry
    const { state } = transfer
    entry.callOff?.()
    entry.callOff = this.#wait(entry, state)
    if (!isRunning(state)) entry.lastSent = 0
    const key = openKey(transfer.path, to)
    const other = this.rival(entry)
    if (!isFinal(state) || (state.status === 'failed' && !other)) this.#open.set(key, transfer.id)
    else if (this.#open.get(key) === transfer.id) this.#open.delete(key)
    if (state.status === 'queued') this.#options.onQueued(entry)
  }

  #wait(entry: Entry, state: TransferState): (() => void) | undefined {
    const at = (time: number, type: 'came-due' | 'resumed'): (() => void) =>
      runAt(time, this.#options.now, () => {
        this.apply(entry, { type })
      })
    if (state.status === 'waiting') return at(state.retryAt, 'came-due')
    return state.status === 'paused' && state.until !== undefined ? at(state.until, 'resumed') : undefined
  }
}
