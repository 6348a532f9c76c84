import { expect, test } from 'vitest'
import { createWorld, expected, inCloud, SLICE } from '#test/world'

test('a new folder whose first file is cancelled while its request is on the way is made once', async () => {
  const world = await createWorld({ tuning: { concurrency: 2 }, quirks: { folderGapMs: 400 } })
  await world.write('d/a.txt', 'a')
  const second = await world.write('d/b.txt', 'bb')
  const { ids } = await world.add(['d'])
  const [first] = ids
  // With the servers known the file is on its way: the platform looks, finds no folder, and is about to make it.
  await world.until(() => world.emulator.requests().some(({ endpoint }) => endpoint === 'domain'))
  world.engine.queue.cancel(ids.slice(0, 1))
  await world.until((all) => all.every(({ id, state }) => id === first || state.status === 'done'))
  expect(world.emulator.folders()).toEqual(['/d'])
  expect(inCloud(world)).toContain(expected('/d/b.txt', second))
  await world.close()
})

test('a big file that is the first of a new folder does not hold up the small ones there until it is through', async () => {
  const world = await createWorld({ tuning: { concurrency: 2 } })
  const big = await world.write('d/a.bin', 4 * SLICE)
  const small = await Promise.all(['b', 'c', 'd'].map((name) => world.write(`d/${name}.txt`, name)))
  world.emulator.fault({ on: 'create', kind: 'delay', ms: 500 })
  world.emulator.fault({ on: 'slice', kind: 'delay', ms: 1000, times: 4 })
  await world.add(['d/a.bin'], { folders: ['d'] })
  await world.until((all) => all.some(({ state }) => state.status === 'creating'))
  await world.add(['d/b.txt', 'd/c.txt', 'd/d.txt'], { folders: ['d'] })
  const transfers = await world.until(
    (all) => all.filter(({ state }) => state.status === 'done').length === 3,
  )
  expect(transfers.find(({ path }) => path.endsWith('a.bin'))?.state.status).toBe('uploading')
  await world.until((all) => all.every(({ state }) => state.status === 'done'))
  expect(world.emulator.folders()).toEqual(['/d'])
  const there = ['b', 'c', 'd'].map((name, index) => expected(`/d/${name}.txt`, small[index] ?? big))
  expect(inCloud(world)).toEqual([expected('/d/a.bin', big), ...there].sort())
  await world.close()
})
