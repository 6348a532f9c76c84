import { appendFile, readFile, rename, truncate, utimes, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createWorld, md5Of, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

describe('a file that changes while it goes up is never mixed', () => {
  const changes: readonly (readonly [name: string, change: (path: string) => Promise<unknown>])[] = [
    ['appended to', (path) => appendFile(path, 'more')],
    ['shortened', (path) => truncate(path, 2 * SLICE)],
    ['rewritten in place', (path) => writeFile(path, Buffer.alloc(6 * SLICE, 7))],
    [
      'replaced by another of the same size',
      async (path) => {
        await writeFile(`${path}.new`, Buffer.alloc(6 * SLICE, 9))
        await rename(`${path}.new`, path)
      },
    ],
    ['touched', (path) => utimes(path, new Date(), new Date(1_700_000_000_000))],
  ]
  test.each(changes)('%s: it starts over and arrives as it is now', async (_name, change) => {
    await open({ tuning: { concurrency: 1 } })
    const { path } = await world.write('a.bin', 6 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'delay', ms: 400 })
    const done = world.upload(['a.bin'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' && state.slicesDone === 2),
    )
    await change(path)
    const [transfer] = await done
    expect(outcomeOf(transfer)).toMatch(/^done/u)
    const now = await readFile(path)
    expect(world.emulator.files().map(({ size }) => size)).toEqual([now.length])
    expect(world.emulator.files()[0]?.md5).toBe(md5Of(now))
  })

  test('a file that never holds still fails as such', async () => {
    await open({ tuning: { concurrency: 1 } })
    const { path } = await world.write('a.bin', 4 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'delay', ms: 100, times: 100 })
    let touched = -1
    const done = world.upload(['a.bin'])
    const creates = (): number =>
      world.emulator.requests().filter(({ endpoint }) => endpoint === 'create').length
    void world.until((all) => {
      const moving = all.some(({ state }) => state.status === 'uploading' && state.slicesDone > 0)
      if (moving && creates() !== touched) {
        touched = creates()
        void appendFile(path, 'x')
      }
      return false
    })
    expect(outcomeOf((await done)[0])).toBe('failed file-changed')
    expect(world.emulator.files()).toEqual([])
  })
})
