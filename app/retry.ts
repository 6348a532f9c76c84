import type { ErrorCode, Failure } from './errors.ts'

/** How often we have tried: `attempt` starts anew whenever bytes moved, `restarts` never does. */
export interface Tries {
  /** Failures in a row without a byte acknowledged in between. */
  readonly attempt: number
  /** Times the whole file had to start over (it changed, or arrived damaged). */
  readonly restarts: number
}

export interface RetryPolicy {
  readonly maxAttempts: number
  readonly baseMs: number
  readonly capMs: number
  /** Whether a dead network counts as attempts (headless) or is waited out (the app). */
  readonly offline: 'counts' | 'is-waited-out'
  /** When to ask again whether a file fits that did not; without it the file fails at once (headless). */
  readonly parkMs?: number
}

export const APP_RETRY: RetryPolicy = {
  maxAttempts: 8,
  baseMs: 1000,
  capMs: 60_000,
  offline: 'is-waited-out',
  parkMs: 2 * 60_000,
}
export const CLI_RETRY: RetryPolicy = { maxAttempts: 6, baseMs: 1000, capMs: 20_000, offline: 'counts' }

export const FIRST_TRY: Tries = { attempt: 0, restarts: 0 }

/** Failures after which the same step may simply be tried again. */
const TRANSIENT = {
  offline: true,
  'proxy-failed': true,
  'connection-lost': true,
  interrupted: true,
  'file-locked': true,
  timeout: true,
  'slow-uplink': true,
  'rate-limited': true,
  server: true,
  'malformed-answer': true,
  busy: true,
  verifying: true,
} as const satisfies Partial<Record<ErrorCode, true>>

/** Failures after which the file must start from its first byte, and how many times that is worth it (design 3.6, 3.7). */
const RESTARTS = {
  'file-changed': 3,
  integrity: 1,
  'upload-expired': 1,
  'parent-missing': 1,
} as const satisfies Partial<Record<ErrorCode, number>>

type TransientCode = keyof typeof TRANSIENT
type RestartCode = keyof typeof RESTARTS

/** After these the queue tries again by itself, and there are words for the time until then. */
export type RetriedCode = TransientCode | RestartCode | 'quota-exceeded'

export type RetryDecision =
  { readonly kind: 'give-up' } | { readonly kind: 'again'; readonly delayMs: number; readonly tries: Tries }

export function isTransient(code: ErrorCode): code is TransientCode {
  return Object.hasOwn(TRANSIENT, code)
}

/** The queue tries it again by itself. */
export function isRetried(code: ErrorCode): code is RetriedCode {
  return isTransient(code) || startsOver(code) || code === 'quota-exceeded'
}

/** Nothing gets through to anybody: no file's fault, and all of them wait for the same thing. */
export function isAway(code: ErrorCode): code is 'offline' | 'proxy-failed' {
  return code === 'offline' || code === 'proxy-failed'
}

/** Whether a failure means that what was sent so far is worth nothing. */
export function startsOver(code: ErrorCode): code is RestartCode {
  return Object.hasOwn(RESTARTS, code)
}

/** `random` is in [0, 1): it spreads out the clients that were thrown out together. */
export function decideRetry(
  failure: Failure,
  tries: Tries,
  policy: RetryPolicy,
  random: number,
): RetryDecision {
  if (startsOver(failure.code)) {
    if (tries.restarts >= RESTARTS[failure.code]) return { kind: 'give-up' }
    return {
      kind: 'again',
      delayMs: backoffMs(tries.restarts, policy, random),
      tries: { attempt: 0, restarts: tries.restarts + 1 },
    }
  }
  if (failure.code === 'quota-exceeded' && policy.parkMs !== undefined)
    return { kind: 'again', delayMs: policy.parkMs, tries: { ...tries, attempt: 0 } }
  if (!isTransient(failure.code)) return { kind: 'give-up' }
  const waitedOut = isAway(failure.code) && policy.offline === 'is-waited-out'
  if (tries.attempt + 1 >= policy.maxAttempts && !waitedOut) return { kind: 'give-up' }
  const delayMs = Math.max(failure.retryAfterMs ?? 0, backoffMs(tries.attempt, policy, random))
  return { kind: 'again', delayMs, tries: { attempt: tries.attempt + 1, restarts: tries.restarts } }
}

/** Exponential, capped, with the upper half jittered. */
export function backoffMs(
  attempt: number,
  policy: Pick<RetryPolicy, 'baseMs' | 'capMs'>,
  random: number,
): number {
  const full = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 20))
  return Math.round(full * (0.5 + random / 2))
}
