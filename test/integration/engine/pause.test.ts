import { afterEach, expect, test, vi } from 'vitest'
import { Arrivals } from '#test/arrivals'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World } from '#test/world'

let world: World
afterEach(() => world.close())

const LIMIT = 8 * SLICE

test.each(['all', 'some'] as const)(
  'a pause of %s: less than a second’s worth of bytes comes in after it, no connection stays, and all of it arrives later',
  async (which) => {
    const arrivals = new Arrivals()
    world = await createWorld({ tuning: { upBytesPerSecond: LIMIT }, onBodyBytes: arrivals.hear })
    const a = await world.write('a.bin', 6 * SLICE)
    const b = await world.write('b.bin', 6 * SLICE)
    const { ids } = await world.add(['a.bin', 'b.bin'])
    await arrivals.reached(2 * SLICE)

    world.engine.queue.pause(which === 'all' ? 'all' : ids)
    const atPause = arrivals.total
    await world.until(() => world.statuses.at(-1)?.running === 0)
    const slices = () => world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice')
    // Each that was begun has ended: no byte can follow.
    await vi.waitFor(() => {
      expect(slices()).toHaveLength(arrivals.requests.length)
    })
    expect(arrivals.total - atPause).toBeLessThan(LIMIT)

    world.engine.queue.resume(which === 'all' ? 'all' : ids)
    const transfers = await world.until((all) => all.every(({ state }) => state.status === 'done'))
    expect(transfers.map(outcomeOf)).toEqual(['done sliced', 'done sliced'])
    expect(inCloud(world)).toEqual([expected('/a.bin', a), expected('/b.bin', b)])
  },
)
