import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { QueueStatus } from '#app/ipc'
import { ChangeFeed } from '#main/transfers/change-feed'

let statuses: QueueStatus[]
let feed: ChangeFeed

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  statuses = []
  feed = new ChangeFeed({
    now: Date.now,
    find: () => undefined,
    status: (speed) => ({ speed, running: 1 }),
    onChange: () => undefined,
    onStatus: (status) => statuses.push(status),
  })
  feed.tellSoon()
})
afterEach(() => {
  feed.stop()
  vi.useRealTimers()
})

const move = (forMs: number): void => {
  for (let passed = 0; passed < forMs; passed += 100) {
    feed.moved(10_000)
    vi.advanceTimersByTime(100)
  }
}

test('the speed of one small file is told, but not as one to reckon the time left with', () => {
  feed.moved(1000)
  vi.advanceTimersByTime(4000)
  expect(statuses.some(({ speed }) => speed > 0)).toBe(true)
  expect(statuses.some(({ steady }) => steady)).toBe(false)
})

test('after some seconds it is, and no longer once nothing moves', () => {
  move(2500)
  expect(statuses.at(-1)?.steady).toBeUndefined()
  move(1000)
  expect(statuses.at(-1)?.steady).toBe(true)
  vi.advanceTimersByTime(2000)
  expect(statuses.at(-1)?.steady).toBeUndefined()
})
