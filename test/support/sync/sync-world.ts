import { readdirSync, readFileSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { MARKER } from '#app/sync/names'
import type { NewPair, PairId, PairStatus, SyncState } from '#app/sync/pair'
import { createWorld, md5Of, type World, type WorldOptions } from '../world.ts'

/** A world with one pair: its local folder is the world's, its cloud folder `/pair`. */
export interface SyncWorld {
  readonly world: World
  readonly id: PairId
  /** Resolves when the pair is in that state. */
  until(condition: (status: PairStatus) => boolean): Promise<PairStatus>
  /** Looks at all of the disk, and waits until the pair is at rest. */
  sync(what?: 'changes' | 'everything'): Promise<PairStatus>
  /** Paths with MD5s, as they are on this side and in the cloud. */
  here(): Tree
  there(): Tree
}

export type Tree = Readonly<Record<string, string>>

const AT_REST: ReadonlySet<SyncState['status']> = new Set(['synced', 'halted', 'paused'])

export async function createSyncWorld(
  pair: Partial<NewPair> = {},
  options: WorldOptions = {},
  begins: 'at-once' | 'paused' = 'at-once',
): Promise<SyncWorld> {
  const world = await createWorld({ quirks: { folderGapMs: 0 }, ...options })
  const wanted: NewPair = { localPath: world.folder, remotePath: '/pair', mode: 'mirror', ...pair }
  const id = await world.engine.sync.add(wanted, 'app', { exclude: [] })
  if (begins === 'paused') world.engine.sync.pause(id, undefined)
  return syncWorld(world, id)
}

function syncWorld(world: World, id: PairId): SyncWorld {
  const status = (): PairStatus | undefined => world.engine.sync.list().find(({ pair }) => pair.id === id)
  const until: SyncWorld['until'] = async (condition) => {
    await world.until(() => {
      const now = status()
      return now !== undefined && condition(now)
    })
    const reached = status()
    if (!reached) throw new Error('The pair is gone')
    return reached
  }
  return {
    world,
    id,
    until,
    async sync(what = 'changes') {
      world.engine.sync.now(id, what)
      return until(({ state }) => AT_REST.has(state.status))
    },
    here: () => localTree(world.folder),
    there: () =>
      Object.fromEntries(
        world.emulator
          .tree()
          .filter(({ path }) => path.startsWith('/pair/'))
          .map(({ path, md5 }) => [path.slice('/pair/'.length), md5]),
      ),
  }
}

function localTree(folder: string, below = ''): Tree {
  const tree: Record<string, string> = {}
  for (const name of readdirSync(join(folder, below)).sort()) {
    if (below === '' && name === MARKER) continue
    const path = below === '' ? name : `${below}/${name}`
    const stats = lstatSync(join(folder, path))
    if (stats.isDirectory()) Object.assign(tree, { [path]: '' }, localTree(folder, path))
    else if (stats.isFile()) tree[path] = md5Of(readFileSync(join(folder, path)))
  }
  return tree
}
