import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, SLICE, type World } from '#test/world'

let world: World
beforeEach(async () => {
  world = await createWorld({ tuning: { concurrency: 1 } })
})
afterEach(() => world.close())

test('what went wrong on the way is still known when the file has arrived', async () => {
  const { md5 } = await world.write('a.bin', 4 * SLICE)
  world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'before', status: 500, times: 2 })
  const [transfer] = await world.upload(['a.bin'])
  if (!transfer) throw new Error('It was added')
  expect(world.engine.queue.details(transfer.id)).toMatchObject({
    md5,
    failures: 2,
    lastFailure: { failure: { code: 'server' } },
    slices: { sizeBytes: SLICE, count: 4, done: [{ from: 1, end: 5 }] },
  })
})

test('of one that is held, the slices that have arrived are known, also after a restart', async () => {
  const { md5 } = await world.write('a.bin', 5 * SLICE)
  world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'hang' })
  const { ids } = await world.add(['a.bin'])
  const [id] = ids
  if (!id) throw new Error('It was added')
  const arrived = { sizeBytes: SLICE, count: 5, done: [{ from: 1, end: 3 }] }
  await world.until(() => world.engine.queue.details(id)?.slices?.done[0]?.end === 3)
  world.engine.queue.pause([id])
  // A person's pause is no failure.
  await world.until(([transfer]) => transfer?.state.status === 'paused')
  expect(world.engine.queue.details(id)).toMatchObject({ md5, failures: 0, slices: arrived })
  await world.restart()
  expect(world.engine.queue.details(id)).toMatchObject({ md5, slices: arrived })
})
