import { lstatSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '#test/sync/sync-world'

/** Folders with many files: what is known of them is not sent again. */

let sync: SyncWorld
afterEach(() => sync.world.close())

const FOLDERS = ['甲', '乙']
const EACH = 5000

const calls = (...endpoints: readonly string[]): number =>
  sync.world.emulator.requests().filter(({ endpoint }) => endpoints.includes(endpoint)).length

test('10,000 files that were only touched send nothing, and a folder of 5,000 that is renamed is one call', async () => {
  sync = await createSyncWorld({ mode: 'mirror' }, { rateLimit: 'off' }, 'paused')
  const { world, id } = sync
  for (const folder of FOLDERS) {
    mkdirSync(join(world.folder, folder))
    for (let no = 0; no < EACH; no++) {
      const content = `${folder} ${no}`
      writeFileSync(join(world.folder, folder, `${no}.txt`), content)
      await world.emulator.seed(`/pair/${folder}/${no}.txt`, Buffer.from(content))
    }
  }
  world.engine.sync.resume(id)
  await sync.until(({ state, files }) => state.status === 'synced' && files === FOLDERS.length * EACH)
  expect(calls('create', 'single_create')).toBe(0)

  for (const folder of FOLDERS)
    for (const name of readdirSync(join(world.folder, folder))) {
      const path = join(world.folder, folder, name)
      const { mtimeMs } = lstatSync(path)
      utimesSync(path, mtimeMs / 1000, mtimeMs / 1000 + 60)
    }
  await sync.sync()
  expect(calls('create', 'single_create', 'mkdir', 'move', 'rename', 'trash')).toBe(0)

  renameSync(join(world.folder, '甲'), join(world.folder, '丙'))
  await sync.sync()
  expect(calls('rename', 'move')).toBe(1)
  expect(calls('create', 'single_create', 'mkdir', 'trash')).toBe(0)
  const there = sync.there()
  expect(Object.keys(there)).toHaveLength(FOLDERS.length * (EACH + 1))
  expect(there).toEqual(sync.here())
})
