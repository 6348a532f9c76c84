import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import type { TransferId } from '#app/transfer'
import { ChangeFeed } from '#main/transfers/change-feed'
import { transfer } from '#test/builders'

let statuses: QueueStatus[]
let changes: TransfersChange[]
let gone: Set<TransferId>
let feed: ChangeFeed

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  statuses = []
  changes = []
  gone = new Set()
  feed = new ChangeFeed({
    now: Date.now,
    find: (id) => (gone.has(id) ? undefined : { ...transfer(), id }),
    status: (speed) => ({ speed, running: 1 }),
    onChange: (change) => changes.push(change),
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

describe('15,000 at once', () => {
  const COUNT = 15_000
  const ids = Array.from({ length: COUNT }, (_, index) => `id-${index}` as TransferId)
  const told = (): readonly TransferId[] => changes.flatMap(({ changed }) => changed.map(({ id }) => id))
  const largest = (): number =>
    Math.max(...changes.map(({ changed, removed }) => changed.length + removed.length))

  test('come in parts, ten a second, each once and in their order', () => {
    for (const id of ids) feed.changed(id)
    vi.advanceTimersByTime(100)
    expect(told()).toEqual(ids.slice(0, 500))
    vi.advanceTimersByTime(2900)
    expect(told()).toEqual(ids)
    expect(largest()).toBe(500)
  })

  test('go in parts too, and one that goes before it was told is not told as being there', () => {
    for (const id of ids) feed.changed(id)
    vi.advanceTimersByTime(100)
    for (const id of ids) {
      gone.add(id)
      feed.removed(id)
    }
    vi.advanceTimersByTime(3000)
    expect(told()).toEqual(ids.slice(0, 500))
    expect(changes.flatMap(({ removed }) => removed)).toEqual(ids)
    expect(largest()).toBe(500)
  })

  test('are told anew in the order that is asked for, the first part at once', () => {
    for (const id of ids) feed.changed(id)
    const latestFirst = ids.toReversed()
    feed.tellAnew(latestFirst)
    expect(told()).toEqual(latestFirst.slice(0, 500))
    vi.advanceTimersByTime(2900)
    expect(told()).toEqual(latestFirst)
  })
})
