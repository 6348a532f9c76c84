import { toFailure } from '#app/errors'
import type { FolderRow } from '#app/sync/base-tree'
import { remoteName } from '#app/sync/names'
import type { SyncPair } from '#app/sync/pair'
import type { RemoteEntry } from '#app/sync/tree'
import { authorized } from '../transfers/context.ts'
import type { Base } from './base.ts'
import { join } from './local-tree.ts'
import type { SyncContext } from './sync-context.ts'

export interface Verified {
  /** Folders, from the root on, whose cloud side is not as the base has it. */
  readonly folders: readonly string[]
  readonly listings: ReadonlyMap<number, readonly RemoteEntry[]>
}

/** Lists every folder of the pair in the cloud and keeps those that are not as the base has them: what others did there is found so. */
export async function verifyRemote(
  pair: SyncPair,
  base: Base,
  { cloud, tokens }: SyncContext,
  signal: AbortSignal,
): Promise<Verified> {
  const folders: string[] = []
  const listings = new Map<number, readonly RemoteEntry[]>()
  const root = base.folder([])
  const waiting: { readonly row: FolderRow; readonly path: string }[] = root ? [{ row: root, path: '' }] : []
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { row, path } = at
    base.load(row)
    try {
      const entries = await authorized(tokens, (token) => cloud.list(token, row.fileID, signal))
      if (!isAsBase(row, entries, pair.twins)) {
        folders.push(path)
        listings.set(row.fileID, entries)
      }
    } catch (thrown) {
      // Its parent's listing says that it is gone.
      if (path === '' || toFailure(thrown).code !== 'parent-missing') throw thrown
      folders.push(path)
    }
    for (const child of row.children?.values() ?? [])
      if (child.kind === 'folder') waiting.push({ row: child, path: join(path, child.name) })
  }
  return { folders, listings }
}

/** Every row is there as it was; what else is there is somebody else's, and may stay. */
function isAsBase(row: FolderRow, entries: readonly RemoteEntry[], twins: boolean): boolean {
  const byId = new Map(entries.map((entry) => [entry.fileID, entry]))
  for (const child of row.children?.values() ?? []) {
    const there = byId.get(child.fileID)
    const named = remoteName(child.name, twins)
    if (there?.kind !== child.kind || there.name !== ('name' in named ? named.name : child.name)) return false
    if (child.kind === 'file' && (there.size !== child.size || there.md5 !== child.md5)) return false
  }
  return true
}
