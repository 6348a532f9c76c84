import { randomUUID } from 'node:crypto'
import type { Failure } from '#app/errors'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import { joinRemote } from '#app/naming'
import type { RetryPolicy } from '#app/retry'
import {
  advance,
  hasStarted,
  isFinal,
  isRetriable,
  isRunning,
  QUEUED,
  type DuplicatePolicy,
  type Source,
  type Transfer,
  type TransferEvent,
  type TransferId,
} from '#app/transfer'
import { Block } from './block.ts'
import { ChangeFeed } from './change-feed.ts'
import { runAt } from './far-timer.ts'
import type { Carry, Job } from './job.ts'
import { Lanes, type Lane } from './lanes.ts'
import type { Destination } from './remote-index.ts'

export interface NewTransfer {
  readonly path: string
  readonly size: number
  readonly to: Destination
  readonly onDuplicate: DuplicatePolicy
  readonly source: Source
}

interface Entry {
  transfer: Transfer
  readonly to: Destination
  onDuplicate: DuplicatePolicy
  askedAt: number
  carry: Carry
  abort: AbortController | undefined
  /** Ends the wait for another attempt. */
  callOff: (() => void) | undefined
  lastSent: number
}

export interface QueueOptions {
  /** Uploads one file once and reports every step to `job.emit`. */
  readonly run: (job: Job) => Promise<void>
  readonly retry: RetryPolicy
  /** Resolves when somebody is signed in, rejects when nobody is. */
  readonly checkAccount: () => Promise<unknown>
  /** How many at once, big and small files apart. */
  readonly lanes: Readonly<Record<Lane, number>>
  readonly laneOf: (size: number) => Lane
  readonly now: () => number
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
}

/** All transfers: who runs next, what each one's state is, and who is told. Only `advance` decides what a state becomes. */
export class TransferQueue {
  readonly #options: QueueOptions
  readonly #entries = new Map<TransferId, Entry>()
  readonly #lanes: Lanes
  /** Files on their way by where they come from and go to: the same one is not taken twice. */
  readonly #open = new Map<string, TransferId>()
  readonly #feed: ChangeFeed
  readonly #block: Block
  #stopped = false

  constructor(options: QueueOptions) {
    this.#options = options
    this.#lanes = new Lanes(options.lanes)
    this.#block = new Block(options.now, () => {
      this.unblock()
    })
    this.#feed = new ChangeFeed({
      now: options.now,
      find: (id) => this.get(id),
      status: (speed) => this.#statusAt(speed),
      onChange: options.onChange,
      onStatus: options.onStatus,
    })
  }

  /** The transfer for this file: a new one, or the one that is under way already. */
  add(wanted: NewTransfer): TransferId {
    const key = openKey(wanted.path, wanted.to)
    const same = this.#open.get(key)
    if (same) return same
    const { path, size, source, to, onDuplicate } = wanted
    // An id is nothing but a name nobody else has.
    const id = randomUUID() as TransferId
    const now = this.#options.now()
    const transfer = {
      id,
      path,
      size,
      remotePath: joinRemote([...to.folders, to.name]),
      source,
      addedAt: now,
      state: QUEUED,
    }
    const carry = { sentBytes: 0, failures: 0 }
    const entry = {
      transfer,
      to,
      onDuplicate,
      askedAt: now,
      carry,
      abort: undefined,
      callOff: undefined,
      lastSent: 0,
    }
    this.#entries.set(id, entry)
    this.#open.set(key, id)
    this.#feed.changed(id)
    this.#enqueue(entry)
    return id
  }

  list(): readonly Transfer[] {
    return [...this.#entries.values()].map(({ transfer }) => transfer)
  }

  get(id: TransferId): Transfer | undefined {
    return this.#entries.get(id)?.transfer
  }

  /** What was asked for, to ask it of another queue. */
  wanted(id: TransferId): NewTransfer | undefined {
    const entry = this.#entries.get(id)
    if (!entry) return undefined
    const { path, size, source } = entry.transfer
    return { path, size, source, to: entry.to, onDuplicate: entry.onDuplicate }
  }

  retry(ids: readonly TransferId[], onDuplicate?: DuplicatePolicy): void {
    for (const entry of this.#named(ids)) {
      if (!isRetriable(entry.transfer.state)) continue
      if (onDuplicate) entry.onDuplicate = onDuplicate
      entry.askedAt = this.#options.now()
      this.#open.set(openKey(entry.transfer.path, entry.to), entry.transfer.id)
      this.#apply(entry, { type: 'retried' })
    }
  }

  cancel(ids: readonly TransferId[]): void {
    for (const entry of this.#named(ids)) {
      this.#apply(entry, { type: 'cancelled', now: this.#options.now() })
      entry.abort?.abort()
    }
  }

  /** Takes finished ones off the list; the others stay. */
  clear(ids: readonly TransferId[]): void {
    for (const { transfer } of this.#named(ids)) {
      if (!isFinal(transfer.state)) continue
      this.#entries.delete(transfer.id)
      this.#feed.removed(transfer.id)
    }
  }

  status(): QueueStatus {
    return this.#statusAt(this.#feed.speed)
  }

  /** Somebody signed in, or the network is back: go on. */
  unblock(): void {
    this.#block.clear()
    this.#feed.tellSoon()
    this.#pump()
  }

  /** Stops everything where it is; nothing is told any more. */
  stop(): void {
    this.#stopped = true
    this.#feed.stop()
    this.#block.clear()
    for (const entry of this.#entries.values()) {
      entry.callOff?.()
      entry.abort?.abort()
    }
  }

  #statusAt(speed: number): QueueStatus {
    const running = this.#lanes.running
    const blocked = this.#block.current
    return blocked ? { speed, running, blocked } : { speed, running }
  }

  #named(ids: readonly TransferId[]): readonly Entry[] {
    return ids.flatMap((id) => this.#entries.get(id) ?? [])
  }

  #enqueue({ transfer }: Entry): void {
    this.#lanes.push(this.#options.laneOf(transfer.size), transfer.id, hasStarted(transfer.state))
    this.#pump()
  }

  #pump(): void {
    while (!this.#stopped && !this.#block.current) {
      const next = this.#lanes.next((id) => this.#isReady(id))
      const entry = next && this.#entries.get(next.id)
      if (!entry) return
      void this.#run(entry, next.lane)
    }
  }

  /** Queued, and an earlier run of it that was cancelled has ended. */
  #isReady(id: TransferId): boolean {
    const entry = this.#entries.get(id)
    return entry?.transfer.state.status === 'queued' && !entry.abort
  }

  async #run(entry: Entry, lane: Lane): Promise<void> {
    const abort = new AbortController()
    entry.abort = abort
    const { path } = entry.transfer
    const { to, onDuplicate, askedAt, carry } = entry
    this.#apply(entry, { type: 'started' })
    const emit = (event: TransferEvent): void => {
      if (!this.#stopped) this.#hear(entry, event)
    }
    await this.#options.run({ path, to, onDuplicate, askedAt, carry, signal: abort.signal, emit })
    entry.abort = undefined
    this.#lanes.leave(lane)
    this.#feed.tellSoon()
    // Cancelled and asked for again, or due again, before this run had ended.
    if (entry.transfer.state.status === 'queued') this.#enqueue(entry)
    else this.#pump()
  }

  /** An event from a running transfer; some say something about all of them. */
  #hear(entry: Entry, event: TransferEvent): void {
    // A run that is ending may still report: its bytes have been counted.
    if (event.type === 'sending' && isRunning(entry.transfer.state)) this.#measure(entry, event.progress.sent)
    if (event.type === 'failed' && isAccountFailure(event.failure)) {
      this.#blockFor({ reason: 'signed-out' })
      this.#apply(entry, { type: 'interrupted' })
      // The refusal may be old news: somebody may have signed in while the last slices were ending.
      this.#options.checkAccount().then(
        () => {
          this.unblock()
        },
        () => undefined,
      )
      return
    }
    this.#apply(entry, event)
    const { state } = entry.transfer
    if (event.type !== 'failed') return
    if (state.status === 'waiting' && event.failure.code === 'offline')
      this.#blockFor({ reason: 'offline', until: state.retryAt })
    if (state.status === 'waiting' && event.failure.code === 'rate-limited')
      this.#blockFor({ reason: 'rate-limited', until: state.retryAt })
    if (state.status === 'failed' && event.failure.code === 'offline') this.#failRest(event)
  }

  #blockFor(reason: NonNullable<QueueStatus['blocked']>): void {
    this.#block.set(reason)
    this.#feed.tellSoon()
  }

  /** Headless, a network that stays away ends the run: the rest would only wait as long again, each. */
  #failRest(event: TransferEvent & { type: 'failed' }): void {
    for (const entry of this.#entries.values()) {
      this.#apply(entry, { type: 'gave-up', failure: event.failure, now: event.now })
      entry.abort?.abort()
    }
  }

  #apply(entry: Entry, event: TransferEvent): void {
    const before = entry.transfer.state
    const state = advance(before, event, this.#options.retry)
    if (state === before) return
    const size = entry.carry.identity?.size ?? entry.transfer.size
    entry.transfer = { ...entry.transfer, size, state }
    entry.callOff?.()
    entry.callOff = undefined
    if (state.status === 'waiting') {
      entry.callOff = runAt(state.retryAt, this.#options.now, () => {
        this.#apply(entry, { type: 'came-due' })
      })
    }
    if (state.status === 'queued') this.#enqueue(entry)
    if (isFinal(state)) this.#open.delete(openKey(entry.transfer.path, entry.to))
    if (!isRunning(state)) entry.lastSent = 0
    this.#feed.changed(entry.transfer.id)
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

function openKey(path: string, to: Destination): string {
  return [path, to.rootID, ...to.folders, to.name].join('\0')
}
