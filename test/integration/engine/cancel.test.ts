import { afterEach, describe, expect, test } from 'vitest'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

describe('cancel and retry', () => {
  test('cancelled in the middle: no more bytes, and a retry sends only what is missing', async () => {
    await open({ tuning: { concurrency: 1 } })
    const file = await world.write('a.bin', 6 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 4, kind: 'hang' })
    const { ids } = await world.add(['a.bin'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' && state.slicesDone === 3),
    )
    world.engine.queue.cancel(ids)
    const [cancelled] = await world.until((all) => all.every(({ state }) => state.status === 'cancelled'))
    expect(cancelled?.state.status).toBe('cancelled')
    expect(world.emulator.files()).toEqual([])
    world.engine.queue.retry(ids)
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    const good = world.emulator.requests().filter(({ endpoint, code }) => endpoint === 'slice' && code === 0)
    expect(good.map(({ sliceNo }) => sliceNo)).toEqual([1, 2, 3, 4, 5, 6])
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  })

  test('the same file added twice while it goes up is one transfer', async () => {
    await open()
    await world.write('a.bin', 3 * SLICE)
    const first = await world.add(['a.bin'])
    const second = await world.add(['a.bin'])
    expect(second.ids).toEqual(first.ids)
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
  })

  test('a transfer thread that dies is replaced and its files go on', async () => {
    await open()
    const files = await Promise.all([0, 1, 2].map((index) => world.write(`d/${index}.bin`, 3 * SLICE)))
    world.emulator.fault({ on: 'slice', kind: 'delay', ms: 300, times: 3 })
    const done = world.upload(['d'])
    await world.until((all) => all.some(({ state }) => state.status === 'uploading'))
    await world.killThreads()
    const transfers = await done
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done sliced']))
    expect(inCloud(world)).toEqual(files.map((file, index) => expected(`/d/${index}.bin`, file)))
  })
})
