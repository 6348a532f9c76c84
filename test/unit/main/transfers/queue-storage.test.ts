import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isFinal } from '#app/transfer'
import { failure } from '#test/builders'
import { failureOf } from '#test/failures'
import { ScriptedQueue } from '#test/scripted-queue'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Name and state of every file on the list, as the queue has them and as the store has them. */
const shown = ({ queue }: ScriptedQueue) => queue.list().map(({ remotePath, state }) => [remotePath, state])
const kept = ({ store }: ScriptedQueue) =>
  store.load().map(({ transfer }) => [transfer.remotePath, transfer.state])

describe('a store that fails', () => {
  test('nothing begins until it works again, and the status says why; what runs goes back', async () => {
    const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
    const id = world.add('a.txt')
    world.add('b.txt')
    world.store.failing = true
    const thrown = await failureOf(() => {
      world.run.job.keep()
    })
    expect(thrown.code).toBe('data-folder-unusable')
    await world.run.fail(thrown)
    expect(world.statusOf(id)).toBe('queued')
    expect(world.queue.status().blocked).toEqual({ reason: 'storage', until: 1_005_000 })
    for (let tries = 0; tries < 20; tries++) await vi.advanceTimersByTimeAsync(5000)
    expect(world.runs).toHaveLength(1)
    expect(world.queue.status().blocked).toMatchObject({ reason: 'storage' })
    world.store.failing = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(world.queue.status().blocked).toBeUndefined()
    expect(world.begun).toEqual(['a.txt', 'a.txt'])
  })

  test('whatever was done meanwhile is written down when it works again', async () => {
    const world = new ScriptedQueue({ lanes: { small: 10, big: 1 } })
    const names = ['done', 'failed', 'waiting', 'paused', 'cancelled', 'running', 'cleared']
    const [done, , , paused, cancelled, , cleared] = names.map((name) => world.add(name))
    if (!done || !paused || !cancelled || !cleared) throw new Error('Not all were added')
    const [finishes, fails, waits, pauses, cancels, runs, clears] = world.runs
    await vi.advanceTimersByTimeAsync(200)
    world.store.failing = true
    await finishes?.finish()
    await fails?.fail(failure('name-taken'))
    await waits?.fail(failure('server', { retryAfterMs: 3_600_000 }))
    world.queue.pause([paused])
    await pauses?.end()
    world.queue.cancel([cancelled])
    await cancels?.end()
    runs?.emit({ type: 'hashed' })
    await clears?.finish()
    world.queue.clear([cleared])
    world.queue.reorder([done], 'last')
    const late = world.add('late')
    await vi.advanceTimersByTimeAsync(3000)
    expect(world.queue.list().map(({ id }) => id)).not.toContain(cleared)
    world.store.failing = false
    await vi.advanceTimersByTimeAsync(5000)
    world.queue.pause([late])
    await vi.advanceTimersByTimeAsync(200)
    expect(new Map(kept(world).map(([path, state]) => [path, state]))).toEqual(
      new Map(shown(world).map(([path, state]) => [path, state])),
    )
    expect(world.store.history).toEqual(new Set([cleared]))
    expect(world.store.rows.get(cleared)?.transfer.state.status).toBe('done')
    expect(world.store.load().at(-2)?.transfer.id).toBe(done)
  })

  test('acknowledged slices are written down when it works again', async () => {
    const world = new ScriptedQueue()
    const id = world.add('B', { size: 1e6 })
    const { job } = world.run
    job.carry.upload = {
      preuploadID: 'p',
      sliceSize: 1,
      servers: [],
      duplicate: undefined,
      done: new Set([1]),
    }
    job.keep()
    job.acknowledged(1)
    world.store.failing = true
    for (const no of [2, 3]) {
      job.carry.upload.done.add(no)
      expect((await failureOf(() => job.acknowledged(no))).code).toBe('data-folder-unusable')
    }
    world.store.failing = false
    await world.run.fail(failure('data-folder-unusable'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(world.store.slices).toEqual([1, 2, 3].map((no) => ({ id, upload: 'p', no })))
  })

  test('adding, pausing, resuming, cancelling, moving and clearing never fail because of it', async () => {
    const world = new ScriptedQueue()
    const done = world.add('done')
    await world.run.finish()
    world.store.failing = true
    const id = world.add('a.txt')
    world.queue.keep()
    for (const which of [[id], 'all'] as const) {
      world.queue.pause(which, Date.now() + 1000)
      world.queue.resume(which)
    }
    world.queue.reorder([id], 'first')
    world.queue.cancel([id])
    world.queue.retry([id])
    world.queue.clear([done])
    expect(world.queue.list().map((it) => it.id)).toEqual([id])
    expect(isFinal(world.queue.get(id)?.state ?? { status: 'cancelled', finishedAt: 0 })).toBe(false)
    await vi.advanceTimersByTimeAsync(2000)
    world.queue.stop()
  })

  test('stopping with it leaves no timer behind', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    world.store.failing = true
    world.queue.stop()
    await world.run.fail(failure('cancelled'))
    expect(vi.getTimerCount()).toBe(0)
  })

  test('somebody who has to sign in is told that first, and afterwards the rest', async () => {
    const world = new ScriptedQueue({ lanes: { small: 2, big: 1 } })
    world.add('a.txt')
    world.add('b.txt')
    world.store.failing = true
    await world.runs[0]?.fail(failure('data-folder-unusable'))
    await world.runs[1]?.fail(failure('unauthorized'))
    expect(world.queue.status().blocked).toEqual({ reason: 'signed-out' })
    world.queue.unblock()
    expect(world.queue.status().blocked).toMatchObject({ reason: 'storage' })
    expect(world.runs).toHaveLength(2)
    world.store.failing = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(world.runs).toHaveLength(4)
  })
})

describe('what a person asked for', () => {
  test.each([
    ['pausing', (world: ScriptedQueue) => world.queue.pause(idsOf(world)), 'paused'],
    ['cancelling', (world: ScriptedQueue) => world.queue.cancel(idsOf(world)), 'cancelled'],
  ] as const)(
    '%s is on disk when it returns: a crash right after it does not undo it',
    (_name, ask, status) => {
      const world = new ScriptedQueue()
      world.add('a.txt')
      world.queue.keep()
      ask(world)
      expect(kept(world)).toMatchObject([['/a.txt', { status }]])
    },
  )

  test('retrying too, and another order', async () => {
    const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
    const [a, b] = [world.add('a.txt'), world.add('b.txt')]
    await world.run.fail(failure('name-taken'))
    await vi.advanceTimersByTimeAsync(200)
    world.queue.retry([a], 'overwrite')
    expect(world.store.rows.get(a)).toMatchObject({
      onDuplicate: 'overwrite',
      transfer: { state: { status: 'queued' } },
    })
    world.queue.reorder([b], 'first')
    expect(world.store.load().map(({ to }) => to.name)).toEqual(['b.txt', 'a.txt'])
  })
})

function idsOf({ queue }: ScriptedQueue) {
  return queue.list().map(({ id }) => id)
}
