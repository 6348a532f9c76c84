import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { failure } from '#test/builders'
import { settled } from '#test/deferred'
import { ScriptedQueue } from '#test/scripted-queue'

/** The network is another one: what is on its way has gone astray. */
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

test('what is on its way is broken off and begun anew, at no cost to its tries', async () => {
  const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
  const id = world.add('a.txt')
  const { run } = world
  run.emit({ type: 'hashed' }, { type: 'sending', progress: { sent: 5, slicesDone: 0, slices: 2 } })
  world.queue.startAfresh()
  expect(run.job.signal.aborted).toBe(true)
  await run.fail(failure('cancelled'))
  expect(world.begun).toEqual(['a.txt', 'a.txt'])
  expect(world.queue.get(id)?.state).toMatchObject({ status: 'hashing', tries: { attempt: 0 } })
})

test('a file that is only being read goes on', () => {
  const world = new ScriptedQueue()
  world.add('a.txt')
  world.run.emit({ type: 'hash-progressed', hashed: 2 })
  world.queue.startAfresh()
  expect(world.run.job.signal.aborted).toBe(false)
})

test.each(['offline', 'proxy-failed', 'connection-lost', 'timeout'] as const)(
  'who waits because of %s waits no longer',
  async (code) => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    await world.run.fail(failure(code, { retryAfterMs: 60_000 }))
    world.queue.startAfresh()
    expect(world.begun).toEqual(['a.txt', 'a.txt'])
  },
)

test('who has paused it has not been asked', async () => {
  const world = new ScriptedQueue()
  const id = world.add('a.txt')
  world.queue.pause([id])
  await world.run.end()
  world.queue.startAfresh()
  expect(world.statusOf(id)).toBe('paused')
  world.add('b.txt')
  world.queue.pause('all')
  await world.run.end()
  world.queue.startAfresh()
  await settled()
  expect(world.begun).toEqual(['a.txt', 'b.txt'])
})

test('and nobody is signed in by it', async () => {
  const world = new ScriptedQueue({ lanes: { small: 1, big: 1 } })
  world.add('a.txt')
  await world.run.fail(failure('unauthorized'))
  world.queue.startAfresh()
  await settled()
  expect(world.queue.status().blocked).toEqual({ reason: 'signed-out' })
  expect(world.begun).toEqual(['a.txt'])
})
