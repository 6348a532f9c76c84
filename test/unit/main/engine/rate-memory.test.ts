import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Limiter, type LearntRates } from '#main/cloud/limiter'
import { RateMemory } from '#main/engine/rate-memory'
import { MemoryStore } from '#test/memory-store'

const OWNER = 'https://open-api.123pan.com#1814435971'
const FACT = `rates:${OWNER}`

let store: MemoryStore
let limiter: Limiter
let memory: RateMemory
beforeEach(() => {
  vi.useFakeTimers()
  store = new MemoryStore()
  limiter = new Limiter({ off: false })
  memory = new RateMemory(limiter, store)
})
afterEach(() => {
  memory.stop()
  vi.useRealTimers()
})

const learn = (rates: LearntRates): void => {
  limiter.recall(rates)
}
const kept = (name = FACT): unknown => JSON.parse(store.facts.get(name) ?? 'null')

test('what an account was found to allow is there again in the next run', () => {
  memory.recall(OWNER)
  learn({ slice: { good: 20, bad: 21 } })
  memory.stop()
  const next = new Limiter({ off: false })
  const nextMemory = new RateMemory(next, store)
  nextMemory.recall(OWNER)
  expect(next.learnt()).toEqual({ slice: { good: 20, bad: 21 } })
  nextMemory.stop()
})

test('it is written once a minute when there is something new, and when the engine stops', () => {
  const written = vi.spyOn(store, 'setFact')
  memory.recall(OWNER)
  vi.advanceTimersByTime(180_000)
  expect(written).not.toHaveBeenCalled()
  learn({ slice: { good: 20 } })
  learn({ create: { good: 12 } })
  expect(written).not.toHaveBeenCalled()
  vi.advanceTimersByTime(600_000)
  expect(written).toHaveBeenCalledOnce()
  expect(kept()).toEqual({ create: { good: 12 }, slice: { good: 20 } })
  learn({ domain: { good: 30 } })
  memory.stop()
  expect(kept()).toMatchObject({ domain: { good: 30 } })
  vi.advanceTimersByTime(600_000)
  expect(written).toHaveBeenCalledTimes(2)
})

test('accounts are kept apart', () => {
  memory.recall(OWNER)
  learn({ slice: { good: 20 } })
  memory.forget()
  expect(limiter.learnt()).toEqual({})
  memory.recall('somebody else')
  expect(limiter.learnt()).toEqual({})
  learn({ slice: { good: 5 } })
  memory.recall(OWNER)
  expect(limiter.learnt()).toEqual({ slice: { good: 20 } })
  expect(kept('rates:somebody else')).toEqual({ slice: { good: 5 } })
})

test.each([
  { name: 'no JSON', stored: '{"slice":', learnt: {} },
  { name: 'something else', stored: '[3]', learnt: {} },
  {
    name: 'partly damaged',
    stored: '{"slice":{"good":"20"},"create":{"good":12,"bad":14},"domain":{"good":-1},"later":{"good":3}}',
    learnt: { create: { good: 12, bad: 14 } },
  },
])('what was kept is $name: what can be read counts', ({ stored, learnt }) => {
  store.facts.set(FACT, stored)
  memory.recall(OWNER)
  expect(limiter.learnt()).toEqual(learnt)
})

test('a full disk stops nobody', () => {
  vi.spyOn(store, 'setFact').mockImplementation(() => {
    throw new Error('database or disk is full')
  })
  memory.recall(OWNER)
  learn({ slice: { good: 20 } })
  expect(() => {
    memory.stop()
  }).not.toThrow()
})
