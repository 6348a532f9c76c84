import type { BigIntStats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { DriveError } from '#app/errors'

/** Which file this is and which version of it: when any of it changes, what we know of the content is worth nothing. */
export interface FileIdentity {
  readonly dev: string
  readonly ino: string
  readonly size: number
  readonly mtimeNs: string
}

/** Looks at a file without opening it: a pipe or a device would hang the opener. */
export async function identify(path: string): Promise<FileIdentity> {
  try {
    const stats = await stat(path, { bigint: true })
    if (!stats.isFile()) throw new DriveError('not-a-file', `Not a regular file: ${path}`)
    return identityOf(stats)
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}

/** Opens exactly the file that was identified, or fails with `file-changed`. The caller closes it. */
export async function openIdentified(path: string, identity: FileIdentity): Promise<FileHandle> {
  let handle: FileHandle
  try {
    if (!sameIdentity(await identify(path), identity)) throw changed(path)
    handle = await open(path, 'r')
  } catch (thrown) {
    throw fileError(thrown, path)
  }
  try {
    await assertUnchanged(handle, identity, path)
    return handle
  } catch (thrown) {
    await handle.close()
    throw fileError(thrown, path)
  }
}

/** Both the open file and what now stands under its name are still the identified one. */
export async function assertUnchanged(
  handle: FileHandle,
  identity: FileIdentity,
  path: string,
): Promise<void> {
  const [opened, named] = await Promise.all([handle.stat({ bigint: true }), identify(path)])
  if (!sameIdentity(identityOf(opened), identity) || !sameIdentity(named, identity)) throw changed(path)
}

export function changed(path: string): DriveError {
  return new DriveError('file-changed', `The file changed while it was being uploaded: ${path}`)
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs
}

function identityOf(stats: BigIntStats): FileIdentity {
  return {
    dev: String(stats.dev),
    ino: String(stats.ino),
    size: Number(stats.size),
    mtimeNs: String(stats.mtimeNs),
  }
}

/** The one place where the file system's codes become ours. */
export function fileError(thrown: unknown, path: string): DriveError {
  if (thrown instanceof DriveError) return thrown
  const code = (thrown as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DriveError('file-missing', `No such file: ${path}`, { cause: thrown })
    case 'EISDIR':
      return new DriveError('not-a-file', `A folder, not a file: ${path}`, { cause: thrown })
    case 'EBUSY':
      return new DriveError('file-locked', `In use by another program: ${path}`, { cause: thrown })
    case undefined:
      return new DriveError('internal', thrown instanceof Error ? thrown.message : String(thrown), {
        cause: thrown,
      })
    default:
      return new DriveError('file-unreadable', `Cannot read (${code}): ${path}`, {
        cause: thrown,
        detail: code,
      })
  }
}
