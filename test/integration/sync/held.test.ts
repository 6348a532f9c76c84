import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSyncWorld } from '#test/sync/sync-world'

test('a pair is held up with the queue, says so, and goes on by itself', async () => {
  const sync = await createSyncWorld()
  const { engine, folder } = sync.world
  await sync.until(({ state }) => state.status === 'synced')
  engine.setHold('metered')
  writeFileSync(join(folder, 'a.txt'), 'a')
  const { state } = await sync.until((now) => now.state.status === 'held')
  expect(state).toEqual({ status: 'held', reason: 'metered' })
  expect(sync.there()).toEqual({})

  engine.setHold(undefined)
  await sync.until((now) => now.state.status === 'synced' && now.files === 1)
  expect(Object.keys(sync.there())).toEqual(['a.txt'])
})

test('a pair is looked through when the machine has slept, whatever was heard meanwhile', async () => {
  const sync = await createSyncWorld()
  const { syncedAt = 0 } = await sync.until(({ state }) => state.status === 'synced')
  sync.world.engine.reconnect()
  const after = await sync.until((now) => now.state.status === 'synced' && (now.syncedAt ?? 0) > syncedAt)
  expect(after.problems).toBe(0)
})
