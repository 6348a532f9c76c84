import type { CloudFolders } from '#app/ipc'
import type { RemoteIndex } from '../transfers/remote-index.ts'

/** Whoever walks through folders lists each once; what others made meanwhile is seen on the next walk. */
const FRESH_MS = 30_000

/** By the listings that uploads use, all pages of each: nothing is asked twice. */
export async function foldersIn(
  index: Pick<RemoteIndex, 'locate'>,
  path: readonly string[],
  now: number,
): Promise<CloudFolders> {
  const place = await index.locate({ rootID: 0, folders: path, name: '' }, now - FRESH_MS)
  if (place.containDir) return { status: 'new', names: [] }
  const folders = place.siblings.filter(({ kind }) => kind === 'folder')
  // The cloud may have two of one name.
  return { status: 'there', names: [...new Set(folders.map(({ name }) => name))] }
}
