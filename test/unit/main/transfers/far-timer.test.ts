import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runAt } from '#main/transfers/far-timer'

const HOUR = 3_600_000
const done = vi.fn()

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  done.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

/** How long after the start it ran. */
async function ranAfter(mostMs: number): Promise<number | undefined> {
  for (let ms = 0; ms <= mostMs; ms += 1000) {
    if (done.mock.calls.length > 0) return ms
    await vi.advanceTimersByTimeAsync(1000)
  }
  return undefined
}

test.each([
  { name: 'in a moment', at: 5000 },
  { name: 'in more milliseconds than a timer holds', at: 40 * 24 * HOUR },
])('$name: at its time, once', async ({ at }) => {
  runAt(at, Date.now, done)
  await vi.advanceTimersByTimeAsync(at - 1)
  expect(done).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(done).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(HOUR)
  expect(done).toHaveBeenCalledTimes(1)
})

test('a time that is past: as soon as possible, and not before it could be called off', async () => {
  runAt(-5, Date.now, done)
  expect(done).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toHaveBeenCalledTimes(1)
})

test('the machine slept past it: within a minute', async () => {
  runAt(HOUR, Date.now, done)
  vi.setSystemTime(5 * HOUR)
  expect(await ranAfter(HOUR)).toBe(60_000)
})

test('the clock is set back: no later than it would have been', async () => {
  runAt(HOUR, Date.now, done)
  await vi.advanceTimersByTimeAsync(HOUR / 2)
  vi.setSystemTime(-1000 * HOUR)
  expect(await ranAfter(2 * HOUR)).toBe(HOUR / 2)
})

test('called off, at first or in the middle, it never runs', async () => {
  runAt(HOUR, Date.now, done)()
  const callOff = runAt(HOUR, Date.now, done)
  await vi.advanceTimersByTimeAsync(HOUR / 2)
  callOff()
  expect(vi.getTimerCount()).toBe(0)
})
