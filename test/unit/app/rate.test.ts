import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answers,
  complains,
  goes,
  mayGoAt,
  recall,
  startRate,
  tick,
  worthKeeping,
  type RateLimit,
  type RateState,
} from '#app/rate'
import { simulate, usedOf, type Line, type Simulation } from '#test/rate-simulation'

const TO_BE_LEARNT: RateLimit = { startPerSecond: 10, minPerSecond: 0.5, maxPerSecond: 50 }
const published = (perSecond: number): RateLimit => ({
  startPerSecond: perSecond,
  minPerSecond: Math.min(0.2, perSecond),
  maxPerSecond: perSecond,
})

const LINES: readonly Line[] = [
  { latencyMs: 2, jitterMs: 2 },
  { latencyMs: 20, jitterMs: 8 },
  { latencyMs: 60, jitterMs: 30 },
  { latencyMs: 300, jitterMs: 40 },
]
const RATES = [1, 3, 5, 10, 15, 20, 33, 50]
const WINDOWS = ['fixed', 'sliding'] as const
const seeds = fc.nat({ max: 2 ** 31 })
const each = <T>(rows: readonly T[], perSecond: readonly number[] = RATES) =>
  rows.flatMap((row) => perSecond.map((allowed) => ({ ...row, allowed })))
const after = (times: readonly number[], seconds: number) => times.filter((at) => at > seconds * 1000)

/** One endpoint by hand: 10 ms each request, in order. */
class Traffic {
  state: RateState
  now = 0
  #id = 0

  constructor(limit: RateLimit) {
    this.state = startRate(limit, 0)
  }

  get perSecond(): number {
    this.state = tick(this.state, this.now)
    return this.state.course.perSecond
  }

  /** The next one goes as soon as it may. Returns its number. */
  send(): number {
    this.state = tick(this.state, this.now)
    this.now = Math.max(this.now, mayGoAt(this.state))
    this.state = goes(this.state, ++this.#id, this.now)
    return this.#id
  }

  taken(id = this.send()): void {
    this.now += 10
    this.state = answers(this.state, id, this.now, 'taken')
  }

  refused(id = this.send(), retryAfterMs = 1000): void {
    this.now += 10
    this.state = complains(this.state, id, this.now, retryAfterMs)
  }

  goOnFor(ms: number): void {
    for (const until = this.now + ms; this.now < until;) this.taken()
  }
}

describe('a published limit', () => {
  const rows = WINDOWS.flatMap((windows) => LINES.map((line) => ({ windows, line, ...line })))
  test.each(each(rows))(
    '$allowed a second, $windows windows, $latencyMs ms: never refused, and at least 95 % used',
    ({ allowed, windows, line }) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const limit = published(allowed)
          const { taken, refused } = simulate({ limit, allowed, windows, line, seconds: 60, seed })
          expect(refused).toEqual([])
          expect(usedOf(taken, allowed, 0, 60)).toBeGreaterThanOrEqual(0.95)
        }),
        { numRuns: 3 },
      )
    },
  )
})

describe('an unknown limit', () => {
  /** Minutes over which one request more or less is no matter. */
  const steady = (simulation: Omit<Simulation, 'limit' | 'seconds'>) =>
    simulate({ limit: TO_BE_LEARNT, seconds: 120, ...simulation })

  const quick = LINES.filter(({ latencyMs }) => latencyMs <= 20)
  const rows = WINDOWS.flatMap((windows) => quick.map((line) => ({ windows, line, ...line })))
  test.each(each(rows, [1, 3, 5, 10, 15, 20, 50]))(
    '$allowed a second, $windows windows, $latencyMs ms: found within 20 s, then never refused, and at least 95 % used',
    ({ allowed, windows, line }) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const { taken, refused } = steady({ allowed, windows, line, seed })
          expect(after(refused, 20)).toEqual([])
          expect(usedOf(taken, allowed, 30, 120)).toBeGreaterThanOrEqual(0.95)
        }),
        { numRuns: 2 },
      )
    },
  )

  // An uneven line shows a rate that is one too many only now and then.
  const uneven = LINES.filter(({ latencyMs }) => latencyMs > 20).map((line) => ({ line, ...line }))
  test.each(each(uneven))(
    '$allowed a second, $latencyMs ms: hardly ever refused in the second minute, and at least 90 % used',
    ({ allowed, line }) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const { taken, refused } = steady({ allowed, windows: 'fixed', line, seed })
          expect(after(refused, 60).length).toBeLessThanOrEqual(3)
          expect(usedOf(taken, allowed, 60, 120)).toBeGreaterThanOrEqual(0.9)
        }),
        { numRuns: 2 },
      )
    },
  )

  test('that was learnt in an earlier run is used from the first second, and never exceeded', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(3, 10, 20, 33), (seed, allowed) => {
        const line = { latencyMs: 8, jitterMs: 6 }
        const kept = { good: allowed, bad: allowed + 1 }
        const { taken, refused } = steady({ kept, allowed, windows: 'fixed', line, seed })
        expect(refused).toEqual([])
        expect(usedOf(taken, allowed, 0, 120)).toBeGreaterThanOrEqual(0.95)
      }),
      { numRuns: 8 },
    )
  })
})

describe('a limit that changes', () => {
  const line = { latencyMs: 20, jitterMs: 8 }
  test.each([
    { from: 20, to: 15, limit: TO_BE_LEARNT },
    { from: 20, to: 10, limit: TO_BE_LEARNT },
    { from: 20, to: 2, limit: TO_BE_LEARNT },
    { from: 5, to: 3, limit: published(5) },
  ])('from $from to $to a second: found within half a minute', ({ from, to, limit }) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const allowed = (now: number): number => (now < 30_000 ? from : to)
        const { taken, refused } = simulate({ limit, allowed, windows: 'fixed', line, seconds: 120, seed })
        expect(after(refused, 62)).toEqual([])
        expect(usedOf(taken, to, 65, 120)).toBeGreaterThanOrEqual(0.95)
      }),
      { numRuns: 8 },
    )
  })

  test('from 10 to 20 a second: looked for after ten minutes, then half as often', () => {
    const allowed = (now: number): number => (now < 60_000 ? 10 : 20)
    const seconds = 50 * 60
    const run = { limit: TO_BE_LEARNT, allowed, windows: 'fixed', line, seconds, seed: 7 } as const
    const { taken, refused } = simulate(run)
    expect(usedOf(taken, 10, 120, 590)).toBeGreaterThanOrEqual(0.95)
    expect(usedOf(taken, 10, 120, 590)).toBeLessThanOrEqual(1)
    expect(usedOf(taken, 20, 660, seconds)).toBeGreaterThanOrEqual(0.95)
    // Ten minutes after the first time, and twenty after that.
    expect(after(refused, 640).filter((at) => at < 1790_000)).toEqual([])
    expect(after(refused, 640).length).toBeLessThanOrEqual(4)
  })

  test('to nothing for five seconds: all of it is back within a quarter of a minute', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(published(5), published(10)), (seed, limit) => {
        const full = limit.maxPerSecond
        const allowed = (now: number): number => (now > 10_000 && now < 15_000 ? 0 : full)
        const { taken } = simulate({ limit, allowed, windows: 'fixed', line, seconds: 90, seed })
        expect(usedOf(taken, full, 45, 90)).toBeGreaterThanOrEqual(0.95)
      }),
      { numRuns: 8 },
    )
  })
})

describe('a complaint', () => {
  test('lets nothing out before the platform said, then half as much for a second, then what was good', () => {
    const traffic = new Traffic(published(10))
    traffic.goOnFor(5000)
    traffic.refused(undefined, 7000)
    const until = traffic.now + 7000
    expect(mayGoAt(traffic.state)).toBe(until)
    traffic.now = until
    expect(traffic.perSecond).toBe(5)
    traffic.now = until + 1000
    expect(traffic.perSecond).toBe(10)
  })

  test('by all that were on the wire is one complaint, and the longest pause holds', () => {
    const traffic = new Traffic(TO_BE_LEARNT)
    const wire = [traffic.send(), traffic.send(), traffic.send(), traffic.send()]
    for (const [index, id] of wire.entries()) traffic.refused(id, index === 1 ? 9000 : 500)
    expect(traffic.perSecond).toBe(5)
    expect(mayGoAt(traffic.state)).toBeGreaterThan(9000)
  })

  test('again and again makes it no slower than the least', () => {
    const traffic = new Traffic(TO_BE_LEARNT)
    for (let no = 0; no < 20; no++) traffic.refused()
    expect(traffic.perSecond).toBe(TO_BE_LEARNT.minPerSecond)
  })

  test('to a request from long ago is heeded too', () => {
    const traffic = new Traffic(TO_BE_LEARNT)
    const long = traffic.send()
    traffic.goOnFor(20_000)
    const before = traffic.perSecond
    traffic.refused(long, 3000)
    expect(traffic.perSecond).toBe(before / 2)
    expect(mayGoAt(traffic.state)).toBe(traffic.now + 3000)
  })

  test('once in a while among few requests changes nothing for good', () => {
    const traffic = new Traffic(TO_BE_LEARNT)
    traffic.goOnFor(20_000)
    expect(traffic.perSecond).toBe(50)
    for (let hour = 0; hour < 5; hour++) {
      traffic.now += 3_600_000
      traffic.taken()
      traffic.refused()
    }
    traffic.now += 10_000
    expect(traffic.perSecond).toBe(50)
  })
})

test('while it is not used up, no rate grows: an idle second proves nothing', () => {
  const traffic = new Traffic(TO_BE_LEARNT)
  for (let second = 0; second < 60; second++) {
    for (let no = 0; no < 6; no++) traffic.taken()
    traffic.now = (second + 1) * 1000
  }
  expect(traffic.perSecond).toBe(10)
  expect(worthKeeping(traffic.state)).toBeUndefined()
})

test('whoever comes in a crowd after a lull goes one by one', () => {
  const allowed = 10
  const wanted = (now: number): boolean => Math.floor(now / 7000) % 2 === 0
  const line = { latencyMs: 100, jitterMs: 30 }
  const run = {
    limit: published(10),
    allowed,
    windows: 'sliding',
    line,
    wanted,
    seconds: 120,
    seed: 3,
  } as const
  const { refused, sent } = simulate(run)
  expect(refused).toEqual([])
  const apart = sent.slice(1).map((at, index) => at - (sent[index] ?? 0))
  expect(Math.min(...apart)).toBeGreaterThan(90)
})

describe('what is kept', () => {
  test('is nothing as long as there is only what is published', () => {
    const traffic = new Traffic(published(5))
    traffic.goOnFor(10_000)
    expect(worthKeeping(traffic.state)).toBeUndefined()
  })

  test('is good and bad, and makes the next run begin there', () => {
    const line = { latencyMs: 5, jitterMs: 5 }
    const run = { limit: TO_BE_LEARNT, allowed: 20, windows: 'sliding', line, seconds: 30, seed: 1 } as const
    const learnt = worthKeeping(simulate(run).state)
    expect(learnt).toEqual({ good: 20, bad: 21 })
    expect(recall(startRate(TO_BE_LEARNT, 0), learnt ?? { good: 1 }, 0).course.perSecond).toBe(20)
  })

  test('does not replace what was found out meanwhile', () => {
    const traffic = new Traffic(TO_BE_LEARNT)
    traffic.refused()
    expect(recall(traffic.state, { good: 40 }, traffic.now)).toBe(traffic.state)
  })

  test.each([
    { name: 'more than the maximum', kept: { good: 80, bad: 90 }, perSecond: 50 },
    { name: 'next to nothing', kept: { good: 1e-9 }, perSecond: 0.5 },
    { name: 'bad below good', kept: { good: 20, bad: 3 }, perSecond: 20 },
  ])('is not believed as $name', ({ kept, perSecond }) => {
    expect(startRate(TO_BE_LEARNT, 0, kept).course.perSecond).toBe(perSecond)
  })
})
