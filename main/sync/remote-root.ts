import { toFailure } from '#app/errors'
import { splitRemote } from '#app/naming'
import type { SyncPair } from '#app/sync/pair'
import type { PairFacts } from '../store/sync-store.ts'
import { authorized } from '../transfers/context.ts'
import type { SyncContext } from './sync-context.ts'

/** The drive's own root. */
const DRIVE_ROOT = 0

/** The id of the pair's folder in the cloud: found or made the first time; undefined when the one that it had is not there any more. */
export async function findRemoteRoot(
  { remotePath }: SyncPair,
  { remoteRoot }: PairFacts,
  { cloud, tokens }: SyncContext,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (remoteRoot === DRIVE_ROOT) return DRIVE_ROOT
  if (remoteRoot !== undefined) {
    const found = await authorized(tokens, (token) => cloud.detail(token, remoteRoot, signal))
    return found?.kind === 'folder' && !found.trashed ? remoteRoot : undefined
  }
  let at = DRIVE_ROOT
  for (const name of splitRemote(remotePath)) {
    const parent = at
    const folderNamed = (): Promise<number | undefined> => folderIn(parent, name, { cloud, tokens }, signal)
    const known = await folderNamed()
    at =
      known ??
      (await make(() => authorized(tokens, (token) => cloud.mkdir(token, parent, name, signal)), folderNamed))
  }
  return at
}

/** The folder at that path, if it is there; nothing is made. */
export async function lookForRemoteRoot(
  remotePath: string,
  context: Pick<SyncContext, 'cloud' | 'tokens'>,
  signal: AbortSignal,
): Promise<number | undefined> {
  let at: number | undefined = DRIVE_ROOT
  for (const name of splitRemote(remotePath)) {
    at = await folderIn(at, name, context, signal)
    if (at === undefined) return undefined
  }
  return at
}

async function folderIn(
  parent: number,
  name: string,
  { cloud, tokens }: Pick<SyncContext, 'cloud' | 'tokens'>,
  signal: AbortSignal,
): Promise<number | undefined> {
  const entries = await authorized(tokens, (token) => cloud.list(token, parent, signal))
  const folders = entries.filter((entry) => entry.kind === 'folder' && entry.name === name)
  // The first, where it was made twice.
  return folders.map(({ fileID }) => fileID).toSorted((one, other) => one - other)[0]
}

/** Somebody else may have made it in between, or the answer to an earlier try got lost. */
async function make(mkdir: () => Promise<number>, find: () => Promise<number | undefined>): Promise<number> {
  try {
    return await mkdir()
  } catch (thrown) {
    const found = toFailure(thrown).code === 'name-taken' ? await find() : undefined
    if (found === undefined) throw thrown
    return found
  }
}
