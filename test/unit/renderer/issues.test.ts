import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '#app/errors'
import type { Problem } from '#app/ipc'
import type { Transfer, TransferState } from '#app/transfer'
import { isIssue, issuesOf, paths, transferIds } from '../../../renderer/issues.ts'
import { done, failed, id, paused, skipped, transfer, waiting } from './samples.ts'

const problem = (path: string, code: ErrorCode = 'not-a-file', detail?: string): Problem => ({
  path,
  named: false,
  at: 1,
  failure: { code, message: '', ...(detail === undefined ? {} : { detail }) },
})
const failedFor = (name: string, code: ErrorCode, detail?: string): Transfer =>
  transfer(name, {
    status: 'failed',
    finishedAt: 0,
    failure: { code, message: 'for support', traceId: 'T', ...(detail === undefined ? {} : { detail }) },
  })

test.each<[string, TransferState, boolean]>([
  ['failed', failed(), true],
  ['waits for room', waiting('quota-exceeded'), true],
  ['waits for the server', waiting('server'), false],
  ['is paused', paused, false],
  ['is done', done(), false],
  ['was skipped, as was wanted', skipped, false],
])('one that %s', (_name, state, expected) => {
  expect(isIssue(transfer('a', state))).toBe(expected)
})

describe('issues', () => {
  test('are grouped by cause, whatever they are, and no cause is there twice', () => {
    const issues = issuesOf(
      undefined,
      [failedFor('a', 'file-unreadable'), failedFor('b', 'timeout'), failedFor('c', 'file-unreadable')],
      [problem('/p', 'file-unreadable'), problem('/q')],
    )
    expect(issues.map(({ code, affected }) => [code, affected.length])).toEqual([
      ['file-unreadable', 3],
      ['timeout', 1],
      ['not-a-file', 1],
    ])
    expect(transferIds(issues[0]?.affected ?? [])).toEqual([id('a'), id('c')])
    expect(paths(issues[0]?.affected ?? [])).toEqual(['/p'])
  })

  test('begin with what holds up everything; what was only passed over comes last', () => {
    const issues = issuesOf(
      'proxy',
      [failedFor('a', 'timeout'), transfer('b', waiting('quota-exceeded'))],
      [problem('/p'), problem('/q')],
    )
    expect(issues.map(({ code, standing, remedy }) => `${code} ${standing} ${remedy}`)).toEqual([
      'proxy-failed waiting proxy-settings',
      'timeout given-up retry',
      'quota-exceeded waiting website',
      'not-a-file once dismiss',
    ])
    expect(issues[0]?.affected).toEqual([])
  })

  test('name a detail only if it is everybody’s', () => {
    const same = issuesOf(
      undefined,
      [failedFor('a', 'name-character', ':'), failedFor('b', 'name-character', ':')],
      [],
    )
    expect(same[0]?.failure).toEqual({ code: 'name-character', message: '', detail: ':' })
    const other = issuesOf(
      undefined,
      [failedFor('a', 'name-character', ':'), failedFor('b', 'name-character', '|')],
      [],
    )
    expect(other[0]?.failure).toEqual({ code: 'name-character', message: '' })
  })

  test.each(['rate-limited', undefined] as const)('are none while only %s holds', (blocked) => {
    expect(issuesOf(blocked, [], [])).toEqual([])
  })

  test.each([
    ['signed-out', 'unauthorized', 'sign-in'],
    ['storage', 'data-folder-unusable', 'dismiss'],
    ['offline', 'offline', 'retry'],
  ] as const)('tell why nothing goes up: %s', (blocked, code, remedy) => {
    expect(issuesOf(blocked, [], [])).toMatchObject([{ code, remedy, affected: [] }])
  })

  test('a name that is forbidden is no use to retry', () => {
    const [issue] = issuesOf(undefined, [failedFor('a', 'name-too-long', '300')], [])
    expect(issue?.remedy).toBe('show-file')
  })
})
