import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { watchFolder, type Heard, type Watch, type WatchOptions } from '#main/sync/watcher'
import { withFewWatches } from '#test/sync/few-watches'
import { tempFolder, writeTree } from '#test/temp-folder'

const BACKENDS = [
  { backend: 'chokidar', entries: 10 },
  { backend: 'native', entries: 100_000 },
] as const

let watch: Watch | undefined
afterEach(() => watch?.close())

interface Listener {
  /** Resolves when something has been heard of that folder. */
  readonly hears: (folder: string) => Promise<void>
  readonly heard: readonly Heard[]
}

async function listen(root: string, more: Partial<WatchOptions>): Promise<Listener> {
  const heard: Heard[] = []
  const folders = new Set<string>()
  const waiting = new Set<() => void>()
  watch = await watchFolder({
    root,
    entries: 10,
    drive: 'local',
    rules: [],
    ...more,
    onHeard: (one) => {
      heard.push(one)
      if (one.kind === 'changed') for (const folder of one.folders) folders.add(folder)
      for (const look of waiting) look()
    },
  })
  const hears = (folder: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!folders.delete(folder)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { hears, heard }
}

describe.each(BACKENDS)('by $backend', ({ backend, entries }) => {
  test('what is made, changed, renamed and deleted is heard of, with the folder it is in', async () => {
    const root = tempFolder()
    writeTree(root, { 'a/b/c.txt': 'c', 'd.txt': 'd' })
    const { hears } = await listen(root, { entries })
    expect(watch).toMatchObject({ watching: { kind: 'events' }, by: backend })
    writeFileSync(join(root, 'a/b/c.txt'), 'other')
    await hears('a/b')
    writeFileSync(join(root, 'a/new.txt'), '')
    await hears('a')
    renameSync(join(root, 'a/new.txt'), join(root, 'a/b/new.txt'))
    await Promise.all([hears('a'), hears('a/b')])
    rmSync(join(root, 'd.txt'))
    await hears('')
    mkdirSync(join(root, 'e'))
    await hears('')
    renameSync(join(root, 'a/b'), join(root, 'e/b'))
    await Promise.all([hears('a'), hears('e')])
    writeFileSync(join(root, 'e/b/more.txt'), '')
    await hears('e/b')
  })

  test('nothing is heard of what a rule leaves out, nor of the marker', async () => {
    const root = tempFolder()
    writeTree(root, { 'node_modules/x/y.txt': '', 'a/b.txt': '' })
    const { hears, heard } = await listen(root, { entries, rules: ['node_modules/'] })
    writeFileSync(join(root, '.123pan-sync'), 'id')
    writeFileSync(join(root, 'node_modules/x/z.txt'), '')
    writeFileSync(join(root, 'a/b.txt'), 'later')
    await hears('a')
    const folders = heard.flatMap((one) => (one.kind === 'changed' ? [...one.folders] : []))
    expect(folders.filter((folder) => folder !== 'a')).toEqual([])
  })
})

describe('where the system lets nobody watch so many', () => {
  test.each(BACKENDS)('$backend says so, with the line that raises the limit', ({ entries }) => {
    expect(JSON.parse(withFewWatches(20, 'watch-probe', String(entries)))).toEqual({
      kind: 'scans',
      why: 'watch-limit',
      command: 'sudo sysctl fs.inotify.max_user_watches=524288',
    })
  })
})
