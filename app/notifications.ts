import { splitRemote, joinRemote } from './naming.ts'
import type { Problem, QueueStatus, TransfersChange } from './ipc.ts'
import type { Session } from './session.ts'
import type { HaltReason, PairId, PairStatus } from './sync/pair.ts'
import { isFinal, type Transfer, type TransferId } from './transfer.ts'
import { nameOf } from './tray-condition.ts'

/** Something a person may want to hear of while they look elsewhere. */
export type Notification =
  /** Everything they have added has arrived, or all of it that could. */
  | {
      readonly kind: 'finished'
      readonly files: number
      /** One of them; the only one, where there is one. */
      readonly name: string
      /** The cloud folder that all of them are in. */
      readonly folder: string
      readonly localPath: string
    }
  | { readonly kind: 'problems'; readonly count: number }
  /** Folders that are no longer kept in step until somebody has looked. */
  | { readonly kind: 'halted'; readonly folders: readonly string[] }
  | { readonly kind: 'signed-out' }

/** A batch is through when nothing of it has been on its way for so long. */
export const SETTLE_MS = 2000
/** What comes within so long of the first is told with it. */
export const GATHER_MS = 3000
/** However much goes wrong, it is told no more often. */
export const QUIET_MS = 60_000

interface Batch {
  readonly files: number
  readonly name: string
  readonly folder: readonly string[]
  readonly localPath: string
  readonly lastAt: number
  readonly counted: Set<TransferId>
}

/**
 * Decides what a person is told, and when: never a notification a file, never one for what folder sync does by itself, and nothing that
 * an earlier run has left. Times are milliseconds since 1970, and are passed in.
 */
export class Notifications {
  readonly #startedAt: number
  /** Of those that a person has added: not at an end, and not put off by them. */
  readonly #open = new Set<TransferId>()
  /** Failures that are known, by what tells one from the next of the same file. */
  readonly #failed = new Map<TransferId, number | 'waits'>()
  #batch: Batch | undefined
  #settledAt: number | undefined
  /** What finished by then has been told. */
  #toldUntil: number
  #skipped: ReadonlySet<string> = new Set()
  readonly #marks = new Map<PairId, number | undefined>()
  #problems = { count: 0, since: 0 }
  #problemsToldAt = -Infinity
  readonly #halts = new Map<PairId, HaltReason>()
  #halted = { folders: [] as readonly string[], since: 0 }
  #goneSince: number | 'told' | undefined

  constructor(now: number) {
    this.#startedAt = now
    this.#toldUntil = now - 1
  }

  hearTransfers({ changed, removed }: TransfersChange, now: number): void {
    for (const transfer of changed) if (isAPersons(transfer)) this.#hear(transfer, now)
    for (const id of removed) {
      this.#open.delete(id)
      this.#failed.delete(id)
    }
    if (this.#batch && this.#open.size === 0) this.#settledAt ??= now
    else this.#settledAt = undefined
  }

  hearProblems(problems: readonly Problem[], now: number): void {
    const fresh = problems.filter(({ path, at }) => at >= this.#startedAt && !this.#skipped.has(path))
    this.#skipped = new Set(problems.map(({ path }) => path))
    this.#gather(fresh.length, now)
  }

  hearPairs(pairs: readonly PairStatus[], now: number): void {
    for (const status of pairs) {
      this.#hearHalt(status, now)
      this.#hearPairProblems(status, now)
    }
  }

  /** The account has gone away by itself: whoever has signed out knows it. */
  hearAccount(session: Session, { blocked }: Pick<QueueStatus, 'blocked'>, now: number): void {
    const isGone =
      session.status === 'signed-out' ? session.reason !== undefined : blocked?.reason === 'signed-out'
    if (!isGone) this.#goneSince = undefined
    else this.#goneSince ??= now
  }

  /** When there is something to tell; undefined where there is nothing. */
  get nextAt(): number | undefined {
    const times = [this.#finishedAt, this.#problemsAt, this.#haltedAt, this.#goneAt]
    const next = Math.min(...times.map((time) => time ?? Infinity))
    return next === Infinity ? undefined : next
  }

  /** What is due by now. Whoever does not show it has told it all the same. */
  take(now: number): readonly Notification[] {
    const due = (at: number | undefined): boolean => at !== undefined && at <= now
    const told: Notification[] = []
    if (due(this.#finishedAt) && this.#batch) {
      const { files, name, folder, localPath, lastAt } = this.#batch
      told.push({ kind: 'finished', files, name, folder: joinRemote(folder), localPath })
      this.#toldUntil = lastAt
      this.#batch = undefined
      this.#settledAt = undefined
    }
    if (due(this.#problemsAt)) {
      told.push({ kind: 'problems', count: this.#problems.count })
      this.#problems = { count: 0, since: 0 }
      this.#problemsToldAt = now
    }
    if (due(this.#haltedAt)) {
      told.push({ kind: 'halted', folders: this.#halted.folders })
      this.#halted = { folders: [], since: 0 }
    }
    if (due(this.#goneAt)) {
      told.push({ kind: 'signed-out' })
      this.#goneSince = 'told'
    }
    return told
  }

  get #finishedAt(): number | undefined {
    return this.#settledAt === undefined ? undefined : this.#settledAt + SETTLE_MS
  }

  get #problemsAt(): number | undefined {
    const { count, since } = this.#problems
    return count === 0 ? undefined : Math.max(since + GATHER_MS, this.#problemsToldAt + QUIET_MS)
  }

  get #haltedAt(): number | undefined {
    return this.#halted.folders.length === 0 ? undefined : this.#halted.since + GATHER_MS
  }

  get #goneAt(): number | undefined {
    return typeof this.#goneSince === 'number' ? this.#goneSince + GATHER_MS : undefined
  }

  #hear(transfer: Transfer, now: number): void {
    const { id, state } = transfer
    if (isFinal(state) || state.status === 'paused') this.#open.delete(id)
    else this.#open.add(id)
    if (state.status === 'done') this.#count(transfer, state.finishedAt)
    if (state.status === 'failed') this.#note(id, state.finishedAt, now)
    else if (state.status === 'waiting' && state.failure.code === 'quota-exceeded')
      this.#note(id, 'waits', now)
    else if (state.status !== 'waiting' && isFinal(state)) this.#failed.delete(id)
  }

  /** A window that opens has everything told once more: each counts once. */
  #count({ id, path, remotePath }: Transfer, finishedAt: number): void {
    if (finishedAt <= this.#toldUntil || this.#batch?.counted.has(id)) return
    const folder = splitRemote(remotePath).slice(0, -1)
    const before = this.#batch
    this.#batch = {
      files: (before?.files ?? 0) + 1,
      name: nameOf(path),
      folder: before ? shared(before.folder, folder) : folder,
      localPath: path,
      lastAt: Math.max(before?.lastAt ?? 0, finishedAt),
      counted: (before?.counted ?? new Set()).add(id),
    }
  }

  #note(id: TransferId, which: number | 'waits', now: number): void {
    if (this.#failed.get(id) === which) return
    this.#failed.set(id, which)
    if (which === 'waits' || which >= this.#startedAt) this.#gather(1, now)
  }

  #gather(count: number, now: number): void {
    if (count === 0) return
    const { count: before, since } = this.#problems
    this.#problems = { count: before + count, since: before === 0 ? now : since }
  }

  /** A pair that halts looks again every few seconds, and halts again: it is told once, until it has been in step. */
  #hearHalt({ pair, state }: PairStatus, now: number): void {
    if (state.status === 'synced') this.#halts.delete(pair.id)
    if (state.status !== 'halted' || this.#halts.get(pair.id) === state.halt.reason) return
    this.#halts.set(pair.id, state.halt.reason)
    const { folders, since } = this.#halted
    this.#halted = {
      folders: [...folders, nameOf(pair.localPath)],
      since: folders.length === 0 ? now : since,
    }
  }

  /** Counted anew by each look: only more than there ever were since it was last in step are new, and not those of an earlier run. */
  #hearPairProblems({ pair, state, problems, syncedAt }: PairStatus, now: number): void {
    const isKnown = this.#marks.has(pair.id)
    const mark = isKnown ? this.#marks.get(pair.id) : syncedAt === undefined ? 0 : undefined
    const isAtRest = state.status === 'synced'
    if (mark !== undefined) this.#gather(Math.max(0, problems - mark), now)
    this.#marks.set(pair.id, isAtRest ? problems : mark === undefined ? undefined : Math.max(mark, problems))
  }
}

/** Who uploads from a terminal reads it there; what pairs send is their daily work. */
function isAPersons({ source }: Transfer): boolean {
  return source === 'manual' || source === 'shell'
}

function shared(one: readonly string[], other: readonly string[]): readonly string[] {
  const end = one.findIndex((name, at) => name !== other[at])
  return end < 0 ? one : one.slice(0, end)
}
