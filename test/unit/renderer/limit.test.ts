import { describe, expect, test } from 'vitest'
import type { LimitedHours } from '#app/bandwidth'
import { limitNow, parseRate, rateOf, type RateUnit } from '../../../renderer/limit.ts'
import {
  endOf,
  movedUp,
  NEW_HOURS,
  removed,
  replaced,
  shownTime,
  withDay,
} from '../../../renderer/timetable.ts'

const MB = 1024 ** 2

test.each<[string, RateUnit, number | undefined]>([
  ['500', 'KB/s', 500 * 1024],
  ['1.5', 'MB/s', 1.5 * MB],
  [' 2 ', 'MB/s', 2 * MB],
  ['1,5', 'MB/s', 1.5 * MB],
  ['.5', 'MB/s', MB / 2],
  ['1', 'KB/s', 1024],
  ['0.5', 'KB/s', undefined],
  ['0', 'MB/s', undefined],
  ['', 'MB/s', undefined],
  ['-1', 'MB/s', undefined],
  ['1e3', 'KB/s', undefined],
  ['fast', 'KB/s', undefined],
  ['1.2.3', 'KB/s', undefined],
  ['999999', 'MB/s', undefined],
])('“%s” %s', (text, unit, bytes) => {
  expect(parseRate({ text, unit })).toBe(bytes)
})

test.each<[number, string, RateUnit]>([
  [1024, '1', 'KB/s'],
  [500 * 1024, '500', 'KB/s'],
  [MB, '1', 'MB/s'],
  [1.5 * MB, '1.5', 'MB/s'],
  [1_500_000, '1.43', 'MB/s'],
])('%d bytes a second', (bytes, text, unit) => {
  expect(rateOf(bytes)).toEqual({ text, unit })
})

test('the limit that holds now is that of the clock on the wall', () => {
  // A Monday.
  const at = (hours: number): number => new Date(2026, 10, 23, hours, 30).getTime()
  const limit = { bytesPerSecond: 5 * MB, timetable: [NEW_HOURS] }
  expect(limitNow(limit, at(8))).toBe(5 * MB)
  expect(limitNow(limit, at(9))).toBe(MB)
  expect(limitNow({ bytesPerSecond: undefined, timetable: [] }, at(9))).toBeUndefined()
})

describe('the timetable', () => {
  const row = (from: string, to = '18:00'): LimitedHours => ({ ...NEW_HOURS, from, to })
  const table = [row('01:00'), row('02:00'), row('03:00')]
  const starts = (rows: readonly LimitedHours[]): string[] => rows.map(({ from }) => from)

  test('rows change, go, and move up', () => {
    expect(starts(replaced(table, 1, row('09:00')))).toEqual(['01:00', '09:00', '03:00'])
    expect(starts(removed(table, 0))).toEqual(['02:00', '03:00'])
    expect(starts(movedUp(table, 2))).toEqual(['01:00', '03:00', '02:00'])
    expect(starts(movedUp(table, 0))).toEqual(['01:00', '02:00', '03:00'])
  })

  test('days are chosen, and not', () => {
    expect(withDay(NEW_HOURS, 0, true).days).toEqual([0, 1, 2, 3, 4, 5])
    expect(withDay(NEW_HOURS, 1, true).days).toEqual([1, 2, 3, 4, 5])
    expect(withDay(NEW_HOURS, 3, false).days).toEqual([1, 2, 4, 5])
  })

  test.each([
    ['09:00', '18:00', 'same-day'],
    ['22:00', '07:00', 'next-day'],
    ['08:00', '24:00', 'next-day'],
    ['00:00', '24:00', 'all-day'],
    ['07:00', '07:00', 'all-day'],
  ])('%s to %s is %s', (from, to, end) => {
    expect(endOf(row(from, to))).toBe(end)
  })

  test('a field for times knows no 24:00', () => {
    expect([shownTime('24:00'), shownTime('08:15')]).toEqual(['00:00', '08:15'])
  })
})
