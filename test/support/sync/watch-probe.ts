import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchFolder } from '#main/sync/watcher'

/** Tries to watch fifty folders, and prints how that went: for a process that may not. */
const root = mkdtempSync(join(tmpdir(), 'pan123-watch-'))
for (let n = 0; n < 50; n++) mkdirSync(join(root, `d${n}`))
const watch = await watchFolder({
  root,
  entries: Number(process.argv[2]),
  drive: 'local',
  rules: [],
  onHeard: () => undefined,
})
console.log(JSON.stringify(watch.watching))
await watch.close()
rmSync(root, { recursive: true })
