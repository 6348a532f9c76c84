import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSyncWorld } from './sync-world.ts'

/** Keeps a folder in step where nothing can be watched, and prints how that went: for a process that may not watch. */
const sync = await createSyncWorld({}, { syncTuning: { blindScanMs: 100 } }, 'paused')
const { world, id } = sync
for (let no = 0; no < 50; no++) writeFileSync(join(world.folder, `${no}`), `${no}`)
world.engine.sync.resume(id)
const { watching } = await sync.until(
  ({ state, watching: by }) => state.status === 'synced' && 'command' in by,
)
writeFileSync(join(world.folder, 'later'), 'later')
await world.until(() => sync.there()['later'] !== undefined)
console.log(JSON.stringify(watching))
await world.close()
