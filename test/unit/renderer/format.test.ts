import { describe, expect, test } from 'vitest'
import {
  durationParts,
  formatAgo,
  formatDay,
  formatDuration,
  formatMoment,
  formatNumber,
  formatPercent,
  formatShare,
  formatSize,
  formatSpeed,
  formatTime,
  formatWeekday,
  WEEK,
} from '../../../renderer/format.ts'

const KB = 1024
const MB = 1024 ** 2
const GB = 1024 ** 3

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1,023 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [418 * KB, '418 KB'],
    [99.9 * KB, '99.9 KB'],
    [99.96 * KB, '100 KB'],
    [999 * KB, '999 KB'],
    [1000 * KB, '1 MB'],
    [52.4 * MB, '52.4 MB'],
    [1.25 * GB, '1.3 GB'],
    [812 * GB, '812 GB'],
    [2048 * GB, '2 TB'],
    [3 * 1024 ** 5, '3 PB'],
    [5000 * 1024 ** 5, '5,000 PB'],
    [-1, '0 B'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes, 'zh-CN')).toBe(text)
    expect(formatSize(bytes, 'en')).toBe(text)
  })

  test('a share is told in the unit of the whole', () => {
    expect(formatShare(1.1 * GB, 1.8 * GB, 'zh-CN')).toBe('1.1 / 1.8 GB')
    expect(formatShare(200 * KB, 1.8 * GB, 'zh-CN')).toBe('0 / 1.8 GB')
    expect(formatShare(0, 0, 'en')).toBe('0 / 0 B')
  })

  test('a share is never more than the whole', () => {
    expect(formatShare(3 * MB, 2 * MB, 'en')).toBe('2 / 2 MB')
  })

  test('speeds are sizes a second', () => {
    expect(formatSpeed(5.2 * MB, 'zh-CN')).toBe('5.2 MB/s')
    expect(formatSpeed(0.4, 'en')).toBe('0 B/s')
  })
})

describe('numbers', () => {
  test('are grouped', () => {
    expect(formatNumber(15000, 'zh-CN')).toBe('15,000')
  })

  test('a percentage is never 100 before it is', () => {
    expect(formatPercent(0.999, 'en')).toBe('99%')
    expect(formatPercent(1, 'zh-CN')).toBe('100%')
  })
})

describe('durations', () => {
  test.each([
    [0, '1 秒', '1 sec'],
    [8000, '8 秒', '8 sec'],
    [59_001, '1 分钟', '1 min'],
    [134_000, '2 分钟 14 秒', '2 min 14 sec'],
    [3_600_000, '1 小时', '1 hr'],
    [5_400_000, '1 小时 30 分钟', '1 hr 30 min'],
    [26 * 3_600_000, '1 天 2 小时', '1 day 2 hr'],
  ])('%d ms', (ms, zh, en) => {
    expect(formatDuration(ms, 'zh-CN')).toBe(zh)
    expect(formatDuration(ms, 'en')).toBe(en)
  })

  test('come in parts, so that a display can size them', () => {
    expect(durationParts(134_000, 'zh-CN')).toEqual([
      { value: '2', unit: '分钟' },
      { value: '14', unit: '秒' },
    ])
  })
})

describe('moments', () => {
  const now = new Date(2026, 10, 23, 20, 2, 52).getTime()

  test('how long ago', () => {
    expect(formatAgo(3 * 60_000, 'zh-CN')).toBe('3 分钟前')
    expect(formatAgo(7_200_000, 'zh-CN')).toBe('2 小时前')
    expect(formatAgo(86_400_000, 'zh-CN')).toBe('昨天')
    expect(formatAgo(60_000, 'en')).toBe('1 minute ago')
  })

  test('a day has its year only when it is another one', () => {
    expect(formatDay(new Date(2026, 11, 20).getTime(), now, 'zh-CN')).toBe('12 月 20 日')
    expect(formatDay(new Date(2027, 0, 3).getTime(), now, 'zh-CN')).toBe('2027/1/3')
    expect(formatDay(new Date(2026, 11, 20).getTime(), now, 'en')).toBe('Dec 20')
    expect(formatDay(new Date(2027, 1, 21).getTime(), now, 'en')).toBe('Feb 21, 2027')
  })

  test('a time of day has its day only when it is another one', () => {
    const soon = new Date(2026, 10, 23, 23, 5).getTime()
    const tomorrow = new Date(2026, 10, 24, 0, 30).getTime()
    expect(formatTime(soon, now, 'zh-CN')).toBe('23:05')
    expect(formatTime(soon, now, 'en').replace(/\s/u, ' ')).toBe('11:05 PM')
    expect(formatTime(tomorrow, now, 'zh-CN')).toBe('11 月 24 日 00:30')
  })

  test('a week begins on Monday', () => {
    expect(WEEK.map((day) => formatWeekday(day, 'narrow', 'zh-CN')).join('')).toBe('一二三四五六日')
    expect(formatWeekday(0, 'long', 'en')).toBe('Sunday')
  })

  test('a moment is whole', () => {
    expect(formatMoment(now, 'zh-CN')).toBe('2026 年 11 月 23 日 20:02:52')
  })
})
