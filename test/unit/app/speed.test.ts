import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSteady, observe, remainingMs, speedOf, type Sample } from '#app/speed'

const MB = 1_000_000

/** What a report every so often comes to. */
function reports(everyMs: number, bytes: number, untilMs: number): readonly Sample[] {
  let samples: readonly Sample[] = []
  for (let at = everyMs; at <= untilMs; at += everyMs) samples = observe(samples, { at, bytes })
  return samples
}

test('a steady stream shows at its speed', () => {
  const speed = speedOf(reports(100, MB / 2, 20_000), 20_000)
  expect(speed).toBeGreaterThan(4.9 * MB)
  expect(speed).toBeLessThan(5.25 * MB)
})

test('a stream that has only begun is not blown up', () => {
  expect(speedOf([{ at: 1000, bytes: MB }], 1001)).toBe(MB)
})

test('when nothing moves any more the speed sinks, and is nothing after five seconds', () => {
  const samples = reports(100, MB, 10_000)
  expect(speedOf(samples, 12_500)).toBeLessThan(speedOf(samples, 10_000))
  expect(speedOf(samples, 15_000)).toBe(0)
})

test('a new speed shows within the window, whatever went before', () => {
  const fast = reports(100, 10 * MB, 60_000)
  let samples = fast
  for (let at = 60_100; at <= 65_100; at += 100) samples = observe(samples, { at, bytes: MB / 10 })
  expect(speedOf(samples, 65_100)).toBeLessThan(1.1 * MB)
})

test('hours of samples take no more room than the window', () => {
  expect(reports(100, 1, 3_600_000).length).toBeLessThanOrEqual(51)
})

test('nothing moved: no speed, and no time left is claimed', () => {
  expect(speedOf([], 5000)).toBe(0)
  expect(remainingMs(10, 0, true)).toBeUndefined()
})

test('ten bytes at four a second are two and a half seconds', () => {
  expect(remainingMs(10, 4, true)).toBe(2500)
})

describe('how much time is left is said', () => {
  const each = (everyMs: number, from: number, to: number): Sample[] =>
    Array.from({ length: Math.floor((to - from) / everyMs) + 1 }, (_, index) => ({
      at: from + index * everyMs,
      bytes: 1000,
    }))
  test.each([
    { name: 'not before anything has moved', samples: [], now: 5000, steady: false },
    { name: 'not after one small file', samples: [{ at: 0, bytes: 10 }], now: 100, steady: false },
    { name: 'not seconds after one small file', samples: [{ at: 0, bytes: 10 }], now: 4000, steady: false },
    {
      name: 'not when a big one has only begun after it',
      samples: [{ at: 0, bytes: 10 }, ...each(100, 2900, 3100)],
      now: 3100,
      steady: false,
    },
    { name: 'not in the first seconds', samples: each(100, 0, 2900), now: 2900, steady: false },
    { name: 'after three seconds', samples: each(100, 0, 3000), now: 3000, steady: true },
    { name: 'on a slow line, too', samples: each(1400, 0, 4200), now: 4200, steady: true },
    { name: 'not once it has stopped', samples: each(100, 0, 4000), now: 5600, steady: false },
  ])('$name', ({ samples, now, steady }) => {
    expect(isSteady(samples, now)).toBe(steady)
    expect(remainingMs(1e9, speedOf(samples, now), isSteady(samples, now)) !== undefined).toBe(steady)
  })
})

test('a speed is never negative nor more than all bytes in one second', () => {
  const samples = fc.array(fc.record({ at: fc.nat({ max: 20_000 }), bytes: fc.nat({ max: 1e9 }) }))
  fc.assert(
    fc.property(samples, fc.nat({ max: 30_000 }), (given, now) => {
      const seen = given.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at)
      const speed = speedOf(seen, now)
      expect(speed).toBeGreaterThanOrEqual(0)
      expect(speed).toBeLessThanOrEqual(seen.reduce((sum, { bytes }) => sum + bytes, 0))
    }),
  )
})
