import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CLI_RETRY } from '#app/retry'
import type { TransferEvent, TransferId } from '#app/transfer'
import { failure } from '#test/builders'
import { ScriptedQueue, type Run } from '#test/scripted-queue'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const UPLOAD = { preuploadID: 'p', sliceSize: 10, servers: ['https://up'], duplicate: undefined }
const SENDING: TransferEvent = { type: 'sending', progress: { sent: 30, slicesDone: 2, slices: 4 } }

/** What an app that is started again on the same data folder has. */
function restarted(world: ScriptedQueue, how: 'go-on' | 'hold' = 'go-on', options = {}): ScriptedQueue {
  world.queue.stop()
  const next = new ScriptedQueue({ store: world.store, ...options })
  next.queue.load(how)
  return next
}

/** A big file that is being sent, two of its four slices acknowledged. */
function halfSent(world: ScriptedQueue, name = 'big'): { readonly id: TransferId; readonly run: Run } {
  const id = world.add(name, { size: 40_000 })
  const { run } = world
  run.emit({ type: 'hashed' })
  const { carry } = run.job
  carry.identity = { dev: '1', ino: '2', size: 40, mtimeNs: '3' }
  carry.upload = { ...UPLOAD, done: new Set() }
  carry.before = new Set([5])
  run.job.keep()
  for (const no of [1, 3]) {
    carry.upload.done.add(no)
    run.job.acknowledged(no)
  }
  run.emit(SENDING)
  return { id, run }
}

const doneSlices = ({ run }: ScriptedQueue) => [...(run.job.carry.upload?.done ?? [])].sort()

describe('taken up again', () => {
  test.each([
    { name: 'hashing', events: [] },
    { name: 'creating', events: [{ type: 'hashed' }] },
    { name: 'uploading', events: [{ type: 'hashed' }, SENDING] },
    { name: 'completing', events: [{ type: 'hashed' }, { type: 'sent-all' }] },
    {
      name: 'waiting',
      events: [
        {
          type: 'failed',
          failure: failure('server', { retryAfterMs: 3_600_000 }),
          now: 1_000_000,
          random: 0,
        },
      ],
    },
  ] as const)('one that was $name goes on at once, as fresh as ever', ({ name, events }) => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.run.emit(...events)
    expect(world.statusOf(id)).toBe(name)
    const next = restarted(world)
    expect(next.begun).toEqual(['a.txt'])
    expect(next.queue.get(id)?.state).toMatchObject({ status: 'hashing', tries: { attempt: 0 } })
  })

  test('half sent: its acknowledged slices are known, and that an answer may be missing', () => {
    const world = new ScriptedQueue()
    const { id } = halfSent(world)
    vi.setSystemTime(2_000_000)
    const next = restarted(world)
    expect(doneSlices(next)).toEqual([1, 3])
    expect(next.run.job.carry).toMatchObject({ unsureSince: 2_000_000, before: new Set([5]) })
    expect(next.queue.get(id)).toMatchObject({ keptBytes: 20 })
  })

  test('paused, it stays so, with its slices', () => {
    const world = new ScriptedQueue()
    const { id } = halfSent(world)
    world.queue.pause([id])
    const next = restarted(world)
    expect(next.queue.get(id)).toMatchObject({ keptBytes: 20, state: { status: 'paused' } })
    expect(next.runs).toHaveLength(0)
    next.queue.resume([id])
    expect(doneSlices(next)).toEqual([1, 3])
  })

  test.each(['failed', 'cancelled'] as const)(
    '%s in the middle, and asked for again after the restart: its slices are not sent again',
    async (status) => {
      const world = new ScriptedQueue()
      const { id, run } = halfSent(world)
      if (status === 'cancelled') world.queue.cancel([id])
      else run.emit({ type: 'failed', failure: failure('verify-timeout'), now: 1_000_000, random: 0 })
      await run.end()
      expect(world.statusOf(id)).toBe(status)
      await vi.advanceTimersByTimeAsync(200)
      const next = restarted(world)
      expect(next.statusOf(id)).toBe(status)
      next.queue.retry([id])
      expect(doneSlices(next)).toEqual([1, 3])
    },
  )

  test('done and failed stay what they are; what was cleared is gone', async () => {
    const world = new ScriptedQueue({ lanes: { small: 9, big: 1 } })
    const ids = ['done', 'failed', 'cleared'].map((name) => world.add(name))
    await world.runs[0]?.finish()
    await world.runs[1]?.fail(failure('name-taken'))
    await world.runs[2]?.finish()
    world.queue.clear(ids.slice(2))
    const before = world.queue.list()
    const next = restarted(world)
    expect(next.queue.list()).toEqual(before)
    expect(next.runs).toHaveLength(0)
  })

  test('a file of it added anew is the same transfer, unless it has arrived', async () => {
    const world = new ScriptedQueue({ lanes: { small: 9, big: 1 } })
    const [done, open, failed] = ['done', 'open', 'failed'].map((name) => world.add(name))
    await world.runs[0]?.finish()
    await world.runs[2]?.fail(failure('name-taken'))
    const next = restarted(world, 'go-on', { lanes: { small: 9, big: 1 } })
    expect(next.add('done')).not.toBe(done)
    expect(next.add('open')).toBe(open)
    expect(next.add('failed')).toBe(failed)
    expect(next.begun.toSorted()).toEqual(['done', 'failed', 'open'])
  })
})

describe('held back', () => {
  test('nothing of it runs, nothing of it comes due, and it counts as held', async () => {
    const world = new ScriptedQueue({ lanes: { small: 9, big: 1 } })
    const [queued, waiting, paused, done] = ['queued', 'waiting', 'paused', 'done'].map((name) =>
      world.add(name),
    ) as [TransferId, TransferId, TransferId, TransferId]
    await world.runs[1]?.fail(failure('server'))
    world.queue.pause([paused], 1_010_000)
    await world.runs[3]?.finish()
    const next = restarted(world, 'hold')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(next.runs).toHaveLength(0)
    expect([queued, waiting, paused, done].map((id) => next.queue.isHeld(id))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  test('another file goes past it', () => {
    const world = new ScriptedQueue()
    world.add('held')
    const next = restarted(world, 'hold')
    next.add('other')
    expect(next.begun).toEqual(['other'])
  })

  test.each(['queued', 'waiting', 'paused', 'failed'] as const)(
    'the same file added anew takes up the one that is %s, with what is wanted now',
    async (status) => {
      const world = new ScriptedQueue()
      const id = world.add('a.txt')
      if (status === 'waiting') await world.run.fail(failure('server'))
      if (status === 'failed') await world.run.fail(failure('name-taken'))
      if (status === 'paused') world.queue.pause([id])
      await vi.advanceTimersByTimeAsync(200)
      const next = restarted(world, 'hold')
      expect(next.add('a.txt', { onDuplicate: 'keep-both' })).toBe(id)
      expect(next.begun).toEqual(['a.txt'])
      expect(next.run.job.onDuplicate).toBe('keep-both')
      expect(next.queue.isHeld(id)).toBe(false)
    },
  )

  test('resuming everything lets all go on, and one only that one', () => {
    const world = new ScriptedQueue()
    const [a] = [world.add('a.txt'), world.add('b.txt')]
    if (!a) throw new Error('It was not added')
    const next = restarted(world, 'hold')
    next.queue.resume([a])
    expect(next.begun).toEqual(['a.txt'])
    next.queue.resume('all')
    expect(next.begun).toEqual(['a.txt', 'b.txt'])
  })

  test('a pause of everything is neither ended nor in the way, and is there the next time', () => {
    const world = new ScriptedQueue()
    world.queue.pause('all')
    world.add('a.txt')
    const next = restarted(world, 'hold')
    next.add('b.txt')
    expect(next.begun).toEqual(['b.txt'])
    const third = restarted(next)
    expect(third.queue.status().paused).toEqual({})
    expect(third.runs).toHaveLength(0)
  })

  test('one that was cancelled while it was held runs when it is asked for again', () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    const next = restarted(world, 'hold')
    next.queue.cancel([id])
    next.queue.resume('all')
    expect(next.runs).toHaveLength(0)
    next.queue.retry([id])
    expect(next.begun).toEqual(['a.txt'])
  })

  test("a network that stays away fails what is this run's, and leaves alone what is held or paused", async () => {
    const world = new ScriptedQueue()
    const held = world.add('held')
    const next = restarted(world, 'hold', { retry: { ...CLI_RETRY, maxAttempts: 1 } })
    const paused = next.add('paused')
    next.queue.pause([paused])
    const [a, b] = [next.add('a.txt'), next.add('b.txt')] as [TransferId, TransferId]
    await next.runs.at(-1)?.fail(failure('offline'))
    expect([a, b].map((id) => next.statusOf(id))).toEqual(['failed', 'failed'])
    expect([held, paused].map((id) => next.statusOf(id))).toEqual(['queued', 'paused'])
  })
})

describe('asked for again', () => {
  test('ambiguous: what stands there now is not taken for ours', async () => {
    const world = new ScriptedQueue()
    const { id, run } = halfSent(world)
    await run.fail(failure('ambiguous'))
    const next = restarted(world)
    next.queue.retry([id])
    expect(next.run.job.carry.before).toBeUndefined()
    expect(next.run.job.carry.unsureSince).toBeUndefined()
  })

  test("another account's: nothing is left of what was sent to that one", async () => {
    const world = new ScriptedQueue()
    const { id, run } = halfSent(world)
    run.job.carry.owner = 'somebody'
    await run.fail(failure('other-account'))
    const next = restarted(world)
    next.queue.retry([id])
    expect(next.run.job.carry).toEqual({ failures: 0, sentBytes: 0 })
    expect(next.queue.get(id)).toMatchObject({ keptBytes: 0 })
  })
})
