import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CREDIT_MS,
  latestFor,
  learn,
  NOTHING_LEARNT,
  pieceBytes,
  reserve,
  roomUnder,
  underNewLimit,
  type Learnt,
} from '#app/uplink'

const MIB = 1024 ** 2
const SLICE = 16 * MIB

test.each([
  { limit: 1, bytes: 4096 },
  { limit: 40_960, bytes: 4096 },
  { limit: 100_000, bytes: 10_000 },
  { limit: 655_360, bytes: 65_536 },
  { limit: 1_000_000_000, bytes: 65_536 },
])('under $limit bytes/s, $bytes go at once', ({ limit, bytes }) => {
  expect(pieceBytes(limit)).toBe(bytes)
})

describe('a place on the line', () => {
  test.each([
    { name: 'free since long: at once, with a little credit', freeAt: 0, at: 10_000 - CREDIT_MS },
    { name: 'free just now: the time since is not lost', freeAt: 9_950, at: 9_950 },
    { name: 'not free yet: behind the others', freeAt: 12_000, at: 12_000 },
  ])('$name', ({ freeAt, at }) => {
    expect(reserve(freeAt, 500, 1000, 10_000)).toEqual({ at, freeAt: at + 500 })
  })

  test('however they come: no stretch of time sees more than the limit, one credit and one piece', () => {
    const asks = fc.array(
      fc.record({ gap: fc.nat({ max: 2000 }), bytes: fc.integer({ min: 1, max: 5000 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(asks, fc.integer({ min: 100, max: 100_000 }), (given, limit) => {
        let now = 0
        let freeAt = 0
        const went = given.map(({ gap, bytes }) => {
          now += gap
          const turn = reserve(freeAt, bytes, limit, now)
          freeAt = turn.freeAt
          return { at: Math.max(now, turn.at), bytes }
        })
        for (const [first, { at: from }] of went.entries()) {
          let bytes = 0
          for (const { at: to, bytes: more } of went.slice(first)) {
            expect(bytes).toBeLessThanOrEqual(((to - from + CREDIT_MS) / 1000) * limit + 0.001)
            bytes += more
          }
        }
      }),
    )
  })
})

test.each([
  { name: 'half the limit: twice the wait', before: 2000, after: 1000, at: 14_000 },
  { name: 'twice the limit: half the wait', before: 1000, after: 2000, at: 11_000 },
  { name: 'no limit any more: now', before: 1000, after: undefined, at: 10_000 },
  { name: 'a first limit: no debt', before: undefined, after: 1000, at: 12_000 },
])('$name', ({ before, after, at }) => {
  expect(underNewLimit(12_000, 10_000, before, after)).toBe(at)
})

test.each([
  { before: 1000, after: 10 },
  { before: 1000, after: undefined },
])('what could go already is not kept back by a new limit of $after', ({ before, after }) => {
  expect(underNewLimit(9_000, 10_000, before, after)).toBe(9_000)
})

test.each([
  { sent: 0, at: 1000 },
  { sent: 5, at: 21_000 },
  { sent: 9, at: 37_000 },
])('after $sent of 10 bytes, the next goes at $at at the latest', ({ sent, at }) => {
  expect(latestFor({ startedAt: 1000, bytes: 10, sent, stretchMs: 40_000 })).toBe(at)
})

test('there is room for as much as the limit lets through while one request may last', () => {
  expect(roomUnder(1_000_000, 40_000)).toBe(40_000_000)
  expect(roomUnder(undefined, 40_000)).toBe(Infinity)
})

describe('what a request shows of the uplink', () => {
  const three = { startedAt: 5000, bytes: SLICE, onTheWire: 3 * SLICE }
  const cutBefore = (slices: number): Learnt => ({ room: slices * SLICE, cutAt: 1000 })

  test.each([
    {
      name: 'fast, nothing cut yet: nothing to give back',
      learnt: NOTHING_LEARNT,
      busyMs: 100,
      slices: Infinity,
    },
    { name: 'neither fast nor slow, at first', learnt: NOTHING_LEARNT, busyMs: 20_000, slices: Infinity },
    { name: 'slow: half of the three', learnt: NOTHING_LEARNT, busyMs: 30_001, slices: 1.5 },
    { name: 'the gateway gave up: half of the three', learnt: NOTHING_LEARNT, busyMs: Infinity, slices: 1.5 },
    { name: 'slow: half of what was left', learnt: cutBefore(2.5), busyMs: 40_000, slices: 1.25 },
    { name: 'slow, never less than one', learnt: cutBefore(1.5), busyMs: 40_000, slices: 1 },
    { name: 'at the edge of slow', learnt: cutBefore(2), busyMs: 30_000, slices: 2 },
    { name: 'at the edge of fast', learnt: cutBefore(2), busyMs: 10_000, slices: 2 },
    { name: 'fast: one more', learnt: cutBefore(1.5), busyMs: 9_999, slices: 2.5 },
  ])('$name', ({ learnt, busyMs, slices }) => {
    expect(learn(learnt, { ...three, busyMs }, 50_000).room / SLICE).toBe(slices)
  })

  test('three that were slow together are one piece of news', () => {
    const first = learn(NOTHING_LEARNT, { ...three, busyMs: 40_000 }, 50_000)
    expect(learn(first, { ...three, busyMs: 41_000 }, 51_000)).toBe(first)
    expect(learn(first, { ...three, startedAt: 49_999, busyMs: 100 }, 51_000)).toBe(first)
    expect(learn(first, { ...three, startedAt: 50_000, busyMs: 41_000 }, 95_000).room).toBe(SLICE)
  })

  test('a small file gives back as little as it is', () => {
    const small = { startedAt: 5000, bytes: 20_000, onTheWire: 0, busyMs: 50 }
    expect(learn(cutBefore(1), small, 6000).room).toBe(SLICE + 20_000)
  })

  test('on a steady uplink the number of slices at once settles where each is in time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300_000, max: 20_000_000 }), (bytesPerSecond) => {
        let learnt = NOTHING_LEARNT
        let now = 0
        const atOnce = (): number => Math.max(1, Math.min(3, Math.floor(learnt.room / SLICE)))
        const round = (): number => {
          const onTheWire = atOnce() * SLICE
          const busyMs = (onTheWire / bytesPerSecond) * 1000
          const startedAt = now
          now += busyMs
          for (let each = onTheWire; each > 0; each -= SLICE)
            learnt = learn(learnt, { startedAt, bytes: SLICE, onTheWire, busyMs }, now)
          return busyMs
        }
        for (let rounds = 0; rounds < 5; rounds++) round()
        const settledAt = atOnce()
        for (let rounds = 0; rounds < 20; rounds++) {
          const busyMs = round()
          if (settledAt > 1) expect(busyMs).toBeLessThanOrEqual(30_000)
          expect(atOnce()).toBe(settledAt)
        }
      }),
    )
  })
})
