import { expect, test } from 'vitest'
import { createWorld, expected, inCloud } from '#test/world'

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
