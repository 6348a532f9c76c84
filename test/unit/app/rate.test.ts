import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slowDown, startRate, takeTurn, type RateLimit, type RateState } from '#app/rate'

const LEARNT: RateLimit = { startPerSecond: 10, minPerSecond: 0.5, maxPerSecond: 50 }
const fixed = (perSecond: number): RateLimit => ({
  startPerSecond: perSecond,
  minPerSecond: perSecond,
  maxPerSecond: perSecond,
})
/** The most that may go at once. */
const BURST = 5

/** One account's traffic at one endpoint: when each request goes out. */
class Traffic {
  readonly limit: RateLimit
  state: RateState
  readonly sent: number[] = []

  constructor(limit: RateLimit) {
    this.limit = limit
    this.state = startRate(limit, 0)
  }

  ask(now: number): number {
    const turn = takeTurn(this.state, this.limit, now)
    this.state = turn.state
    const at = now + turn.waitMs
    this.sent.push(at)
    return at
  }

  /** Asks as fast as it is let, until then. */
  askWithoutPause(from: number, until: number): void {
    for (let now = from; now < until;) now = Math.max(now + 1, this.ask(now))
  }

  complain(now: number, retryAfterMs = 0): void {
    this.state = slowDown(this.state, this.limit, now, retryAfterMs)
  }

  mostWithin(ms: number): number {
    const times = this.sent.toSorted((one, other) => one - other)
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length))
  }
}

describe('at a fixed rate', () => {
  test('no stretch of time ever sees more than the rate and one burst, however requests come', () => {
    const pauses = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 3000 })), { minLength: 1, maxLength: 150 })
    const rates = fc.constantFrom(0.5, 1, 3, 5, 10, 50)
    fc.assert(
      fc.property(pauses, rates, fc.integer({ min: 1, max: 5000 }), (gaps, perSecond, windowMs) => {
        const traffic = new Traffic(fixed(perSecond))
        let now = 0
        for (const gap of gaps) {
          now += gap
          traffic.ask(now)
        }
        const burst = Math.min(BURST, Math.max(1, perSecond))
        expect(traffic.mostWithin(windowMs)).toBeLessThanOrEqual(burst + (perSecond * (windowMs + 1)) / 1000)
      }),
    )
  })

  test('who asks all the time gets the whole rate', () => {
    const traffic = new Traffic(fixed(5))
    traffic.askWithoutPause(0, 60_000)
    expect(traffic.sent.length).toBeGreaterThanOrEqual(300)
  })

  test('nobody who asks later goes before one who asked earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 60 }), (gaps) => {
        const traffic = new Traffic(fixed(4))
        let now = 0
        for (const gap of gaps) traffic.ask((now += gap))
        expect(traffic.sent).toEqual(traffic.sent.toSorted((one, other) => one - other))
      }),
    )
  })
})

describe('while nobody complains', () => {
  test.each([
    { seconds: 0.9, perSecond: 10 },
    { seconds: 1, perSecond: 12 },
    { seconds: 2, perSecond: 14.4 },
    { seconds: 5, perSecond: 24.8832 },
    { seconds: 9, perSecond: 50 },
    { seconds: 3600, perSecond: 50 },
  ])('the rate after $seconds s is $perSecond a second', ({ seconds, perSecond }) => {
    const busy = new Traffic(LEARNT)
    for (let now = 0; now <= seconds * 1000; now += 100) busy.ask(now)
    expect(busy.state.perSecond).toBeCloseTo(perSecond)
    const idle = new Traffic(LEARNT)
    idle.ask(seconds * 1000)
    expect(idle.state.perSecond).toBeCloseTo(perSecond)
  })
})

describe('a complaint', () => {
  test('halves the rate', () => {
    const traffic = new Traffic(LEARNT)
    traffic.complain(500)
    expect(traffic.state.perSecond).toBe(5)
  })

  test('never makes it slower than the least', () => {
    const traffic = new Traffic(LEARNT)
    for (let at = 0; at < 60_000; at += 2000) traffic.complain(at)
    expect(traffic.state.perSecond).toBe(LEARNT.minPerSecond)
  })

  test('lets nothing out before the server said, and then not all at once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), fc.integer({ min: 1, max: 60_000 }), (at, retryAfterMs) => {
        const traffic = new Traffic(LEARNT)
        for (let now = 0; now < at; now += 50) traffic.ask(now)
        traffic.sent.length = 0
        traffic.complain(at, retryAfterMs)
        for (let late = 0; late <= retryAfterMs; late += Math.max(1, retryAfterMs / 30))
          traffic.ask(at + late)
        expect(Math.min(...traffic.sent)).toBeGreaterThanOrEqual(at + retryAfterMs)
        expect(traffic.mostWithin(100)).toBeLessThanOrEqual(BURST + 1 + traffic.state.perSecond / 10)
      }),
    )
  })

  test('by many requests within a second is one complaint, and the longest pause holds', () => {
    const traffic = new Traffic(LEARNT)
    traffic.complain(1000, 300)
    traffic.complain(1100, 2000)
    traffic.complain(1900, 100)
    expect(traffic.state.perSecond).toBe(5)
    expect(traffic.ask(1950)).toBeGreaterThanOrEqual(3100)
  })

  test('some seconds after another one halves the rate again, although it has grown since', () => {
    const traffic = new Traffic(LEARNT)
    traffic.complain(0, 1000)
    for (let now = 1000; now <= 6500; now += 100) traffic.ask(now)
    const grown = traffic.state.perSecond
    traffic.complain(6500, 1000)
    expect(traffic.state.perSecond).toBeCloseTo(grown / 2)
  })

  test('is forgotten after a minute of peace', () => {
    const traffic = new Traffic(LEARNT)
    for (let at = 0; at < 10_000; at += 2000) traffic.complain(at, 1000)
    traffic.askWithoutPause(10_000, 70_000)
    expect(traffic.state.perSecond).toBe(LEARNT.maxPerSecond)
  })
})

test('against a platform that takes 20 a second, most of what it would take gets through, and hardly anything is refused', () => {
  const traffic = new Traffic(LEARNT)
  let refused = 0
  let taken = 0
  let second = -1
  let within = 0
  for (let now = 0; now < 120_000;) {
    now = Math.max(now + 1, traffic.ask(now))
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000)
      within = 0
    }
    within++
    if (within > 20) {
      refused++
      traffic.complain(now, 1000)
    } else taken++
  }
  expect(taken).toBeGreaterThan(0.5 * 20 * 120)
  expect(refused / taken).toBeLessThan(0.02)
})
