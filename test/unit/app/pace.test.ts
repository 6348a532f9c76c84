import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answered,
  countedWith,
  keptUp,
  NEW_PACE,
  readyAt,
  send,
  sentAs,
  windowOf,
  type Pace,
} from '#app/pace'
import { mostWithin } from '#test/rate-simulation'

/** Requests that went out at these times, the platform's answers 20 ms later. */
function sentAt(times: readonly number[], perSecond: number, refused: readonly number[] = []): Pace {
  return times.reduce((pace, at, index) => {
    const outcome = refused.includes(at) ? 'refused' : 'taken'
    return answered(send(pace, index + 1, at, perSecond), index + 1, at + 20, outcome)
  }, NEW_PACE)
}
const evenly = (count: number, everyMs: number, from = 0) =>
  Array.from({ length: count }, (_, index) => from + index * everyMs)
const newest = (pace: Pace) => pace.sent.at(-1) ?? expect.fail('nothing was sent')

const rates = fc.constantFrom(0.2, 0.5, 1, 2, 3, 5, 8, 10, 20, 33, 50)

interface Step {
  /** From the time it might have gone until it asked. */
  readonly laterMs: number
  readonly outMs: number
  readonly backMs: number
  readonly outcome: 'taken' | 'refused' | 'failed' | 'none'
}
const steps = (spreadMs: number): fc.Arbitrary<readonly Step[]> => {
  const within = fc.double({ min: 0, max: spreadMs, noNaN: true })
  return fc.array(
    fc.record({
      laterMs: fc.oneof(fc.constant(0), fc.nat({ max: 700 })),
      outMs: within,
      backMs: within,
      outcome: fc.constantFrom('taken', 'refused', 'failed', 'none'),
    }),
    { minLength: 1, maxLength: 120 },
  )
}

/** When each request arrives at the platform if they go as they may. */
function arrivals(perSecond: number, oneWayMs: number, given: readonly Step[]): readonly number[] {
  const times: number[] = []
  const answers: { at: number; id: number; outcome: 'taken' | 'refused' | 'failed' }[] = []
  let pace = NEW_PACE
  let now = 0
  for (const [id, { laterMs, outMs, backMs, outcome }] of given.entries()) {
    // An answer may let the next one go sooner or later than it seemed.
    for (;;) {
      const ready = Math.max(now, readyAt(pace, perSecond))
      const next = answers.sort((one, other) => one.at - other.at)[0]
      if (!next || next.at > ready) {
        now = ready + laterMs
        break
      }
      answers.shift()
      now = Math.max(now, next.at)
      pace = answered(pace, next.id, next.at, next.outcome)
    }
    pace = send(pace, id, now, perSecond)
    const arrival = now + oneWayMs + outMs
    times.push(arrival)
    if (outcome !== 'none') answers.push({ at: arrival + oneWayMs + backMs, id, outcome })
  }
  return times
}

describe('when the next may go', () => {
  test('no stretch of time at the platform ever holds more than the rate, however requests come and answers fail', () => {
    fc.assert(
      fc.property(rates, fc.nat({ max: 150 }), steps(30), (perSecond, oneWayMs, given) => {
        const { count, ms } = windowOf(perSecond)
        expect(mostWithin(arrivals(perSecond, oneWayMs, given), ms)).toBeLessThanOrEqual(count)
      }),
    )
  })

  test('one that took 100 ms longer than usual is waited for: it may have arrived that late', () => {
    const usual = sentAt(evenly(10, 250), 5)
    const [at, id] = [2500, 100]
    const late = answered(send(usual, id, at, 5), id, at + 120, 'taken')
    const after = [2700, 2900, 3100, 3300].reduce((pace, time) => send(pace, time, time, 5), late)
    expect(readyAt(after, 5)).toBeGreaterThanOrEqual(at + 1100)
    const inTime = answered(send(usual, id, at, 5), id, at + 20, 'taken')
    const afterThat = [2700, 2900, 3100, 3300].reduce((pace, time) => send(pace, time, time, 5), inTime)
    expect(readyAt(afterThat, 5)).toBeLessThanOrEqual(at + 1030)
  })

  test('those before the first answer may be later than any other: connections were made meanwhile', () => {
    const cold = [0, 200, 400, 600, 800].reduce((pace, at) => send(pace, at, at, 5), NEW_PACE)
    const warm = [0, 200, 400, 600, 800].reduce((pace, id) => answered(pace, id, 810, 'taken'), cold)
    expect(readyAt(warm, 5)).toBeGreaterThanOrEqual(1810)
  })

  test('a body that takes minutes holds up nobody for as long', () => {
    const pace = evenly(5, 200, 1000).reduce((before, at) => send(before, at, at, 5), sentAt([0], 5))
    expect(readyAt(pace, 5)).toBeLessThan(2200)
  })

  test('the first goes at once, and the next ones at even distances', () => {
    expect(readyAt(NEW_PACE, 10)).toBe(-Infinity)
    expect(readyAt(send(NEW_PACE, 1, 0, 10), 10)).toBeCloseTo(100, -1)
    expect(readyAt(send(NEW_PACE, 1, 0, 0.5), 0.5)).toBeGreaterThanOrEqual(2000)
  })

  test('hours of requests take no more room than some seconds', () => {
    const pace = evenly(5000, 20).reduce((before, at) => send(before, at, at, 50), NEW_PACE)
    expect(pace.sent.length).toBeLessThan(500)
  })
})

describe('what stood in one second with a request', () => {
  test.each([
    { name: 'itself alone', times: [0, 5000], refused: [], perSecond: 10, together: 1 },
    { name: 'all of the last second', times: evenly(10, 100), refused: [], perSecond: 10, together: 10 },
    { name: 'not the refused ones', times: evenly(10, 100), refused: [300, 400], perSecond: 10, together: 8 },
    { name: 'never more than the rate', times: evenly(30, 30), refused: [], perSecond: 10, together: 10 },
  ])('$name', ({ times, refused, perSecond, together }) => {
    const pace = sentAt(times, perSecond, refused)
    expect(countedWith(pace, newest(pace))).toBe(together)
  })
})

describe('a rate was kept up', () => {
  const busy = evenly(22, 100)
  test.each([
    { name: 'for two seconds', times: busy, refused: [], kept: 10 },
    { name: 'as nearly as lateness allows', times: evenly(22, 101), refused: [], kept: 10 },
    { name: 'not when one a second was missing', times: evenly(22, 110), refused: [], kept: undefined },
    { name: 'not when the second before was half idle', times: busy.slice(5), refused: [], kept: undefined },
    {
      name: 'not with a lull',
      times: busy.filter((at) => at < 900 || at > 1400),
      refused: [],
      kept: undefined,
    },
    { name: 'not with a refusal', times: busy, refused: [1200], kept: undefined },
    { name: 'not by one request', times: [0], refused: [], kept: undefined },
  ])('fully: $name', ({ times, refused, kept }) => {
    const pace = sentAt(times, 10, refused)
    expect(keptUp(pace, newest(pace), 2, 'fully')).toBe(kept)
  })

  test.each([
    { name: 'nine of ten', everyMs: 110, kept: 10 },
    { name: 'not eight of ten', everyMs: 125, kept: undefined },
  ])('nearly: $name', ({ everyMs, kept }) => {
    const pace = sentAt(evenly(22, everyMs), 10)
    expect(keptUp(pace, newest(pace), 1, 'nearly')).toBe(kept)
  })

  test('and it is the least of those that were used', () => {
    const slower = sentAt(evenly(10, 100), 10)
    const pace = evenly(15, 83, 1000).reduce((before, at) => send(before, at, at, 12), slower)
    expect(keptUp(pace, newest(pace), 2, 'fully')).toBe(10)
    expect(keptUp(pace, newest(pace), 1, 'fully')).toBe(12)
  })
})

test('an answer to a request from long ago changes nothing', () => {
  const pace = sentAt(evenly(3, 20_000), 5)
  expect(sentAs(pace, 1)).toBeUndefined()
  expect(answered(pace, 1, 60_000, 'taken')).toBe(pace)
})
