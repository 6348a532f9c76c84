import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLI_RETRY } from '#app/retry'
import { advance, isFinal, QUEUED, type Transfer } from '#app/transfer'
import { linesFor, summarize, type ReportLine } from '#main/cli/report'
import * as a from '#test/builders'
import { anyTransferEvent } from '#test/arbitraries'

const seen = (state: Transfer['state']) => a.transfer(state)
const started = {
  event: 'started',
  id: 'transfer-1',
  path: '/home/li/照片/a.raw',
  remotePath: '/照片/a.raw',
  size: 100,
}
const progress = (phase: string, bytes: number) => ({
  event: 'progress',
  id: 'transfer-1',
  phase,
  bytes,
  size: 100,
})
const finished = {
  event: 'finished',
  id: 'transfer-1',
  path: '/home/li/照片/a.raw',
  remotePath: '/照片/a.raw',
  fileID: 1758176091289,
  size: 100,
  md5: '4b5c549c4abd0a079caf92d6cad24127',
  method: 'sliced',
}
const failedLine = (code: string, message: string) => ({
  event: 'failed',
  id: 'transfer-1',
  path: '/home/li/照片/a.raw',
  code,
  message,
})

describe('the lines between two looks at a file', () => {
  test.each([
    { name: 'queued: nothing yet', before: undefined, after: a.queued(), lines: [] },
    { name: 'begun', before: a.queued(), after: a.hashing(10), lines: [started, progress('hashing', 10)] },
    {
      name: 'hashing goes on',
      before: a.hashing(10),
      after: a.hashing(20),
      lines: [progress('hashing', 20)],
    },
    { name: 'between hashing and uploading', before: a.hashing(100), after: a.creating(), lines: [] },
    { name: 'uploading', before: a.creating(), after: a.uploading(32), lines: [progress('uploading', 32)] },
    {
      name: 'completing',
      before: a.uploading(100),
      after: a.completing(),
      lines: [progress('completing', 100)],
    },
    { name: 'done', before: a.completing(), after: a.done(), lines: [finished] },
    { name: 'done between two looks', before: a.queued(), after: a.done(), lines: [started, finished] },
    { name: 'done before the first look', before: undefined, after: a.done(), lines: [started, finished] },
    {
      name: 'instant',
      before: a.creating(),
      after: a.done({ method: 'instant' }),
      lines: [{ ...finished, method: 'instant' }],
    },
    {
      name: 'there already, which is instant to a script',
      before: a.creating(),
      after: a.done({ method: 'present' }),
      lines: [{ ...finished, method: 'instant' }],
    },
    { name: 'waiting for another try', before: a.uploading(5), after: a.waiting(), lines: [] },
    {
      name: 'begun again after a wait: it was started before',
      before: a.queued({ attempt: 1, restarts: 0 }),
      after: a.hashing(10, { attempt: 1, restarts: 0 }),
      lines: [progress('hashing', 10)],
    },
    {
      name: 'failed',
      before: a.uploading(5),
      after: a.failed('quota-exceeded'),
      lines: [failedLine('quota-exceeded', 'what happened: quota-exceeded')],
    },
    {
      name: 'cancelled',
      before: a.uploading(5),
      after: a.cancelled(),
      lines: [failedLine('cancelled', 'Cancelled')],
    },
  ])('$name', ({ before, after, lines }) => {
    expect(linesFor(before && seen(before), seen(after))).toEqual(lines)
  })

  test('nothing new: what has ended is not told twice', () => {
    const end = seen(a.done())
    expect(linesFor(end, { ...end })).toEqual([])
    // As another process tells it.
    expect(linesFor(end, structuredClone(end))).toEqual([])
  })
})

test('whatever becomes of a file and however rarely it is looked at: one `started` first, one last line at the end', () => {
  const history = fc.array(fc.record({ event: anyTransferEvent, look: fc.boolean() }), { maxLength: 40 })
  fc.assert(
    fc.property(history, (steps) => {
      let before: Transfer | undefined
      let now = seen(QUEUED)
      const lines: ReportLine[] = []
      const look = (): void => {
        lines.push(...linesFor(before, now))
        before = now
      }
      for (const { event, look: looks } of steps) {
        // Nobody asks for a retry in a headless run, and it ends when the account is gone.
        if (event.type === 'retried' || event.type === 'interrupted') continue
        now = { ...now, state: advance(now.state, event, CLI_RETRY) }
        if (looks) look()
      }
      look()
      const kinds = lines.map(({ event }) => event)
      expect(kinds.slice(1)).not.toContain('started')
      if (kinds.length > 0) expect(kinds[0]).toBe('started')
      const ends = kinds.filter((kind) => kind === 'finished' || kind === 'failed')
      expect(ends.length).toBe(isFinal(now.state) && now.state.status !== 'skipped' ? 1 : 0)
      if (ends.length > 0) expect(kinds.at(-1)).toBe(ends[0])
    }),
    { numRuns: 1000 },
  )
})

test('the summary counts each file once, and what was passed over and refused', () => {
  const transfers = [
    a.transfer(a.done({ sentBytes: 120 }), { size: 100 }),
    a.transfer(a.done({ method: 'instant', sentBytes: 0 }), { size: 50 }),
    a.transfer(a.done({ method: 'present', sentBytes: 0 }), { size: 7 }),
    a.transfer(a.skipped()),
    a.transfer(a.failed()),
    a.transfer(a.cancelled()),
    a.transfer(a.waiting()),
  ]
  expect(summarize(transfers, 2, 1, 1234)).toEqual({
    finished: 3,
    instant: 2,
    skipped: 3,
    failed: 4,
    bytes: 157,
    sentBytes: 120,
    ms: 1234,
  })
})
