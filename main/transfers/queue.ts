import { randomUUID } from 'node:crypto'
import type { HoldReason } from '#app/conditions'
import type { TransferDetails } from '#app/details'
import type { ErrorCode } from '#app/errors'
import type { QueueStatus, TransfersChange, Which } from '#app/ipc'
import type { RetryPolicy } from '#app/retry'
import { isFinal, isRetriable, type DuplicatePolicy, type Transfer, type TransferId } from '#app/transfer'
import { ChangeFeed } from './change-feed.ts'
import { detailsOf } from './details.ts'
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts'
import { newEntry, openKey, restoredEntry, type Entry, type NewTransfer } from './entry.ts'
import { forgetDoubt, newCarry } from './job.ts'
import { Ledger } from './ledger.ts'
import type { QueueStore } from './queue-store.ts'
import { fileKey, type Destination } from './remote-index.ts'

export interface QueueOptions extends Omit<DispatcherOptions, 'feed' | 'ledger' | 'onUnblocked'> {
  readonly store: QueueStore
  readonly retry: RetryPolicy
  /** Who is signed in, when that is known. */
  readonly owner: () => string | undefined
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
}

/** Failures that the network's return may end. */
const NETWORK: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'offline',
  'proxy-failed',
  'connection-lost',
  'timeout',
])

/** All transfers, as those see them who ask something of them. */
export class TransferQueue {
  readonly #options: QueueOptions
  readonly #ledger: Ledger
  readonly #feed: ChangeFeed
  readonly #dispatcher: Dispatcher

  constructor(options: QueueOptions) {
    this.#options = options
    const { now, store, retry } = options
    this.#feed = new ChangeFeed({
      now,
      find: (id) => this.get(id),
      status: (speed) => this.#dispatcher.statusAt(speed),
      onChange: (change) => {
        this.#dispatcher.write() // What is told is on disk.
        options.onChange(change)
      },
      onStatus: options.onStatus,
    })
    this.#ledger = new Ledger({
      store,
      retry,
      now,
      feed: this.#feed,
      onQueued: (entry) => {
        this.#dispatcher.enqueue(entry)
      },
    })
    this.#dispatcher = new Dispatcher({
      ...options,
      feed: this.#feed,
      ledger: this.#ledger,
      onUnblocked: () => {
        this.unblock()
      },
    })
  }

  /** Takes up what an earlier process left: it goes on, or is held until `resume` or until the same file is added; `edit`: nothing runs. */
  load(how: 'go-on' | 'hold' | 'edit'): void {
    if (how === 'edit') this.#dispatcher.stayIdle()
    // Who holds it back has come to do one thing, not to end or to begin a pause.
    else if (how === 'go-on') this.#dispatcher.restorePause()
    for (const stored of this.#options.store.load()) {
      const entry = restoredEntry(stored, this.#options.now())
      entry.held = how === 'hold' && !isFinal(entry.transfer.state)
      this.#ledger.insert(entry)
    }
  }

  /** The transfer for this file: a new one, or the one that has not arrived yet. */
  add(wanted: NewTransfer): TransferId {
    const same = this.#ledger.find(wanted)
    if (same) {
      if (same.held || same.transfer.state.status === 'failed') {
        same.to = wanted.to
        this.#again(same, wanted.onDuplicate)
      }
      return same.transfer.id
    }
    // An id is nothing but a name nobody else has.
    const id = randomUUID() as TransferId
    const { now, owner } = this.#options
    const entry = newEntry(id, wanted, this.#ledger.nextPosition, now(), owner())
    this.#ledger.insert(entry)
    this.#ledger.touch(entry)
    return id
  }

  /** Whether a transfer on the list goes to that place, or went there. */
  aimsAt(to: Destination): boolean {
    const place = fileKey(to)
    return this.#ledger.all().some((entry) => fileKey(entry.to) === place)
  }

  /** Finds the transfer for a file among those that were added since then, however they ended. */
  addedSince(time: number): (path: string, to: Destination) => TransferId | undefined {
    const added = this.#ledger.all().filter(({ transfer }) => transfer.addedAt >= time)
    const ids = new Map(added.map(({ transfer, to }) => [openKey(transfer.path, to), transfer.id]))
    return (path, to) => ids.get(openKey(path, to))
  }

  /** What was asked is on disk when it returns, or as soon as the disk lets it be. */
  keep(): void {
    this.#dispatcher.write()
  }

  /** Written down with the next of the queue, in one go; undefined forgets it. */
  setFact(name: string, value: string | undefined): void {
    this.#ledger.setFact(name, value)
  }

  list(): readonly Transfer[] {
    return this.#ledger.all().map(({ transfer }) => transfer)
  }

  /** All there is, as if it had just changed: for one who begins to listen. The first of it is told when it returns. */
  tellAll(): void {
    this.#feed.tellAnew(inOrder(this.list()).map(({ id }) => id))
  }

  get(id: TransferId): Transfer | undefined {
    return this.#ledger.get(id)?.transfer
  }

  details(id: TransferId): TransferDetails | undefined {
    const entry = this.#ledger.get(id)
    return entry && detailsOf(entry)
  }

  /** Whether an earlier run may have been sending something when it ended, of which it did not hear. */
  get leftUnsure(): boolean {
    return this.#ledger.all().some(({ carry }) => carry.unsureSince !== undefined)
  }

  /** Whether an earlier run left it and nobody has said that it goes on. */
  isHeld(id: TransferId): boolean {
    return this.#ledger.get(id)?.held === true
  }

  retry(ids: readonly TransferId[], onDuplicate?: DuplicatePolicy): void {
    for (const entry of this.#ledger.named(ids)) {
      if (isRetriable(entry.transfer.state) && !this.#ledger.rival(entry)) this.#again(entry, onDuplicate)
    }
    this.keep()
  }

  cancel(ids: readonly TransferId[]): void {
    for (const entry of this.#ledger.named(ids)) {
      this.#ledger.apply(entry, { type: 'cancelled', now: this.#options.now() })
      entry.abort?.abort()
    }
    this.keep()
  }

  /** No byte of theirs goes out any more. `until`: milliseconds since 1970. */
  pause(which: Which, until?: number): void {
    if (which === 'all') {
      this.#dispatcher.pauseAll(until)
      return
    }
    for (const entry of this.#ledger.named(which)) {
      this.#ledger.apply(entry, { type: 'paused', ...(until === undefined ? {} : { until }) })
      entry.abort?.abort()
    }
    this.keep()
  }

  /** Ends pauses, and takes up what an earlier run left; `all` ends the pause of the whole queue too. */
  resume(which: Which): void {
    if (which === 'all') this.#dispatcher.endPause()
    for (const entry of which === 'all' ? this.#ledger.all() : this.#ledger.named(which)) {
      this.#letGo(entry)
      this.#ledger.apply(entry, { type: 'resumed' })
    }
    this.#dispatcher.goOn()
  }

  /** Which of those that wait start first, or last. */
  reorder(ids: readonly TransferId[], to: 'first' | 'last'): void {
    this.#ledger.move(ids, to)
    this.#dispatcher.follow(ids)
    this.keep()
  }

  /** Takes finished ones off the list; the others stay. */
  clear(ids: readonly TransferId[]): void {
    this.#ledger.remove(ids)
    this.keep()
  }

  status(): QueueStatus {
    return this.#dispatcher.statusAt(this.#feed.speed)
  }

  /** Somebody signed in, or the network is back: go on. */
  unblock(): void {
    this.#dispatcher.unblock()
    for (const entry of this.#ledger.all()) {
      const { state } = entry.transfer
      if (state.status === 'waiting' && NETWORK.has(state.failure.code))
        this.#ledger.apply(entry, { type: 'came-due' })
    }
    this.#dispatcher.goOn()
  }

  /** What was queued by somebody whose name was not known yet is theirs, whoever signs in later. */
  belongTo(owner: string): void {
    for (const entry of this.#ledger.all()) {
      if (entry.carry.owner !== undefined || entry.held || isFinal(entry.transfer.state)) continue
      entry.carry.owner = owner
      this.#ledger.touch(entry)
    }
    this.keep()
  }

  /** Nothing goes up for that reason; undefined lets it go on. What has arrived of each file counts. */
  setHold(reason: HoldReason | undefined): void {
    this.#dispatcher.setHold(reason)
  }

  /** The account is gone: what was under way begins anew, and asks first whose drive it is. */
  breakOff(): void {
    this.#dispatcher.interruptAll()
  }

  /** The machine slept, or has another address: what is on its way has gone astray. */
  startAfresh(): void {
    this.#dispatcher.interruptSending()
    // Another network signs nobody in.
    if (this.status().blocked?.reason === 'signed-out') this.#dispatcher.goOn()
    else this.unblock()
  }

  /** The network has gone without a word: nothing is tried until it is back, or until then (milliseconds since 1970). */
  lose(reason: 'offline' | 'proxy', until: number): void {
    this.#dispatcher.lose(reason, until)
  }

  /** Stops everything where it is; nothing is told any more. */
  stop(): void {
    this.#feed.stop()
    this.#ledger.stop()
    this.#dispatcher.stop()
    this.#dispatcher.write()
  }

  /** A person wants it after all: under today's conditions, as far as those are given. */
  #again(entry: Entry, onDuplicate: DuplicatePolicy | undefined): void {
    const { state } = entry.transfer
    if (onDuplicate) entry.onDuplicate = onDuplicate
    entry.askedAt = this.#options.now()
    const why = state.status === 'failed' ? state.failure.code : undefined
    // Somebody has looked at what stands there: it is not taken for ours.
    if (why === 'ambiguous') forgetDoubt(entry.carry)
    if (why === 'other-account') entry.carry = newCarry()
    this.#letGo(entry)
    this.#ledger.apply(entry, { type: 'retried' })
    this.#ledger.apply(entry, { type: 'resumed' })
    this.#ledger.touch(entry)
  }

  #letGo(entry: Entry): void {
    if (!entry.held) return
    entry.held = false
    if (entry.transfer.state.status === 'queued') this.#dispatcher.enqueue(entry)
  }
}

/** In the order in which they finished, so that a list that comes at once reads as one that grew. */
function inOrder(transfers: readonly Transfer[]): readonly Transfer[] {
  const at = ({ state, addedAt }: Transfer): number => (isFinal(state) ? state.finishedAt : addedAt)
  return transfers.toSorted((one, other) => at(one) - at(other))
}
