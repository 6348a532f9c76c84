import { describe, expect, test } from 'vitest'
import { describeFailure, describePair, failureEntries, queueEntry, sessionEntry } from '#app/log'
import { redactForLog } from '#app/redact-log'
import { DEFAULT_SETTINGS } from '#app/settings'
import { summarizeQueue, summarizeSettings } from '#app/summary'
import type { PairStatus } from '#app/sync/pair'
import { done, failed, failure, queued, transfer, waiting } from '#test/builders'

const OFFLINE = { speed: 0, running: 0, blocked: { reason: 'offline' } } as const
const IDLE = { speed: 0, running: 0 }
const PAIR: PairStatus = {
  pair: {
    id: '3f2a9c1b-0000-4000-8000-000000000000' as PairStatus['pair']['id'], // A brand has no constructor.
    localPath: '/home/SECRET',
    remotePath: '/SECRET',
    mode: 'backup',
    replace: 'beside',
    exclude: ['SECRET/'],
    twins: false,
  },
  state: {
    status: 'halted',
    halt: { reason: 'mass-delete', deletions: { files: 3, total: 4, examples: ['SECRET'] } },
  },
  files: 7,
  bytes: 70,
  problems: 2,
  watching: { kind: 'scans', why: 'watch-limit', command: 'SECRET' },
  warnings: [{ kind: 'overlaps', other: 'SECRET' }],
}

test.each([
  { message: 'slice: HTTP 502 SECRET', says: 'server (slice, HTTP 502)' },
  { message: 'create: 5113 SECRET', says: 'server (create, code 5113)' },
  { message: 'upload_complete: -1 SECRET', says: 'server (upload_complete, code -1)' },
  { message: 'ECONNRESET: SECRET', says: 'server (ECONNRESET)' },
  { message: 'Cannot read (EACCES): /home/SECRET', says: 'server' },
  { message: 'SECRET', says: 'server' },
])('of “$message” is said: $says', ({ message, says }) => {
  expect(describeFailure({ code: 'server', message, detail: 'SECRET' })).toBe(says)
})

describe('a line is written', () => {
  test('when the queue comes to a stop and goes on, not at each change of speed', () => {
    expect(queueEntry(undefined, IDLE)).toBeUndefined()
    expect(queueEntry(IDLE, { ...IDLE, speed: 7, running: 3 })).toBeUndefined()
    expect(queueEntry(IDLE, OFFLINE)).toMatchObject({ level: 'warn', text: 'blocked, offline' })
    expect(queueEntry(OFFLINE, { ...OFFLINE, paused: {} })?.text).toBe('blocked, offline; paused')
    expect(queueEntry(OFFLINE, IDLE)).toMatchObject({ level: 'info', text: 'goes on' })
    const setAside = { reason: 'damaged', path: '/SECRET' } as const
    expect(queueEntry(undefined, { ...IDLE, setAside })?.text).toBe('an earlier queue is set aside, damaged')
  })

  test('when somebody signs in or out, without their name', () => {
    const account = { uid: 'SECRET', nickname: 'SECRET', usedBytes: 1, totalBytes: 2, vip: true }
    const inside = { status: 'signed-in', kept: 'keychain', account } as const
    expect(sessionEntry(undefined, inside)?.text).toBe('signed in (keychain)')
    expect(sessionEntry(inside, { ...inside, expiresAt: 5 })).toBeUndefined()
    const lost = { status: 'signed-out', reason: failure('unauthorized') } as const
    expect(sessionEntry(inside, lost)).toMatchObject({ level: 'warn', text: 'signed out, unauthorized' })
  })

  test('for a pair that has come to rest, by the beginning of its id', () => {
    expect(describePair(PAIR)).toBe('pair 3f2a9c1b (backup): halted, mass-delete')
    expect(describePair({ ...PAIR, state: { status: 'synced' } })).toBe(
      'pair 3f2a9c1b (backup): in step, problems 2',
    )
    expect(describePair({ ...PAIR, state: { status: 'scanning' } })).toBeUndefined()
  })

  test('for failures, one a cause', () => {
    const transfers = [failed('refused'), waiting('offline'), failed('refused'), done(), queued()].map(
      (state) => transfer(state, { path: '/home/SECRET' }),
    )
    expect(failureEntries(transfers).map(({ text }) => text)).toEqual([
      'failed: refused x 2',
      'waiting: offline',
    ])
  })

  test('that the redaction leaves as it is', () => {
    const texts = [
      describeFailure({ code: 'server', message: 'upload_complete: HTTP 502 x' }),
      describePair(PAIR) ?? '',
      'failed: refused x 2',
      'blocked, signed-out; paused',
    ]
    for (const text of texts) expect(redactForLog(text, ['root', '/root'])).toBe(text)
  })
})

test('what goes to support of queue and pairs is numbers and codes', () => {
  const transfers = [failed('refused'), failed('refused'), waiting('offline'), done()].map((state) =>
    transfer(state, { path: '/home/SECRET', remotePath: '/SECRET' }),
  )
  const problems = [{ path: '/SECRET', named: true, failure: failure('not-a-file'), at: 0 }]
  const failures = [failure('name-clash', { detail: 'SECRET' }), failure('name-clash')]
  const summary = summarizeQueue(transfers, OFFLINE, problems, [{ status: PAIR, failures }])
  expect(summary).toEqual({
    transfers: 4,
    byState: { failed: 2, waiting: 1, done: 1 },
    byFailure: { refused: 2, offline: 1 },
    blocked: 'offline',
    paused: false,
    skipped: { 'not-a-file': 1 },
    pairs: [
      {
        mode: 'backup',
        replace: 'beside',
        state: 'halted',
        halted: 'mass-delete',
        files: 7,
        bytes: 70,
        problems: { 'name-clash': 2 },
        rules: 1,
        watching: 'scans, watch-limit',
        warnings: ['overlaps'],
      },
    ],
  })
  expect(JSON.stringify(summary)).not.toContain('SECRET')
})

test('what goes to support of the settings is no text of a person, and no host of theirs', () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    destination: '/SECRET',
    exclude: ['SECRET/', '*.SECRET'],
    proxy: { kind: 'manual', protocol: 'http', host: 'SECRET.example', port: 8443, username: 'SECRET' },
  } as const
  expect(JSON.stringify(summarizeSettings(settings))).not.toMatch(/SECRET|8443/u)
  expect(summarizeSettings(settings)).toMatchObject({
    destination: 'chosen',
    proxy: { kind: 'manual', protocol: 'http', username: true },
    ignoreRules: 2,
    introduced: false,
  })
})
