import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NO_UP_LIMIT, type UpLimit } from '#app/bandwidth'
import { DriveError } from '#app/errors'
import { Slots } from '#main/transfers/slots'
import { Uplink } from '#main/transfers/uplink'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal
const MONDAY = 1
/** A Monday, local time. */
const monday = (hour: number, minute: number, second = 0): Date => new Date(2026, 0, 5, hour, minute, second)
const OFFICE: UpLimit = {
  bytesPerSecond: 900,
  timetable: [{ days: [MONDAY], from: '08:00', to: '18:00', bytesPerSecond: 100 }],
}

let uplink: Uplink
let slots: Slots
beforeEach(() => {
  vi.useFakeTimers({ now: monday(7, 58, 30) })
  slots = new Slots(3, 0)
  uplink = new Uplink({ slots, limit: NO_UP_LIMIT, stretchMs: 40_000, now: Date.now })
})
afterEach(() => {
  uplink.stop()
  vi.useRealTimers()
})

describe('the timetable', () => {
  test('is followed to the minute, and to what it says after that', () => {
    uplink.setLimit(OFFICE)
    expect(uplink.throttle.limit).toBe(900)
    vi.advanceTimersByTime(89_999)
    expect(uplink.throttle.limit).toBe(900)
    vi.advanceTimersByTime(1)
    expect(uplink.throttle.limit).toBe(100)
    vi.advanceTimersByTime(10 * 3600_000)
    expect(uplink.throttle.limit).toBe(900)
  })

  test('is right within a minute after the computer slept or its clock was set', () => {
    uplink.setLimit(OFFICE)
    vi.setSystemTime(monday(12, 0))
    vi.advanceTimersByTime(60_000)
    expect(uplink.throttle.limit).toBe(100)
  })

  test('that is taken away no longer holds; nor is anything awaited without one, or after the end', () => {
    uplink.setLimit(OFFICE)
    uplink.setLimit({ ...NO_UP_LIMIT, bytesPerSecond: 5000 })
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(3600_000)
    expect(uplink.throttle.limit).toBe(5000)
    uplink.setLimit(OFFICE)
    uplink.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('bytes at once', () => {
  /** How many slices of so many bytes are on the wire when many want to be. */
  async function atOnce(bytes: number): Promise<number> {
    let running = 0
    const over = new AbortController()
    const task = (): Promise<void> => {
      running++
      return new Promise((resolve) => {
        over.signal.addEventListener('abort', () => resolve())
      })
    }
    const all = Array.from({ length: 5 }, () => slots.run(over.signal, bytes, task).catch(() => undefined))
    await vi.advanceTimersByTimeAsync(0)
    const most = running
    over.abort()
    await Promise.all(all)
    return most
  }

  test.each([
    { limit: undefined, count: 3 },
    { limit: 10_000, count: 3 },
    { limit: 7_400, count: 2 },
    { limit: 200, count: 1 },
  ])(
    'under a limit of $limit bytes/s, $count of 100 kB, so that 40 s are enough for each',
    async ({ limit, count }) => {
      uplink.setLimit({ ...NO_UP_LIMIT, bytesPerSecond: limit })
      expect(await atOnce(100_000)).toBe(count)
    },
  )

  test('follow the timetable too', async () => {
    uplink.setLimit({ ...OFFICE, bytesPerSecond: 10_000 })
    expect(await atOnce(100_000)).toBe(3)
    vi.setSystemTime(monday(8, 0))
    vi.advanceTimersByTime(60_000)
    expect(await atOnce(100_000)).toBe(1)
  })

  test('are halved when the gateway gives up or a slice was slow, and given back slice by slice', async () => {
    const slow = (): Promise<never> => Promise.reject(new DriveError('slow-uplink', 'gave up'))
    const took = (busyMs: number) => () => Promise.resolve({ busyMs })
    const use = (send: () => Promise<{ readonly busyMs: number }>) =>
      slots.run(forever, 100_000, () => uplink.use(100_000, send))
    const failures = await Promise.all([1, 2, 3].map(() => failureOf(use(slow))))
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['slow-uplink']))
    expect(await atOnce(100_000)).toBe(1)
    await use(took(500))
    expect(await atOnce(100_000)).toBe(2)
    await use(took(500))
    expect(await atOnce(100_000)).toBe(3)
    vi.advanceTimersByTime(1)
    await Promise.all([1, 2, 3].map(() => use(took(31_000))))
    expect(await atOnce(100_000)).toBe(1)
  })

  test('are what they were after a failure that says nothing of the line', async () => {
    const broken = (): Promise<never> => Promise.reject(new DriveError('connection-lost', 'reset'))
    await failureOf(slots.run(forever, 100_000, () => uplink.use(100_000, broken)))
    expect(await atOnce(100_000)).toBe(3)
  })
})
