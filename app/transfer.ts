import { unreachable } from './assert.ts'
import type { ErrorCode, Failure } from './errors.ts'
import { decideRetry, FIRST_TRY, type RetryPolicy, type Tries } from './retry.ts'

export type TransferId = string & { readonly __brand: 'TransferId' }

/** Who asked for it. */
export type Source = 'manual' | 'shell' | 'cli' | 'sync'

/** What to do when a different file already has the name. One with the same size and MD5 always counts as done. */
export type DuplicatePolicy = 'fail' | 'keep-both' | 'overwrite' | 'skip'

/** How the content got there. `present`: a file of that name, size and MD5 was there already. */
export type Method = 'instant' | 'single' | 'sliced' | 'present'

/** One file's upload. */
export interface Transfer {
  readonly id: TransferId
  /** Absolute local path. */
  readonly path: string
  /** Bytes, as last seen. */
  readonly size: number
  /** Where it goes, from the destination's root: `/照片/秋/a.raw`. */
  readonly remotePath: string
  readonly source: Source
  readonly addedAt: number
  /** Those that wait start in ascending order. */
  readonly position: number
  /** File bytes the platform holds of an upload that is not complete: going on does not send them again. */
  readonly keptBytes: number
  /** Why what was sent before counts no more, when the file had to begin anew. */
  readonly startedOver?: ErrorCode
  readonly state: TransferState
}

/** What a running transfer has handed over: slices are counted when acknowledged, `sent` also counts what is on the wire. */
export interface SentSoFar {
  readonly sent: number
  readonly slicesDone: number
  readonly slices: number
}

export type TransferState =
  | { readonly status: 'queued'; readonly tries: Tries }
  | { readonly status: 'hashing'; readonly tries: Tries; readonly hashed: number }
  | { readonly status: 'creating'; readonly tries: Tries }
  | ({ readonly status: 'uploading'; readonly tries: Tries } & SentSoFar)
  | { readonly status: 'completing'; readonly tries: Tries }
  | { readonly status: 'waiting'; readonly tries: Tries; readonly failure: Failure; readonly retryAt: number }
  /** By a person; `until` is when it goes on by itself. */
  | { readonly status: 'paused'; readonly tries: Tries; readonly until?: number }
  | ({ readonly status: 'done'; readonly finishedAt: number } & TransferResult)
  | { readonly status: 'skipped'; readonly failure: Failure; readonly finishedAt: number }
  | { readonly status: 'failed'; readonly failure: Failure; readonly finishedAt: number }
  | { readonly status: 'cancelled'; readonly finishedAt: number }

export interface TransferResult {
  readonly fileID: number
  readonly method: Method
  /** Lower-case hexadecimal. */
  readonly md5: string
  /** File bytes that went over the wire, repeats included. */
  readonly sentBytes: number
}

export type TransferEvent =
  | { readonly type: 'started' }
  | { readonly type: 'hash-progressed'; readonly hashed: number }
  | { readonly type: 'hashed' }
  | { readonly type: 'sending'; readonly progress: SentSoFar }
  | { readonly type: 'sent-all' }
  | { readonly type: 'finished'; readonly result: TransferResult; readonly now: number }
  | { readonly type: 'skipped'; readonly failure: Failure; readonly now: number }
  /** `random` in [0, 1) jitters the wait. */
  | { readonly type: 'failed'; readonly failure: Failure; readonly now: number; readonly random: number }
  /** It failed and is not tried again, whatever the failure. */
  | { readonly type: 'gave-up'; readonly failure: Failure; readonly now: number }
  /** Put back through no fault of its own: its thread died, or the account went away. */
  | { readonly type: 'interrupted' }
  | { readonly type: 'came-due' }
  | { readonly type: 'paused'; readonly until?: number }
  | { readonly type: 'resumed' }
  | { readonly type: 'retried' }
  | { readonly type: 'cancelled'; readonly now: number }

export const QUEUED: TransferState = { status: 'queued', tries: FIRST_TRY }

/** The next state, or the same object when the event does not apply in this state. */
export function advance(state: TransferState, event: TransferEvent, policy: RetryPolicy): TransferState {
  switch (event.type) {
    case 'started':
      return state.status === 'queued' ? { status: 'hashing', tries: state.tries, hashed: 0 } : state
    case 'hash-progressed':
      return state.status === 'hashing' ? { ...state, hashed: event.hashed } : state
    case 'hashed':
      return state.status === 'hashing' ? { status: 'creating', tries: state.tries } : state
    case 'sending':
      return sending(state, event.progress)
    case 'sent-all':
      return state.status === 'creating' || state.status === 'uploading'
        ? { status: 'completing', tries: state.tries }
        : state
    case 'finished':
      return isRunning(state) ? { status: 'done', finishedAt: event.now, ...event.result } : state
    case 'skipped':
      return isRunning(state) ? { status: 'skipped', failure: event.failure, finishedAt: event.now } : state
    case 'failed':
      return isRunning(state) ? failed(state.tries, event, policy) : state
    case 'gave-up':
      return isFinal(state) ? state : { status: 'failed', failure: event.failure, finishedAt: event.now }
    case 'interrupted':
      return isRunning(state) ? { status: 'queued', tries: state.tries } : state
    case 'came-due':
      return state.status === 'waiting' ? { status: 'queued', tries: state.tries } : state
    case 'paused':
      return paused(state, event.until)
    case 'resumed':
      return state.status === 'paused' ? { status: 'queued', tries: state.tries } : state
    case 'retried':
      return isRetriable(state) ? QUEUED : state
    case 'cancelled':
      return isFinal(state) ? state : { status: 'cancelled', finishedAt: event.now }
    default:
      return unreachable(event)
  }
}

function sending(state: TransferState, progress: SentSoFar): TransferState {
  if (state.status === 'creating') return { status: 'uploading', tries: state.tries, ...progress }
  if (state.status !== 'uploading') return state
  // Bytes the platform has acknowledged clear the count of failures in a row.
  const moved = progress.slicesDone > state.slicesDone
  return { status: 'uploading', tries: moved ? { ...state.tries, attempt: 0 } : state.tries, ...progress }
}

function paused(state: TransferState, until: number | undefined): TransferState {
  if (isFinal(state)) return state
  // A pause is no failure: what went wrong before it is not held against the file after it.
  const tries = { ...state.tries, attempt: 0 }
  return { status: 'paused', tries, ...(until === undefined ? {} : { until }) }
}

function failed(tries: Tries, event: TransferEvent & { type: 'failed' }, policy: RetryPolicy): TransferState {
  if (event.failure.code === 'cancelled') return { status: 'cancelled', finishedAt: event.now }
  const decision = decideRetry(event.failure, tries, policy, event.random)
  if (decision.kind === 'give-up') return { status: 'failed', failure: event.failure, finishedAt: event.now }
  return {
    status: 'waiting',
    tries: decision.tries,
    failure: event.failure,
    retryAt: event.now + decision.delayMs,
  }
}

export type RunningState = Extract<
  TransferState,
  { status: 'hashing' | 'creating' | 'uploading' | 'completing' }
>
type FinalState = Extract<TransferState, { status: 'done' | 'skipped' | 'failed' | 'cancelled' }>

export function isRunning(state: TransferState): state is RunningState {
  return (
    state.status === 'hashing' ||
    state.status === 'creating' ||
    state.status === 'uploading' ||
    state.status === 'completing'
  )
}

/** Nothing more happens to it unless a person asks. */
export function isFinal(state: TransferState): state is FinalState {
  return (
    state.status === 'done' ||
    state.status === 'skipped' ||
    state.status === 'failed' ||
    state.status === 'cancelled'
  )
}

/** Under way, at an end, or queued for another attempt. */
export function hasStarted(state: TransferState): boolean {
  return state.status !== 'queued' || state.tries.attempt > 0 || state.tries.restarts > 0
}

/** The name itself is what is wrong, and a transfer keeps its name. */
const HOPELESS: ReadonlySet<string> = new Set<ErrorCode>(['name-blank', 'name-too-long', 'name-character'])

/** Whether "retry" means something for it. */
export function isRetriable(state: TransferState): boolean {
  return (
    (state.status === 'failed' && !HOPELESS.has(state.failure.code)) ||
    state.status === 'cancelled' ||
    state.status === 'skipped' ||
    state.status === 'waiting'
  )
}

/** File bytes known to be over there: what a progress bar shows. */
export function sentBytes({ state, size, keptBytes }: Transfer): number {
  switch (state.status) {
    case 'uploading':
      return state.sent
    case 'completing':
    case 'done':
      return size
    default:
      return isFinal(state) ? 0 : keptBytes
  }
}
