import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { destination, failure } from '#test/builders'
import { ScriptedQueue } from '#test/scripted-queue'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const BIG = { size: 1_000_000 }

describe('what runs', () => {
  test('as many small and big files as their lanes hold, and the next one when one ends', async () => {
    const world = new ScriptedQueue({ lanes: { small: 2, big: 1 } })
    for (const name of ['B1', 'B2']) world.add(name, BIG)
    for (const name of ['s1', 's2', 's3']) world.add(name)
    expect(world.begun).toEqual(['B1', 's1', 's2'])
    await world.runs[0]?.finish()
    expect(world.begun).toEqual(['B1', 's1', 's2', 'B2'])
    await world.runs[1]?.fail(failure('quota-exceeded'))
    expect(world.begun).toEqual(['B1', 's1', 's2', 'B2', 's3'])
  })

  test('is told where the file is, where it goes, and what to do about a taken name', () => {
    const world = new ScriptedQueue()
    world.add('a.txt', { to: destination('/照片/a.txt', 5), onDuplicate: 'keep-both' })
    expect(world.run.job).toMatchObject({
      path: '/home/li/a.txt',
      to: { rootID: 5, folders: ['照片'], name: 'a.txt' },
      onDuplicate: 'keep-both',
      askedAt: 1_000_000,
    })
  })

  test('nothing twice: the same file to the same place is the transfer that is under way', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    expect(world.add('a.txt')).toBe(id)
    expect(world.add('a.txt', { to: destination('/other/a.txt') })).not.toBe(id)
    await world.runs[0]?.finish()
    expect(world.add('a.txt')).not.toBe(id)
  })

  test('one that waits for its next try is under way as well', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.fail(failure('server'))
    expect(world.add('a.txt')).toBe(id)
  })

  test('fifteen thousand files at once: each is begun once, in order', async () => {
    const world = new ScriptedQueue({ lanes: { small: 3, big: 2 } })
    for (let no = 0; no < 15_000; no++) world.add(`${no}.txt`)
    for (let no = 0; no < 15_000; no++) await world.runs[no]?.finish()
    expect(world.begun).toEqual(Array.from({ length: 15_000 }, (_, no) => `${no}.txt`))
    expect(world.queue.status().running).toBe(0)
  })
})

describe('after a failure that may pass', () => {
  test('it runs again when its time has come, going on with what it knew', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.run.job.carry.sentBytes = 42
    await world.run.fail(failure('server'))
    expect(world.statusOf(id)).toBe('waiting')
    await vi.advanceTimersByTimeAsync(499)
    expect(world.runs).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(world.runs).toHaveLength(2)
    expect(world.run.job.carry.sentBytes).toBe(42)
  })

  test('the others go on meanwhile', async () => {
    const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
    world.add('a.txt')
    world.add('b.txt')
    await world.run.fail(failure('server'))
    expect(world.begun).toEqual(['a.txt', 'b.txt'])
  })

  test('the time that the server asked for is waited out, however long', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    const hour = 60 * 60 * 1000
    // A month in milliseconds is more than a timer of Node's can hold.
    await world.run.fail(failure('server', { retryAfterMs: 30 * 24 * hour }))
    await vi.advanceTimersByTimeAsync(hour)
    expect(world.runs).toHaveLength(1)
  })

  test('a person who asks does not wait', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.fail(failure('server', { retryAfterMs: 60_000 }))
    world.queue.retry([id])
    expect(world.runs).toHaveLength(2)
    await world.run.finish()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(world.runs).toHaveLength(2)
  })
})

describe('a retry', () => {
  test('of a failed one can bring another answer about taken names, and asks the cloud anew', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.fail(failure('name-taken'))
    vi.setSystemTime(1_060_000)
    world.queue.retry([id], 'overwrite')
    expect(world.run.job).toMatchObject({ onDuplicate: 'overwrite', askedAt: 1_060_000 })
  })

  test('of one that is done or runs does nothing', async () => {
    const world = new ScriptedQueue()
    const ids = [world.add('a.txt'), world.add('b.txt')]
    await world.runs[0]?.finish()
    world.queue.retry(ids)
    expect(world.runs).toHaveLength(2)
    expect(ids.map((id) => world.statusOf(id))).toEqual(['done', 'hashing'])
  })
})

describe('one that was cancelled, whose file was added again', () => {
  test('is not tried again while the other one is on its way: nothing goes up twice', async () => {
    const world = new ScriptedQueue()
    const first = world.add('a.txt')
    world.queue.cancel([first])
    await world.run.end()
    const second = world.add('a.txt')
    world.queue.retry([first])
    expect([first, second].map((id) => world.statusOf(id))).toEqual(['cancelled', 'hashing'])
    expect(world.runs).toHaveLength(2)
  })

  test('is tried again when the other one has failed, which then is not', async () => {
    const world = new ScriptedQueue()
    const first = world.add('a.txt')
    world.queue.cancel([first])
    await world.run.end()
    const second = world.add('a.txt')
    await world.run.fail(failure('name-taken'))
    world.queue.retry([first, second])
    expect([first, second].map((id) => world.statusOf(id))).toEqual(['hashing', 'failed'])
    expect(world.add('a.txt')).toBe(first)
    const next = new ScriptedQueue({ store: world.store })
    next.queue.load('go-on')
    expect(next.add('a.txt')).toBe(first)
  })
})

describe('cancelling', () => {
  test('tells the run, and the state says so at once', () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.cancel([id])
    expect(world.run.job.signal.aborted).toBe(true)
    expect(world.statusOf(id)).toBe('cancelled')
  })

  test('one that is queued keeps it from ever running', async () => {
    const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
    world.add('a.txt')
    world.queue.cancel([world.add('b.txt')])
    world.add('c.txt')
    await world.run.finish()
    expect(world.begun).toEqual(['a.txt', 'c.txt'])
  })

  test('one that waits keeps it from coming back', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.fail(failure('server'))
    world.queue.cancel([id])
    await vi.advanceTimersByTimeAsync(120_000)
    expect(world.runs).toHaveLength(1)
  })

  test('and asking for it again while the old run is ending: the new run begins after it, and late news of the old one is not heard', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    const old = world.run
    world.queue.cancel([id])
    world.queue.retry([id])
    expect(world.runs).toHaveLength(1)
    old.emit({ type: 'hashed' }, { type: 'failed', failure: failure('cancelled'), now: 0, random: 0 })
    expect(world.statusOf(id)).toBe('queued')
    await old.end()
    expect(world.runs).toHaveLength(2)
    expect(world.statusOf(id)).toBe('hashing')
    expect(world.run.job.signal.aborted).toBe(false)
  })

  test('frees its place only when the run has really ended', async () => {
    const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
    const id = world.add('a.txt')
    world.add('b.txt')
    world.queue.cancel([id])
    expect(world.begun).toEqual(['a.txt'])
    await world.run.end()
    expect(world.begun).toEqual(['a.txt', 'b.txt'])
  })
})

test('clearing takes off the list what has ended, and nothing else', async () => {
  const world = new ScriptedQueue()
  const [ended, running] = [world.add('a.txt'), world.add('b.txt')]
  await world.runs[0]?.finish()
  await vi.advanceTimersByTimeAsync(200)
  world.changes.length = 0
  world.queue.clear([ended, running])
  await vi.advanceTimersByTimeAsync(200)
  expect(world.queue.list().map(({ id }) => id)).toEqual([running])
  expect(world.changes).toEqual([{ changed: [], removed: [ended] }])
})

test('one who begins to listen is told all there is, what finished in the order in which it finished', async () => {
  const world = new ScriptedQueue({ lanes: { small: 2, big: 1 } })
  const [late, early] = [world.add('late.txt'), world.add('early.txt')]
  await world.runs[1]?.finish()
  await vi.advanceTimersByTimeAsync(1000)
  await world.runs[0]?.finish()
  await vi.advanceTimersByTimeAsync(1000)
  const waits = world.add('waits.txt')
  world.changes.length = 0
  world.queue.tellAll()
  expect(world.changes.map(({ changed }) => changed.map(({ id }) => id))).toEqual([[early, late, waits]])
})

test('once stopped, runs are told, nothing new begins and nothing is told', async () => {
  const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
  world.add('a.txt')
  world.add('b.txt')
  world.queue.stop()
  const old = world.run
  expect(old.job.signal.aborted).toBe(true)
  await old.fail(failure('cancelled'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(world.runs).toHaveLength(1)
  expect(world.changes).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
