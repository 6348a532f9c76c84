import { setImmediate as everyoneIsAsleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { CREDIT_MS, pieceBytes } from '#app/uplink'
import { Pace, Throttle, type Clock } from '#main/cloud/throttle'
import type { Sending } from '#main/cloud/requests'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal

/** Time passes when the test says so; who sleeps wakes as late as the test says. */
class TestClock implements Clock {
  ms = 1_000_000
  readonly #sleeping = new Set<{ readonly at: number; readonly wake: () => void }>()
  readonly #lateMs: () => number

  constructor(lateMs: () => number = () => 0) {
    this.#lateMs = lateMs
  }

  now(): bigint {
    return BigInt(Math.round(this.ms * 1e6))
  }

  sleep(ms: number, signal: AbortSignal): Promise<unknown> {
    return new Promise<void>((resolve, reject) => {
      const fail = (): void => {
        this.#sleeping.delete(sleeper)
        reject(new Error('Aborted'))
      }
      const wake = (): void => {
        this.#sleeping.delete(sleeper)
        signal.removeEventListener('abort', fail)
        resolve()
      }
      const sleeper = { at: this.ms + ms + this.#lateMs(), wake }
      this.#sleeping.add(sleeper)
      signal.addEventListener('abort', fail)
    })
  }

  async pass(ms: number): Promise<void> {
    const until = this.ms + ms
    await everyoneIsAsleep()
    for (;;) {
      const next = [...this.#sleeping].sort((one, other) => one.at - other.at)[0]
      if (!next || next.at > until) break
      this.ms = Math.max(this.ms, next.at)
      next.wake()
      await everyoneIsAsleep()
    }
    this.ms = until
  }
}

/** Threads that send as fast as they are let, each with its own throttle on the same memory. */
class Line {
  readonly clock: TestClock
  readonly throttle: Throttle
  sent = 0
  readonly #stop = new AbortController()

  constructor(limit: number | undefined, lateMs?: () => number) {
    this.clock = new TestClock(lateMs)
    this.throttle = new Throttle(undefined, this.clock)
    this.throttle.setLimit(limit)
  }

  start(threads: number): void {
    for (let thread = 0; thread < threads; thread++) {
      const own = new Throttle(this.throttle.memory, this.clock)
      void (async () => {
        while (own.limit !== undefined) {
          const bytes = pieceBytes(own.limit)
          await own.turn(bytes, this.#stop.signal)
          this.sent += bytes
        }
      })().catch(() => undefined)
    }
  }

  /** Bytes per second while so much time passes. */
  async rateOver(ms: number): Promise<number> {
    const before = this.sent
    await this.clock.pass(ms)
    return ((this.sent - before) * 1000) / ms
  }

  stop(): void {
    this.#stop.abort()
  }
}

describe('threads that share a limit', () => {
  test('get all of it and no more, however many they are and however late they wake', async () => {
    const limits = fc.integer({ min: 50_000, max: 3_000_000 })
    const late = fc.integer({ min: 0, max: CREDIT_MS / 2 })
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 1, max: 4 }), late, async (limit, threads, lateMs) => {
        let wakes = 0
        const line = new Line(limit, () => (++wakes % 3 === 0 ? lateMs : 0))
        line.start(threads)
        await line.clock.pass(1000)
        const rate = await line.rateOver(10_000)
        line.stop()
        expect(rate / limit).toBeGreaterThan(0.95)
        expect(rate / limit).toBeLessThan(1.05)
      }),
      { numRuns: 30 },
    )
  })

  test.each([
    { name: 'a tenth', before: 2_000_000, after: 200_000 },
    { name: 'ten times as much', before: 200_000, after: 2_000_000 },
    { name: 'from next to nothing to much', before: 500, after: 1_000_000 },
  ])('$name: holds after a second', async ({ before, after }) => {
    const line = new Line(before)
    line.start(3)
    await line.clock.pass(30_000)
    line.throttle.setLimit(after)
    await line.clock.pass(1000)
    const rate = await line.rateOver(5000)
    line.stop()
    expect(rate / after).toBeGreaterThan(0.9)
    expect(rate / after).toBeLessThan(1.1)
  })

  test('no limit any more: who waits goes within a second, and nothing is owed when there is one again', async () => {
    const line = new Line(500)
    const turns = Array.from({ length: 3 }, () => line.throttle.turn(10_000, forever))
    let gone = 0
    for (const turn of turns) void turn.then(() => gone++)
    await line.clock.pass(0)
    expect(gone).toBe(1)
    line.throttle.setLimit(undefined)
    await line.clock.pass(1000)
    expect(gone).toBe(3)
    line.throttle.setLimit(500)
    expect(await line.throttle.turn(10, forever)).toBe(0)
  })
})

test('two threads that take their place in the same instant take two', async () => {
  const line = new Line(1000)
  const other = new Throttle(line.throttle.memory, line.clock)
  const take = Atomics.compareExchange.bind(Atomics)
  const overtaken = vi.spyOn(Atomics, 'compareExchange').mockImplementationOnce((words, ...rest) => {
    void other.turn(5000, forever)
    return take(words, ...rest)
  })
  await line.throttle.turn(3000, forever, line.clock.ms)
  overtaken.mockRestore()
  let gone = false
  void line.throttle.turn(1, forever).then(() => (gone = true))
  await line.clock.pass(7500)
  expect(gone).toBe(false)
  await line.clock.pass(600)
  expect(gone).toBe(true)
})

test.each([undefined, 0, -5, NaN])('a limit of %s is none', (limit) => {
  const throttle = new Throttle()
  throttle.setLimit(limit)
  expect(throttle.limit).toBeUndefined()
})

test('a wait that is called off ends as cancelled, at once', async () => {
  const line = new Line(500)
  await line.throttle.turn(10_000, forever)
  const controller = new AbortController()
  const failed = failureOf(line.throttle.turn(10, controller.signal))
  await line.clock.pass(10)
  controller.abort()
  expect((await failed).code).toBe('cancelled')
})

describe('one request', () => {
  const sending: Sending = { over: forever, pause: (wait) => wait }

  async function* content(...sizes: number[]): AsyncGenerator<Buffer, void> {
    let at = 0
    for (const size of sizes) {
      await Promise.resolve()
      yield Buffer.from(Array.from({ length: size }, () => at++ % 251))
    }
  }

  test('without a limit the content goes as it comes', async () => {
    const pace = new Pace(new Throttle(), { bytes: 300_000, stretchMs: 1000 })
    const pieces: number[] = []
    for await (const piece of pace.pieces(content(200_000, 100_000), sending)) pieces.push(piece.length)
    expect(pieces).toEqual([200_000, 100_000])
    expect(pace.waitedMs).toBe(0)
  })

  test('with one it goes in pieces, all of it and in order, and it is known how long it was held back', async () => {
    const { clock, throttle } = new Line(100_000)
    const pace = new Pace(throttle, { bytes: 125_000, stretchMs: 40_000 })
    const pieces: Buffer[] = []
    const done = (async () => {
      for await (const piece of pace.pieces(content(70_000, 55_000), sending)) pieces.push(piece)
    })()
    await clock.pass(2000)
    await done
    expect(Math.max(...pieces.map(({ length }) => length))).toBe(10_000)
    const whole: Buffer[] = []
    for await (const chunk of content(70_000, 55_000)) whole.push(chunk)
    expect(Buffer.concat(pieces).equals(Buffer.concat(whole))).toBe(true)
    expect(pace.waitedMs).toBeGreaterThan(1000)
    expect(pace.waitedMs).toBeLessThan(1250)
  })

  test('that has begun follows a limit that comes, and one that goes', async () => {
    const { clock, throttle } = new Line(undefined)
    const pace = new Pace(throttle, { bytes: 300_000, stretchMs: 40_000 })
    let sent = 0
    const done = (async () => {
      for await (const piece of pace.pieces(content(100_000, 100_000, 100_000), sending)) {
        sent += piece.length
        if (sent === 100_000) throttle.setLimit(10_000)
      }
    })()
    await clock.pass(5000)
    expect(sent).toBeGreaterThan(140_000)
    expect(sent).toBeLessThan(160_000)
    throttle.setLimit(undefined)
    await clock.pass(200)
    await done
    expect(sent).toBe(300_000)
  })

  test('under a limit that is too low for it ends in time, and the next begins when it is paid for', async () => {
    const { clock, throttle } = new Line(1000)
    const pace = new Pace(throttle, { bytes: 100_000, stretchMs: 40_000 })
    const startedAt = clock.ms
    let lastAt = 0
    const done = (async () => {
      for await (const piece of pace.pieces(content(100_000), sending))
        if (piece.length > 0) lastAt = clock.ms
    })()
    await clock.pass(60_000)
    await done
    expect(lastAt - startedAt).toBeLessThanOrEqual(40_000)
    let begunAt = 0
    const next = new Pace(throttle, { bytes: 100_000, stretchMs: 40_000 })
    void next.begin(500, forever).then(() => (begunAt = clock.ms))
    await clock.pass(60_000)
    expect(begunAt - startedAt).toBeGreaterThan(99_000)
    expect(begunAt - startedAt).toBeLessThan(101_000)
  })
})
