import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSyncWorld } from '#test/sync/sync-world'

test('a pair is held up with the queue, says so, and goes on by itself', async () => {
  const { world, until, there } = await createSyncWorld()
  await until(({ state }) => state.status === 'synced')
  world.engine.setHold('metered')
  writeFileSync(join(world.folder, 'a.txt'), 'a')
  const { state } = await until((now) => now.state.status === 'held')
  expect(state).toEqual({ status: 'held', reason: 'metered' })
  expect(there()).toEqual({})

  world.engine.setHold(undefined)
  await until((now) => now.state.status === 'synced' && now.files === 1)
  expect(Object.keys(there())).toEqual(['a.txt'])
})

test('a pair is looked through when the machine has slept, whatever was heard meanwhile', async () => {
  const { world, until } = await createSyncWorld()
  const { syncedAt = 0 } = await until(({ state }) => state.status === 'synced')
  world.engine.reconnect()
  const after = await until((now) => now.state.status === 'synced' && (now.syncedAt ?? 0) > syncedAt)
  expect(after.problems).toBe(0)
})
