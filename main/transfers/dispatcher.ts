import type { HoldReason } from '#app/conditions'
import { toFailure, type Failure } from '#app/errors'
import type { QueueStatus, SetAside } from '#app/ipc'
import { isAway } from '#app/retry'
import { isRunning, type TransferEvent, type TransferId } from '#app/transfer'
import { Block } from './block.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { Entry } from './entry.ts'
import type { Job } from './job.ts'
import { Lanes, type Lane } from './lanes.ts'
import type { Ledger } from './ledger.ts'
import { Pause } from './pause.ts'

export interface DispatcherOptions {
  /** Uploads one file once and reports every step to `job.emit`. */
  readonly run: (job: Job) => Promise<void>
  /** Resolves when somebody is signed in, rejects when nobody is. */
  readonly checkAccount: () => Promise<unknown>
  /** How many at once, big and small files apart. */
  readonly lanes: Readonly<Record<Lane, number>>
  readonly laneOf: (size: number) => Lane
  readonly now: () => number
  /** An earlier queue that could not be used: told for as long as this one lives. */
  readonly setAside: SetAside | undefined
  readonly feed: ChangeFeed
  readonly ledger: Ledger
  /** What stood in the way of all is gone. */
  readonly onUnblocked: () => void
}

/** How long to wait before trying again to write down what is done. */
const STORAGE_RETRY_MS = 5000

/** Who runs next, and what the failure of one means for all. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #ledger: Ledger
  readonly #feed: ChangeFeed
  readonly #lanes: Lanes
  readonly #block: Block
  readonly #pause: Pause
  #hold: HoldReason | undefined
  #stopped = false
  #idle = false

  constructor(options: DispatcherOptions) {
    const { ledger, feed, now, lanes } = options
    this.#options = options
    this.#ledger = ledger
    this.#feed = feed
    this.#lanes = new Lanes(lanes)
    this.#block = new Block(now, options.onUnblocked)
    this.#pause = new Pause(ledger, now, () => {
      this.goOn()
    })
  }

  statusAt(speed: number): QueueStatus {
    const running = this.#lanes.running
    const [blocked, paused] = [this.#blocked, this.#pause.current]
    const { setAside } = this.#options
    return {
      speed,
      running,
      ...(blocked ? { blocked } : {}),
      ...(paused ? { paused } : {}),
      ...(setAside ? { setAside } : {}),
    }
  }

  /** Those of them that wait for their turn wait in their places on the list. */
  follow(ids: readonly TransferId[]): void {
    for (const { transfer } of this.#ledger.named(ids)) this.#lanes.move(transfer.id, transfer.position)
  }

  /** `until`: milliseconds since 1970. */
  pauseAll(until: number | undefined): void {
    this.#pause.begin(until)
    this.interruptAll()
    this.write()
  }

  /** The queue is only looked at, and changed. */
  stayIdle(): void {
    this.#idle = true
  }

  restorePause(): void {
    this.#pause.restore()
  }

  endPause(): void {
    this.#pause.end()
  }

  setHold(reason: HoldReason | undefined): void {
    if (reason === this.#hold) return
    this.#hold = reason
    if (reason) this.interruptAll()
    else this.goOn()
  }

  unblock(): void {
    this.#block.clear()
  }

  interruptAll(): void {
    for (const entry of this.#ledger.all()) {
      this.#ledger.apply(entry, { type: 'interrupted' })
      entry.abort?.abort()
    }
    this.#feed.tellSoon()
  }

  /** What is on its way is broken off, or about to be; a file that is only being read goes on. */
  interruptSending(): void {
    for (const entry of this.#ledger.all()) {
      if (entry.transfer.state.status === 'hashing') continue
      this.#ledger.apply(entry, { type: 'interrupted' })
      entry.abort?.abort()
    }
    this.#feed.tellSoon()
  }

  /** Nothing gets through. */
  lose(reason: 'offline' | 'proxy', until: number): void {
    this.interruptSending()
    this.#blockFor({ reason, until })
  }

  goOn(): void {
    this.write()
    this.#feed.tellSoon()
    this.#pump()
  }

  stop(): void {
    this.#stopped = true
    this.#block.clear()
    this.#pause.stop()
    for (const { abort } of this.#ledger.all()) abort?.abort()
  }

  enqueue({ transfer }: Entry): void {
    this.#lanes.push(this.#options.laneOf(transfer.size), transfer.id, transfer.position)
    this.#pump()
  }

  /** What only a person can mend is said before what holds everything up; that before what nobody tries meanwhile. */
  get #blocked(): QueueStatus['blocked'] {
    const block = this.#block.current
    const isPersons = block?.reason === 'signed-out' || block?.reason === 'storage'
    return this.#hold && !isPersons ? { reason: this.#hold } : block
  }

  #pump(): void {
    while (!this.#stopped && !this.#idle && !this.#blocked && !this.#pause.current) {
      const next = this.#lanes.next((id) => this.#isReady(id))
      const entry = next && this.#ledger.get(next.id)
      if (!entry) return
      void this.#run(entry, next.lane)
    }
  }

  /** Queued, and an earlier run of it that was cancelled has ended. */
  #isReady(id: TransferId): boolean {
    const entry = this.#ledger.get(id)
    return entry?.transfer.state.status === 'queued' && !entry.held && !entry.abort
  }

  async #run(entry: Entry, lane: Lane): Promise<void> {
    const abort = new AbortController()
    entry.abort = abort
    const { path } = entry.transfer
    const { to, onDuplicate, askedAt, carry } = entry
    this.#ledger.apply(entry, { type: 'started' })
    await this.#options.run({
      id: entry.transfer.id,
      path,
      to,
      onDuplicate,
      askedAt,
      carry,
      signal: abort.signal,
      emit: (event) => {
        if (!this.#stopped) this.#hear(entry, event)
      },
      keep: () => {
        this.#ledger.keep(entry)
      },
      acknowledged: (no) => {
        this.#ledger.acknowledge(entry, no)
      },
      startedOver: (startedOver) => {
        this.#ledger.change(entry, { startedOver })
      },
    })
    entry.abort = undefined
    this.#lanes.leave(lane)
    this.#feed.tellSoon()
    // Cancelled and asked for again, or due again, before this run had ended.
    if (entry.transfer.state.status === 'queued') this.enqueue(entry)
    else this.#pump()
  }

  /** An event from a running transfer; some say something about all of them. */
  #hear(entry: Entry, event: TransferEvent): void {
    // A run that is ending may still report: its bytes have been counted.
    if (isRunning(entry.transfer.state)) {
      if (event.type === 'sending') this.#measure(entry, event.progress.sent)
      // What is small has gone before a word was said of it.
      if (event.type === 'sent-all') this.#measure(entry, entry.carry.identity?.size ?? entry.transfer.size)
    }
    if (event.type !== 'failed') {
      this.#ledger.apply(entry, event)
      return
    }
    if (this.#isEverybodys(event.failure)) {
      this.#ledger.apply(entry, { type: 'interrupted' })
      return
    }
    this.#ledger.apply(entry, event)
    const { state } = entry.transfer
    const { code } = event.failure
    if (state.status === 'waiting' && (isAway(code) || code === 'rate-limited'))
      this.#blockFor({ reason: code === 'proxy-failed' ? 'proxy' : code, until: state.retryAt })
    if (state.status === 'failed' && isAway(code)) this.#failRest(event)
  }

  /** A failure that is not this file's: nothing can go on until it is mended, and the file is as good as before. */
  #isEverybodys(failure: Failure): boolean {
    if (failure.code === 'data-folder-unusable') {
      this.#blockFor({ reason: 'storage', until: this.#options.now() + STORAGE_RETRY_MS })
      return true
    }
    if (!isAccountFailure(failure)) return false
    this.#blockFor({ reason: 'signed-out' })
    // The refusal may be old news: somebody may have signed in while the last slices were ending.
    this.#options.checkAccount().then(
      () => {
        this.#options.onUnblocked()
      },
      () => undefined,
    )
    return true
  }

  #blockFor(reason: NonNullable<QueueStatus['blocked']>): void {
    if (this.#stopped) return
    this.#block.set(reason)
    this.#feed.tellSoon()
  }

  /** Headless, a network that stays away ends the run: the rest would only wait as long again, each. */
  #failRest(event: TransferEvent & { type: 'failed' }): void {
    for (const entry of this.#ledger.all()) {
      if (entry.held || entry.transfer.state.status === 'paused') continue
      this.#ledger.apply(entry, { type: 'gave-up', failure: event.failure, now: event.now })
      entry.abort?.abort()
    }
  }

  /** What can't be written now is written with the next of it. */
  write(): void {
    try {
      this.#ledger.write()
    } catch (thrown) {
      this.#isEverybodys(toFailure(thrown))
    }
  }

  #measure(entry: Entry, sent: number): void {
    const bytes = sent - entry.lastSent
    entry.lastSent = sent
    if (bytes > 0) this.#feed.moved(bytes)
  }
}

function isAccountFailure({ code }: Failure): boolean {
  return code === 'signed-out' || code === 'unauthorized' || code === 'token-limit'
}
