import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TransferEvent } from '#app/transfer'
import { failure } from '#test/builders'
import { crashesDuring } from '#test/crashes'
import { ScriptedQueue } from '#test/scripted-queue'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const ONE_AT_A_TIME = { lanes: { small: 1, big: 1 } }
const MINUTE = 60_000

/** What brings a run to each of the states that a transfer can be in while it runs. */
const ON_THE_WAY: Readonly<
  Record<'hashing' | 'creating' | 'uploading' | 'completing', readonly TransferEvent[]>
> = {
  hashing: [],
  creating: [{ type: 'hashed' }],
  uploading: [{ type: 'hashed' }, { type: 'sending', progress: { sent: 1, slicesDone: 0, slices: 1 } }],
  completing: [{ type: 'hashed' }, { type: 'sent-all' }],
}

describe.each(Object.entries(ON_THE_WAY))('pausing one that is %s', (status, events) => {
  test('tells the run, gives its place away when that has ended, and keeps it from running until it is resumed', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    const id = world.add('a.txt')
    world.add('b.txt')
    const run = world.run
    run.emit(...events)
    expect(world.statusOf(id)).toBe(status)
    world.queue.pause([id])
    expect(run.job.signal.aborted).toBe(true)
    expect(world.statusOf(id)).toBe('paused')
    expect(world.begun).toEqual(['a.txt'])
    await run.fail(failure('cancelled'))
    expect(world.begun).toEqual(['a.txt', 'b.txt'])
    await world.run.finish()
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(world.statusOf(id)).toBe('paused')
    world.queue.resume([id])
    expect(world.begun).toEqual(['a.txt', 'b.txt', 'a.txt'])
  })

  test('and resuming it before the run has ended: the next run begins after it', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    const id = world.add('a.txt')
    const run = world.run
    run.emit(...events)
    world.queue.pause([id])
    world.queue.resume([id])
    expect(world.runs).toHaveLength(1)
    // News of the old run, however late, is of an attempt that is over.
    run.emit({ type: 'hashed' }, { type: 'sent-all' })
    expect(world.statusOf(id)).toBe('queued')
    await run.fail(failure('cancelled'))
    expect(world.runs).toHaveLength(2)
    expect(world.statusOf(id)).toBe('hashing')
    expect(world.run.job.signal.aborted).toBe(false)
  })

  test('and then cancelling it: nothing brings it back but a retry', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    const id = world.add('a.txt')
    const run = world.run
    run.emit(...events)
    world.queue.pause([id], Date.now() + MINUTE)
    world.queue.cancel([id])
    await run.fail(failure('cancelled'))
    world.queue.resume('all')
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(world.statusOf(id)).toBe('cancelled')
    expect(world.runs).toHaveLength(1)
    world.queue.retry([id])
    expect(world.runs).toHaveLength(2)
  })
})

describe('pausing one that does not run', () => {
  test('queued: the others go past it', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    world.add('a.txt')
    const id = world.add('b.txt')
    world.add('c.txt')
    world.queue.pause([id])
    await world.run.finish()
    expect(world.begun).toEqual(['a.txt', 'c.txt'])
  })

  test('waiting for its next try: that time passes without it, and what went wrong is forgotten', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.fail(failure('server'))
    world.queue.pause([id])
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(world.runs).toHaveLength(1)
    world.queue.resume([id])
    expect(world.queue.get(id)?.state).toMatchObject({ tries: { attempt: 0 } })
    expect(world.runs).toHaveLength(2)
  })

  test('at its end: it stays what it is', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.finish()
    world.queue.pause([id])
    expect(world.statusOf(id)).toBe('done')
  })

  test('paused already, a retry does not end that', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.pause([id])
    await world.run.end()
    world.queue.retry([id])
    expect(world.statusOf(id)).toBe('paused')
    expect(world.runs).toHaveLength(1)
  })

  test('many at once', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    const ids = ['a', 'b', 'c'].map((name) => world.add(name))
    const other = world.add('d')
    world.queue.pause(ids)
    await world.run.end()
    expect(world.begun).toEqual(['a', 'd'])
    await world.run.finish()
    expect(world.statusOf(other)).toBe('done')
    world.queue.resume(ids)
    for (let turn = 0; turn < 3; turn++) await world.run.finish()
    expect(world.begun).toEqual(['a', 'd', 'a', 'b', 'c'])
  })
})

describe('a pause with an end', () => {
  test('of one: it goes on by itself, at that time', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.pause([id], Date.now() + MINUTE)
    await world.run.end()
    await vi.advanceTimersByTimeAsync(MINUTE - 1)
    expect(world.statusOf(id)).toBe('paused')
    await vi.advanceTimersByTimeAsync(1)
    expect(world.runs).toHaveLength(2)
  })

  test.each([
    { name: 'later', until: 3 * MINUTE },
    { name: 'sooner', until: 10_000 },
    { name: 'never', until: undefined },
  ])('changed to $name: only the last word counts, after a restart too', async ({ until }) => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    const begun = Date.now()
    world.queue.pause([id], begun + MINUTE)
    await vi.advanceTimersByTimeAsync(1000)
    world.queue.pause([id], until === undefined ? undefined : begun + until)
    await world.run.end()
    await vi.advanceTimersByTimeAsync(1000)
    world.queue.stop()
    const next = new ScriptedQueue({ store: world.store })
    next.queue.load('go-on')
    if (until === undefined) {
      await vi.advanceTimersByTimeAsync(60 * MINUTE)
      expect(next.statusOf(id)).toBe('paused')
    } else {
      await vi.advanceTimersByTimeAsync(begun + until - Date.now() - 1)
      expect(next.statusOf(id)).toBe('paused')
      await vi.advanceTimersByTimeAsync(1)
      expect(next.statusOf(id)).toBe('hashing')
    }
  })

  test('that came while nothing ran to notice it: it goes on as soon as it is taken up', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.pause([id], Date.now() + MINUTE)
    world.queue.stop()
    vi.setSystemTime(Date.now() + 60 * MINUTE)
    const next = new ScriptedQueue({ store: world.store })
    next.queue.load('go-on')
    await vi.advanceTimersByTimeAsync(1)
    expect(next.statusOf(id)).toBe('hashing')
  })

  test('that came while the machine slept, whose timers sleep too: it goes on within a minute', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.pause([id], Date.now() + 60 * MINUTE)
    await world.run.end()
    world.queue.pause('all', Date.now() + 60 * MINUTE)
    vi.setSystemTime(Date.now() + 8 * 60 * MINUTE)
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(world.queue.status().paused).toBeUndefined()
    expect(world.statusOf(id)).toBe('hashing')
  })
})

describe('pausing everything', () => {
  test('stops every run, begins none, keeps the files queued, and says so', async () => {
    const world = new ScriptedQueue()
    const ids = [world.add('a.txt'), world.add('B', { size: 1e6 }), world.add('c.txt'), world.add('d.txt')]
    world.runs[1]?.emit({ type: 'hashed' })
    world.queue.pause('all')
    expect(world.runs.map(({ job }) => job.signal.aborted)).toEqual([true, true, true])
    expect(ids.map((id) => world.statusOf(id))).toEqual(['queued', 'queued', 'queued', 'queued'])
    for (const run of world.runs) await run.fail(failure('cancelled'))
    const late = world.add('e.txt')
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(world.runs).toHaveLength(3)
    expect(world.statuses.at(-1)).toEqual({ speed: 0, running: 0, paused: {} })
    world.queue.resume('all')
    expect(world.begun.slice(3)).toEqual(['a.txt', 'c.txt', 'B'])
    expect(world.queue.status().paused).toBeUndefined()
    expect(world.statusOf(late)).toBe('queued')
  })

  test('resuming one file does not end it; resuming everything ends the pauses of files too', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.pause([id])
    world.queue.pause('all')
    await world.run.end()
    world.queue.resume([id])
    expect(world.runs).toHaveLength(1)
    world.queue.pause([id])
    world.queue.resume('all')
    expect(world.runs).toHaveLength(2)
  })

  test('one that comes due meanwhile waits with the others', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    await world.run.fail(failure('server'))
    world.queue.pause('all')
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(world.runs).toHaveLength(1)
    expect(world.statusOf(id)).toBe('queued')
    world.queue.resume('all')
    expect(world.runs).toHaveLength(2)
  })

  test('survives a restart, with its end', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    world.queue.pause('all', Date.now() + MINUTE)
    world.queue.stop()
    const next = new ScriptedQueue({ store: world.store })
    next.queue.load('go-on')
    expect(next.queue.status().paused).toEqual({ until: 1_000_000 + MINUTE })
    expect(next.runs).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(next.begun).toEqual(['a.txt'])
    next.queue.stop()
    const third = new ScriptedQueue({ store: world.store })
    third.queue.load('go-on')
    expect(third.queue.status().paused).toBeUndefined()
  })
})

describe('a disk that takes nothing', () => {
  test('hinders no pause of everything, which is written down when it can be', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    world.queue.keep()
    world.store.failing = true
    world.queue.pause('all')
    expect(world.run.job.signal.aborted).toBe(true)
    expect(world.queue.status().paused).toEqual({})
    await world.run.end()
    world.store.failing = false
    await vi.advanceTimersByTimeAsync(5000)
    const next = new ScriptedQueue({ store: world.store })
    next.queue.load('go-on')
    expect(next.queue.status().paused).toEqual({})
  })

  test('hinders no end of it: not by a person, and not by its time', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.queue.pause('all', Date.now() + MINUTE)
    world.queue.pause([id])
    await world.run.end()
    world.store.failing = true
    world.queue.resume('all')
    expect(world.queue.status().paused).toBeUndefined()
    expect(world.statusOf(id)).not.toBe('paused')
    world.store.failing = false
    world.queue.pause('all', Date.now() + MINUTE)
    world.store.failing = true
    const crashes = await crashesDuring(async () => {
      await vi.advanceTimersByTimeAsync(MINUTE)
      vi.useRealTimers()
    })
    expect(crashes).toEqual([])
    expect(world.queue.status().paused).toBeUndefined()
    world.queue.stop()
  })
})
