import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TransferId } from '#app/transfer'
import { failure } from '#test/builders'
import { ScriptedQueue } from '#test/scripted-queue'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const ONE_AT_A_TIME = { lanes: { small: 1, big: 1 } }

/** A queue whose one place is taken by `first` until the test lets it go, and the ids of those that wait behind it. */
function waitingBehindFirst(...names: readonly string[]): {
  world: ScriptedQueue
  ids: Record<string, TransferId>
} {
  const world = new ScriptedQueue(ONE_AT_A_TIME)
  world.add('first')
  const ids = Object.fromEntries(names.map((name) => [name, world.add(name)]))
  return { world, ids }
}

/** Lets every run end well; the names in the order in which they ran. */
async function runAll(world: ScriptedQueue): Promise<readonly string[]> {
  const before = world.runs.length
  for (let done = before - 1; done < world.runs.length; done++) await world.runs[done]?.finish()
  return world.begun.slice(before)
}

const positions = ({ queue }: ScriptedQueue) =>
  [...queue.list()].sort((a, b) => a.position - b.position).map(({ remotePath }) => remotePath.slice(1))

describe('those that wait', () => {
  test('run in the order of their positions', async () => {
    const { world } = waitingBehindFirst('a', 'b', 'c')
    expect(await runAll(world)).toEqual(['a', 'b', 'c'])
  })

  test('moved to the front: in the order given, before all others', async () => {
    const { world, ids } = waitingBehindFirst('a', 'b', 'c', 'd')
    world.queue.reorder([ids['d'], ids['b']] as TransferId[], 'first')
    expect(positions(world)).toEqual(['d', 'b', 'first', 'a', 'c'])
    expect(await runAll(world)).toEqual(['d', 'b', 'a', 'c'])
  })

  test('moved to the end', async () => {
    const { world, ids } = waitingBehindFirst('a', 'b', 'c', 'd')
    world.queue.reorder([ids['c'], ids['a']] as TransferId[], 'last')
    world.add('e')
    expect(await runAll(world)).toEqual(['b', 'd', 'c', 'a', 'e'])
  })

  test('moved twice, and named twice: the last word counts, and no two share a position', async () => {
    const { world, ids } = waitingBehindFirst('a', 'b', 'c')
    const { a, b } = ids
    if (!a || !b) throw new Error('Not all were added')
    world.queue.reorder([b, b, a], 'first')
    world.queue.reorder([b], 'last')
    world.queue.reorder([a, a], 'last')
    expect(new Set(world.queue.list().map(({ position }) => position)).size).toBe(4)
    expect(await runAll(world)).toEqual(['c', 'b', 'a'])
  })

  test('of each lane keep their order, and neither lane waits for the other', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    const big = { size: 1_000_000 }
    world.add('B0', big)
    world.add('s0')
    const [b2, s2] = [world.add('B1', big), world.add('B2', big), world.add('s1'), world.add('s2')].filter(
      (_, index) => index % 2 === 1,
    )
    world.queue.reorder([s2, b2] as TransferId[], 'first')
    await world.runs[1]?.finish()
    await world.runs[2]?.finish()
    await world.runs[0]?.finish()
    await world.runs[4]?.finish()
    expect(world.begun).toEqual(['B0', 's0', 's2', 's1', 'B2', 'B1'])
  })

  test('after a restart, in the same order', async () => {
    const { world, ids } = waitingBehindFirst('a', 'b', 'c', 'd')
    world.queue.reorder([ids['d']] as TransferId[], 'first')
    world.queue.reorder([ids['a']] as TransferId[], 'last')
    const shown = positions(world)
    world.queue.stop()
    const next = new ScriptedQueue({ store: world.store, ...ONE_AT_A_TIME })
    next.queue.load('go-on')
    expect(positions(next)).toEqual(shown)
    next.add('e')
    await runAll(next)
    expect(next.begun).toEqual(['d', 'first', 'b', 'c', 'a', 'e'])
  })
})

describe('one keeps its place', () => {
  test('when it is paused and resumed', async () => {
    const { world, ids } = waitingBehindFirst('a', 'b', 'c')
    world.queue.pause([ids['a']] as TransferId[])
    await world.run.finish()
    world.queue.resume([ids['a']] as TransferId[])
    expect(await runAll(world)).toEqual(['a', 'c'])
  })

  test('when everything is paused and resumed: what was begun goes on first', async () => {
    const world = new ScriptedQueue({ lanes: { small: 2, big: 1 } })
    for (const name of ['a', 'b', 'c']) world.add(name)
    world.queue.pause('all')
    for (const run of world.runs) await run.fail(failure('cancelled'))
    world.queue.resume('all')
    expect(world.begun).toEqual(['a', 'b', 'a', 'b'])
  })

  test('when it failed and is asked for again', async () => {
    const { world, ids } = waitingBehindFirst('a', 'b', 'c')
    await world.run.finish()
    await world.run.fail(failure('name-taken'))
    world.queue.retry([ids['a']] as TransferId[])
    expect(await runAll(world)).toEqual(['a', 'c'])
  })

  test('when its next try comes due', async () => {
    const { world } = waitingBehindFirst('a', 'b', 'c')
    await world.run.fail(failure('server'))
    await vi.advanceTimersByTimeAsync(1000)
    await world.run.finish()
    expect(world.begun).toEqual(['first', 'a', 'first'])
  })
})

test.each(['paused', 'waiting'] as const)(
  'one that is %s can be moved: it has that place when it comes back',
  async (status) => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    const id = world.add('moved')
    for (const name of ['a', 'b']) world.add(name)
    if (status === 'paused') world.queue.pause([id])
    await world.run.fail(failure('server'))
    world.queue.reorder([id], 'last')
    if (status === 'paused') world.queue.resume([id])
    else await vi.advanceTimersByTimeAsync(1000)
    expect(world.statusOf(id)).toBe('queued')
    expect(await runAll(world)).toEqual(['b', 'moved'])
  },
)

test('paused, resumed and moved ten thousand times, a few files hold no more memory than a few files', () => {
  const { world, ids } = waitingBehindFirst('a', 'b')
  const { a } = ids
  if (!a) throw new Error('It was not added')
  const before = process.memoryUsage().heapUsed
  for (let time = 0; time < 10_000; time++) {
    world.queue.pause([a])
    world.queue.resume([a])
    world.queue.reorder([a], time % 2 === 0 ? 'first' : 'last')
  }
  expect(world.queue.list()).toHaveLength(3)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 ** 2)
})
