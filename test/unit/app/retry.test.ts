import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '#app/errors'
import { APP_RETRY, backoffMs, CLI_RETRY, decideRetry, FIRST_TRY, startsOver } from '#app/retry'
import { failure } from '#test/builders'

type Fate = 'the same step again' | 'the whole file again' | 'never again'

/** A record, so that a new code does not compile until somebody has decided about it. */
const FATES: Record<ErrorCode, Fate> = {
  offline: 'the same step again',
  'proxy-failed': 'the same step again',
  'connection-lost': 'the same step again',
  interrupted: 'the same step again',
  timeout: 'the same step again',
  'slow-uplink': 'the same step again',
  'rate-limited': 'the same step again',
  server: 'the same step again',
  'malformed-answer': 'the same step again',
  busy: 'the same step again',
  verifying: 'the same step again',
  'file-locked': 'the same step again',
  'name-clash': 'never again',
  'file-changed': 'the whole file again',
  integrity: 'the whole file again',
  'upload-expired': 'the whole file again',
  'parent-missing': 'the whole file again',
  'file-missing': 'never again',
  'file-unreadable': 'never again',
  'file-unwritable': 'never again',
  'not-a-file': 'never again',
  'file-too-large': 'never again',
  'folder-unreadable': 'never again',
  'name-blank': 'never again',
  'name-encoding': 'never again',
  'name-too-long': 'never again',
  'name-character': 'never again',
  'insecure-server': 'never again',
  'verify-timeout': 'never again',
  'name-taken': 'never again',
  'name-refused': 'never again',
  'not-found': 'never again',
  'quota-exceeded': 'never again',
  'traffic-exhausted': 'never again',
  refused: 'never again',
  ambiguous: 'never again',
  'other-account': 'never again',
  'queue-set-aside': 'never again',
  'signed-out': 'never again',
  unauthorized: 'never again',
  'token-limit': 'never again',
  'credentials-refused': 'never again',
  'keychain-unavailable': 'never again',
  cancelled: 'never again',
  'invalid-argument': 'never again',
  'data-folder-held': 'never again',
  'data-folder-unusable': 'never again',
  'update-untrusted': 'never again',
  'update-unreachable': 'never again',
  'update-older': 'never again',
  'update-cut': 'never again',
  'update-unwritable': 'never again',
  'update-not-installed': 'never again',
  internal: 'never again',
}

// The keys are the record's.
const codes = Object.keys(FATES) as ErrorCode[]
const policies = fc.constantFrom(APP_RETRY, CLI_RETRY)
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test.each(codes.map((code) => ({ code, fate: FATES[code] })))('after $code: $fate', ({ code, fate }) => {
  const decision = decideRetry(failure(code), FIRST_TRY, CLI_RETRY, 0.5)
  expect(startsOver(code)).toBe(fate === 'the whole file again')
  if (fate === 'never again') expect(decision).toEqual({ kind: 'give-up' })
  else
    expect(decision).toMatchObject({
      kind: 'again',
      tries: fate === 'the same step again' ? { attempt: 1, restarts: 0 } : { attempt: 0, restarts: 1 },
    })
})

describe('how often', () => {
  const tryUntilGivenUp = (code: ErrorCode, policy = APP_RETRY): number => {
    let tries = FIRST_TRY
    for (let runs = 1; runs < 100; runs++) {
      const decision = decideRetry(failure(code), tries, policy, 0)
      if (decision.kind === 'give-up') return runs
      tries = decision.tries
    }
    return Infinity
  }

  test.each([
    { name: 'a server that fails, in the app', code: 'server', policy: APP_RETRY, runs: 8 },
    { name: 'a server that fails, headless', code: 'server', policy: CLI_RETRY, runs: 6 },
    { name: 'no network, headless', code: 'offline', policy: CLI_RETRY, runs: 6 },
    { name: 'no network, in the app: waited out', code: 'offline', policy: APP_RETRY, runs: Infinity },
    { name: 'no proxy, headless', code: 'proxy-failed', policy: CLI_RETRY, runs: 6 },
    { name: 'no proxy, in the app: waited out', code: 'proxy-failed', policy: APP_RETRY, runs: Infinity },
    { name: 'a file that keeps changing', code: 'file-changed', policy: APP_RETRY, runs: 4 },
    { name: 'bytes that arrive damaged', code: 'integrity', policy: APP_RETRY, runs: 2 },
    { name: 'an upload the platform forgot', code: 'upload-expired', policy: APP_RETRY, runs: 2 },
    { name: 'a folder that is gone', code: 'parent-missing', policy: APP_RETRY, runs: 2 },
  ] as const)('$name: $runs runs in all', ({ code, policy, runs }) => {
    expect(tryUntilGivenUp(code, policy)).toBe(runs)
  })

  test('starting over does not use up the tries of the steps, nor the other way round', () => {
    const afterRestart = decideRetry(failure('integrity'), { attempt: 5, restarts: 0 }, APP_RETRY, 0)
    expect(afterRestart).toMatchObject({ tries: { attempt: 0, restarts: 1 } })
    const afterFailure = decideRetry(failure('server'), { attempt: 0, restarts: 1 }, APP_RETRY, 0)
    expect(afterFailure).toMatchObject({ tries: { attempt: 1, restarts: 1 } })
  })
})

describe('how long', () => {
  test.each([
    { attempt: 0, least: 500, most: 1000 },
    { attempt: 1, least: 1000, most: 2000 },
    { attempt: 4, least: 8000, most: 16_000 },
    { attempt: 6, least: 30_000, most: 60_000 },
    { attempt: 5000, least: 30_000, most: 60_000 },
  ])('the wait before try $attempt is from $least to $most ms', ({ attempt, least, most }) => {
    expect(backoffMs(attempt, APP_RETRY, 0)).toBe(least)
    expect(backoffMs(attempt, APP_RETRY, 1 - Number.EPSILON)).toBe(most)
  })

  test('never more than the cap, never less than half the base, and never less than the step before', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2000 }), policies, random, (attempt, policy, by) => {
        const wait = backoffMs(attempt, policy, by)
        expect(wait).toBeLessThanOrEqual(policy.capMs)
        expect(wait).toBeGreaterThanOrEqual(policy.baseMs / 2)
        expect(backoffMs(attempt + 1, policy, by)).toBeGreaterThanOrEqual(wait)
      }),
    )
  })

  test("the server's Retry-After is honoured, even beyond the cap", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 3_600_000 }),
        fc.nat({ max: 4 }),
        policies,
        random,
        (asked, attempt, policy, by) => {
          const decision = decideRetry(
            failure('rate-limited', { retryAfterMs: asked }),
            { attempt, restarts: 0 },
            policy,
            by,
          )
          expect(decision).toMatchObject({ kind: 'again' })
          if (decision.kind === 'again')
            expect(decision.delayMs).toBe(Math.max(asked, backoffMs(attempt, policy, by)))
        },
      ),
    )
  })

  test('clients thrown out together do not come back together', () => {
    const waits = [0, 0.25, 0.5, 0.75].map((by) => backoffMs(3, APP_RETRY, by))
    expect(new Set(waits).size).toBe(4)
  })
})
