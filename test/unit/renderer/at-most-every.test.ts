import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { atMostEvery } from '../../../renderer/at-most-every.ts'

let done: number[]
let ask: () => void

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  done = []
  ask = atMostEvery(300, () => done.push(Date.now()))
})
afterEach(() => {
  vi.useRealTimers()
})

test('what is asked for once is done at once, and once', () => {
  ask()
  expect(done).toEqual([0])
  vi.advanceTimersByTime(1000)
  expect(done).toEqual([0])
  ask()
  expect(done).toEqual([0, 1000])
})

test('what is asked for all the time is done that often, and the last time too', () => {
  for (let at = 0; at < 1000; at += 100) {
    ask()
    vi.advanceTimersByTime(100)
  }
  expect(done).toEqual([0, 300, 600, 900])
  ask()
  vi.advanceTimersByTime(1000)
  expect(done).toEqual([0, 300, 600, 900, 1200])
})
