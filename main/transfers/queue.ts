import { randomUUID } from 'node:crypto'
import type { Failure } from '#app/errors'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import { joinRemote } from '#app/naming'
import type { RetryPolicy } from '#app/retry'
import { observe, speedOf, type Sample } from '#app/speed'
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
  timer: NodeJS.Timeout | undefined
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

/** A window is told at most ten times a second (design 4). */
const TELL_EVERY_MS = 100

/** setTimeout holds 31 bits of milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** All transfers: who runs next, what each one's state is, and who is told. Only `advance` decides what a state becomes. */
export class TransferQueue {
  readonly #options: QueueOptions
  readonly #entries = new Map<TransferId, Entry>()
  readonly #lanes: Lanes
  /** Files on their way by where they come from and go to: the same one is not taken twice. */
  readonly #open = new Map<string, TransferId>()
  readonly #dirty = new Set<TransferId>()
  readonly #removed = new Set<TransferId>()
  #samples: readonly Sample[] = []
  #blocked: QueueStatus['blocked']
  #unblock: NodeJS.Timeout | undefined
  #tell: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: QueueOptions) {
    this.#options = options
    this.#lanes = new Lanes(options.lanes)
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
      timer: undefined,
      lastSent: 0,
    }
    this.#entries.set(id, entry)
    this.#open.set(key, id)
    this.#changed(id)
    this.#enqueue(entry)
    return id
  }

  list(): readonly Transfer[] {
    return [...this.#entries.values()].map(({ transfer }) => transfer)
  }

  get(id: TransferId): Transfer | undefined {
    return this.#entries.get(id)?.transfer
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
      this.#dirty.delete(transfer.id)
      this.#removed.add(transfer.id)
      this.#tellSoon()
    }
  }

  status(): QueueStatus {
    const speed = speedOf(this.#samples, this.#options.now())
    const running = this.#lanes.running
    return this.#blocked ? { speed, running, blocked: this.#blocked } : { speed, running }
  }

  /** Somebody signed in, or the network is back: go on. */
  unblock(): void {
    clearTimeout(this.#unblock)
    this.#blocked = undefined
    this.#tellSoon()
    this.#pump()
  }

  /** Stops everything where it is; nothing is told any more. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#tell)
    clearTimeout(this.#unblock)
    for (const entry of this.#entries.values()) {
      clearTimeout(entry.timer)
      entry.abort?.abort()
    }
  }

  #named(ids: readonly TransferId[]): readonly Entry[] {
    return ids.flatMap((id) => this.#entries.get(id) ?? [])
  }

  #enqueue({ transfer }: Entry): void {
    this.#lanes.push(this.#options.laneOf(transfer.size), transfer.id, hasStarted(transfer.state))
    this.#pump()
  }

  #pump(): void {
    while (!this.#stopped && !this.#blocked) {
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
    this.#tellSoon()
    // Cancelled and asked for again, or due again, before this run had ended.
    if (entry.transfer.state.status === 'queued') this.#enqueue(entry)
    else this.#pump()
  }

  /** An event from a running transfer; some say something about all of them. */
  #hear(entry: Entry, event: TransferEvent): void {
    if (event.type === 'sending') this.#measure(entry, event.progress.sent)
    if (event.type === 'failed' && isAccountFailure(event.failure)) {
      this.#block({ reason: 'signed-out' })
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
      this.#block({ reason: 'offline', until: state.retryAt })
    if (state.status === 'waiting' && event.failure.code === 'rate-limited')
      this.#block({ reason: 'rate-limited', until: state.retryAt })
    if (state.status === 'failed' && event.failure.code === 'offline') this.#failRest(event)
  }

  /** Headless, a network that stays away ends the run: the rest would only wait as long again, each. */
  #failRest(event: TransferEvent & { type: 'failed' }): void {
    for (const entry of this.#entries.values()) {
      this.#apply(entry, { type: 'gave-up', failure: event.failure, now: event.now })
      entry.abort?.abort()
    }
  }

  #block(blocked: NonNullable<QueueStatus['blocked']>): void {
    // Only somebody signing in ends that; a dead network on top of it changes nothing.
    if (this.#blocked?.reason === 'signed-out') return
    clearTimeout(this.#unblock)
    this.#blocked = blocked
    const { until } = blocked
    if (until !== undefined) {
      this.#schedule(
        until,
        (timer) => (this.#unblock = timer),
        () => this.unblock(),
      )
    }
    this.#tellSoon()
  }

  #apply(entry: Entry, event: TransferEvent): void {
    const before = entry.transfer.state
    const state = advance(before, event, this.#options.retry)
    if (state === before) return
    const size = entry.carry.identity?.size ?? entry.transfer.size
    entry.transfer = { ...entry.transfer, size, state }
    clearTimeout(entry.timer)
    entry.timer = undefined
    if (state.status === 'waiting') {
      this.#schedule(
        state.retryAt,
        (timer) => (entry.timer = timer),
        () => this.#apply(entry, { type: 'came-due' }),
      )
    }
    if (state.status === 'queued') this.#enqueue(entry)
    if (isFinal(state)) this.#open.delete(openKey(entry.transfer.path, entry.to))
    if (!isRunning(state)) entry.lastSent = 0
    this.#changed(entry.transfer.id)
  }

  /** At a time that may be further ahead than a timer of Node's reaches. */
  #schedule(at: number, keep: (timer: NodeJS.Timeout) => unknown, then: () => void): void {
    const waitMs = at - this.#options.now()
    const timer = setTimeout(
      () => {
        if (waitMs > MAX_TIMER_MS) this.#schedule(at, keep, then)
        else then()
      },
      Math.min(MAX_TIMER_MS, Math.max(0, waitMs)),
    )
    keep(timer)
  }

  #measure(entry: Entry, sent: number): void {
    const bytes = sent - entry.lastSent
    entry.lastSent = sent
    if (bytes > 0) this.#samples = observe(this.#samples, { at: this.#options.now(), bytes })
  }

  #changed(id: TransferId): void {
    this.#dirty.add(id)
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (this.#stopped) return
    this.#tell ??= setTimeout(() => {
      this.#tell = undefined
      this.#tellNow()
    }, TELL_EVERY_MS)
  }

  #tellNow(): void {
    const changed = this.#named([...this.#dirty]).map(({ transfer }) => transfer)
    const removed = [...this.#removed]
    this.#dirty.clear()
    this.#removed.clear()
    if (changed.length > 0 || removed.length > 0) this.#options.onChange({ changed, removed })
    const status = this.status()
    this.#options.onStatus(status)
    // A speed fades to zero by itself, and whoever shows it should see that.
    if (status.running > 0 || status.speed > 0) this.#tellSoon()
  }
}

function isAccountFailure({ code }: Failure): boolean {
  return code === 'signed-out' || code === 'unauthorized' || code === 'token-limit'
}

function openKey(path: string, to: Destination): string {
  return [path, to.rootID, ...to.folders, to.name].join('\0')
}
