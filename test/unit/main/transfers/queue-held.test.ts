import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { failure } from '#test/builders'
import { ScriptedQueue } from '#test/scripted-queue'

/** On battery or a metered network, where the person has said that nothing goes up then. */

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

test('what is under way is broken off, nothing begins, and the status says why', async () => {
  const world = new ScriptedQueue()
  const id = world.add('a.txt')
  world.queue.setHold('battery')
  expect(world.run.job.signal.aborted).toBe(true)
  await world.run.end()
  world.add('b.txt')
  expect(world.begun).toEqual(['a.txt'])
  expect(world.statusOf(id)).toBe('queued')
  expect(world.queue.status()).toEqual({ speed: 0, running: 0, blocked: { reason: 'battery' } })
  await vi.advanceTimersByTimeAsync(100)
  expect(world.statuses.at(-1)?.blocked).toEqual({ reason: 'battery' })

  world.queue.setHold(undefined)
  expect(world.begun).toEqual(['a.txt', 'a.txt', 'b.txt'])
  expect(world.queue.status().blocked).toBeUndefined()
})

test.each(['the network’s return', 'a sign-in', 'the end of a person’s pause'])(
  '%s does not end it',
  async (what) => {
    const world = new ScriptedQueue()
    world.queue.setHold('metered')
    if (what === 'the end of a person’s pause') world.queue.pause('all', 1_001_000)
    world.add('a.txt')
    if (what === 'the network’s return') world.queue.startAfresh()
    if (what === 'a sign-in') world.queue.unblock()
    await vi.advanceTimersByTimeAsync(2000)
    expect(world.queue.status()).toMatchObject({ blocked: { reason: 'metered' } })
    expect(world.begun).toEqual([])
  },
)

test.each([
  ['unauthorized', 'signed-out'],
  ['offline', 'battery'],
] as const)('%s beside it is told as %s, and outlasts it', async (code, told) => {
  const world = new ScriptedQueue()
  world.add('a.txt')
  await world.run.fail(failure(code, { retryAfterMs: 60_000 }))
  world.queue.setHold('battery')
  expect(world.queue.status().blocked).toMatchObject({ reason: told })
  world.queue.setHold(undefined)
  expect(world.begun).toEqual(['a.txt'])
  expect(world.queue.status().blocked?.reason).toBe(code === 'offline' ? 'offline' : 'signed-out')
  world.queue.stop()
})

test('another reason takes its place without anything going out between', () => {
  const world = new ScriptedQueue()
  world.queue.setHold('battery')
  world.add('a.txt')
  world.queue.setHold('metered')
  expect(world.begun).toEqual([])
  expect(world.queue.status().blocked).toEqual({ reason: 'metered' })
})
