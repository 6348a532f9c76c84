import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { APP_RETRY, CLI_RETRY } from '#app/retry'
import {
  advance,
  isFinal,
  isRetriable,
  QUEUED,
  sentBytes,
  type TransferEvent,
  type TransferState,
} from '#app/transfer'
import * as a from '#test/builders'
import { anyTransferEvent } from '#test/arbitraries'

const TRIES = { attempt: 2, restarts: 1 }

const STATES: { readonly [S in a.Status]: Extract<TransferState, { status: S }> } = {
  queued: a.queued(TRIES),
  hashing: a.hashing(10, TRIES),
  creating: a.creating(TRIES),
  uploading: a.uploading(32, { tries: TRIES, slicesDone: 2 }),
  completing: a.completing(TRIES),
  waiting: a.waiting('server', { tries: TRIES }),
  paused: a.paused(TRIES),
  done: a.done(),
  skipped: a.skipped(),
  failed: a.failed(),
  cancelled: a.cancelled(),
}

const RESULT = { fileID: 7, method: 'single', md5: 'abc', sentBytes: 3 } as const
const NOW = 100_000

const EVENTS: { readonly [T in TransferEvent['type']]: Extract<TransferEvent, { type: T }> } = {
  started: { type: 'started' },
  'hash-progressed': { type: 'hash-progressed', hashed: 20 },
  hashed: { type: 'hashed' },
  sending: { type: 'sending', progress: { sent: 40, slicesDone: 2, slices: 4 } },
  'sent-all': { type: 'sent-all' },
  finished: { type: 'finished', result: RESULT, now: NOW },
  skipped: { type: 'skipped', failure: a.failure('name-taken'), now: NOW },
  failed: { type: 'failed', failure: a.failure('name-taken'), now: NOW, random: 0 },
  'gave-up': { type: 'gave-up', failure: a.failure('offline'), now: NOW },
  interrupted: { type: 'interrupted' },
  'came-due': { type: 'came-due' },
  paused: { type: 'paused', until: 7 },
  resumed: { type: 'resumed' },
  retried: { type: 'retried' },
  cancelled: { type: 'cancelled', now: NOW },
}

const whileRunning = (next: TransferState) => ({
  hashing: next,
  creating: next,
  uploading: next,
  completing: next,
})
const ended = { finishedAt: NOW }
const gaveUp: TransferState = { status: 'failed', failure: a.failure('offline'), ...ended }
const cancelled: TransferState = { status: 'cancelled', ...ended }
const paused: TransferState = { status: 'paused', tries: { attempt: 0, restarts: 1 }, until: 7 }
const onTheWay: TransferState = { status: 'uploading', tries: TRIES, sent: 40, slicesDone: 2, slices: 4 }

/** What each event makes of each state; where nothing stands, the event does not apply. */
const NEXT: { readonly [T in TransferEvent['type']]: { readonly [S in a.Status]?: TransferState } } = {
  started: { queued: a.hashing(0, TRIES) },
  'hash-progressed': { hashing: a.hashing(20, TRIES) },
  hashed: { hashing: a.creating(TRIES) },
  sending: { creating: onTheWay, uploading: onTheWay },
  'sent-all': { creating: a.completing(TRIES), uploading: a.completing(TRIES) },
  finished: whileRunning({ status: 'done', ...RESULT, ...ended }),
  skipped: whileRunning({ status: 'skipped', failure: a.failure('name-taken'), ...ended }),
  failed: whileRunning({ status: 'failed', failure: a.failure('name-taken'), ...ended }),
  'gave-up': { queued: gaveUp, ...whileRunning(gaveUp), waiting: gaveUp, paused: gaveUp },
  interrupted: whileRunning(a.queued(TRIES)),
  'came-due': { waiting: a.queued(TRIES) },
  paused: { queued: paused, ...whileRunning(paused), waiting: paused, paused },
  resumed: { paused: a.queued(TRIES) },
  retried: { waiting: QUEUED, failed: QUEUED, skipped: QUEUED, cancelled: QUEUED },
  cancelled: { queued: cancelled, ...whileRunning(cancelled), waiting: cancelled, paused: cancelled },
}

// The keys are those of the records above.
const statuses = Object.keys(STATES) as a.Status[]
const types = Object.keys(EVENTS) as TransferEvent['type'][]
const cells = types.flatMap((type) => statuses.map((status) => ({ type, status, next: NEXT[type][status] })))

describe('every event in every state', () => {
  test.each(cells.filter(({ next }) => next))('$status, $type', ({ type, status, next }) => {
    expect(advance(STATES[status], EVENTS[type], APP_RETRY)).toEqual(next)
  })

  test.each(cells.filter(({ next }) => !next))(
    '$status, $type: nothing happens, it is the same object',
    ({ type, status }) => {
      expect(advance(STATES[status], EVENTS[type], APP_RETRY)).toBe(STATES[status])
    },
  )
})

describe('the count of failures in a row', () => {
  const event = (slicesDone: number): TransferEvent => ({
    type: 'sending',
    progress: { sent: 64, slicesDone, slices: 4 },
  })

  test('starts anew when the platform acknowledges a slice; restarts are never forgotten', () => {
    expect(advance(STATES.uploading, event(3), APP_RETRY)).toMatchObject({
      tries: { attempt: 0, restarts: 1 },
    })
  })

  test('stays while bytes are merely on the wire', () => {
    expect(advance(STATES.uploading, event(2), APP_RETRY)).toMatchObject({ tries: TRIES })
  })

  test('stays when an attempt goes on where an earlier one stopped: those slices are no news', () => {
    expect(advance(STATES.creating, event(3), APP_RETRY)).toMatchObject({ tries: TRIES })
  })

  test('is back at nothing when a person asks for a retry', () => {
    const again = advance(STATES.waiting, { type: 'retried' }, APP_RETRY)
    expect(again).toMatchObject({ tries: { attempt: 0, restarts: 0 } })
  })
})

describe('a failure while running', () => {
  const fail = (
    failure: ReturnType<typeof a.failure>,
    state: TransferState = STATES.uploading,
    policy = APP_RETRY,
  ) => advance(state, { type: 'failed', failure, now: NOW, random: 0 }, policy)

  test('that may pass makes it wait, with the reason and the time', () => {
    expect(fail(a.failure('server'))).toEqual({
      status: 'waiting',
      tries: { attempt: 3, restarts: 1 },
      failure: a.failure('server'),
      retryAt: NOW + 2000,
    })
  })

  test('does not wait less than the server asked for', () => {
    expect(fail(a.failure('rate-limited', { retryAfterMs: 30_000 }))).toMatchObject({ retryAt: NOW + 30_000 })
  })

  test('that means the file must start over keeps count of the restarts', () => {
    expect(fail(a.failure('file-changed'))).toMatchObject({ tries: { attempt: 0, restarts: 2 } })
  })

  test('by being cancelled is no failure', () => {
    expect(fail(a.failure('cancelled'))).toEqual({ status: 'cancelled', finishedAt: NOW })
  })

  test('too often in a row ends it', () => {
    const last = a.creating({ attempt: APP_RETRY.maxAttempts - 1, restarts: 0 })
    expect(fail(a.failure('server'), last).status).toBe('failed')
  })

  test.each([
    { name: 'the app waits out', policy: APP_RETRY, status: 'waiting' },
    { name: 'a headless run gives up on', policy: CLI_RETRY, status: 'failed' },
  ])('for want of a network that stays away: $name', ({ policy, status }) => {
    const last = a.creating({ attempt: 20, restarts: 0 })
    expect(fail(a.failure('offline'), last, policy).status).toBe(status)
  })
})

describe('whatever happens in whatever order', () => {
  const histories = fc.array(anyTransferEvent, { maxLength: 40 })
  const policies = fc.constantFrom(APP_RETRY, CLI_RETRY)

  test('what has ended stays as it is until somebody asks for a retry, and what is done stays for good', () => {
    fc.assert(
      fc.property(histories, policies, (events, policy) => {
        let state = QUEUED
        for (const event of events) {
          const before = state
          state = advance(state, event, policy)
          if (!isFinal(before) || state === before) continue
          expect(event.type).toBe('retried')
          expect(before.status).not.toBe('done')
          expect(state).toEqual(QUEUED)
        }
      }),
    )
  })

  test('it never waits for another try beyond the policy, nor starts over more than three times', () => {
    fc.assert(
      fc.property(histories, (events) => {
        let state = QUEUED
        for (const event of events) {
          state = advance(state, event, CLI_RETRY)
          if (!('tries' in state)) continue
          expect(state.tries.attempt).toBeLessThan(CLI_RETRY.maxAttempts)
          expect(state.tries.restarts).toBeLessThanOrEqual(3)
        }
      }),
    )
  })
})

test.each([
  { state: STATES.failed, retriable: true },
  { state: STATES.cancelled, retriable: true },
  { state: STATES.skipped, retriable: true },
  { state: STATES.waiting, retriable: true },
  { state: STATES.done, retriable: false },
  { state: STATES.queued, retriable: false },
  { state: STATES.uploading, retriable: false },
])('"retry" is offered for $state.status: $retriable', ({ state, retriable }) => {
  expect(isRetriable(state)).toBe(retriable)
})

test.each([
  { state: STATES.queued, sent: 0 },
  { state: STATES.hashing, sent: 0 },
  { state: STATES.uploading, sent: 32 },
  { state: STATES.completing, sent: 100 },
  { state: STATES.done, sent: 100 },
  { state: STATES.failed, sent: 0 },
])('a bar of 100 bytes stands at $sent while $state.status', ({ state, sent }) => {
  expect(sentBytes(a.transfer(state, { size: 100 }))).toBe(sent)
})
