import { lstat, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DriveError } from '#app/errors'
import { MARKER } from '#app/sync/names'
import { fileError } from '../workers/file-identity.ts'
import type { DriveKind, RootLook } from './scan-jobs.ts'

/** What the root of a pair is at this moment. */
export async function lookAtRoot(root: string): Promise<RootLook> {
  const stats = await lstat(root, { bigint: true }).catch((thrown: unknown) => {
    throw fileError(thrown, root)
  })
  if (!stats.isDirectory()) throw new DriveError('not-a-file', `Not a folder: ${root}`)
  const names = await readdir(root).catch((thrown: unknown) => {
    throw new DriveError('folder-unreadable', `Can’t read: ${root}`, { cause: thrown })
  })
  return {
    dev: String(stats.dev),
    ino: String(stats.ino),
    marks: names.includes(MARKER) ? await marksIn(root) : undefined,
    isEmpty: names.every((name) => name === MARKER),
    drive: await driveOf(root),
  }
}

/** Names a pair in the marker file; a disk that can't be written to goes without one. */
export async function mark(root: string, id: string): Promise<void> {
  const ids = (await marksIn(root)) ?? []
  if (!ids.includes(id)) await writeMarks(root, [...ids, id])
}

export async function unmark(root: string, id: string): Promise<void> {
  const ids = await marksIn(root)
  if (ids?.includes(id))
    await writeMarks(
      root,
      ids.filter((other) => other !== id),
    )
}

async function writeMarks(root: string, ids: readonly string[]): Promise<void> {
  const path = join(root, MARKER)
  try {
    if (ids.length === 0) {
      await rm(path, { force: true })
      return
    }
    // Whole or not there: what is cut short would make it another folder.
    await writeFile(`${path}.new`, `${ids.join('\n')}\n`)
    await rename(`${path}.new`, path)
  } catch {
    await rm(`${path}.new`, { force: true }).catch(() => undefined)
  }
}

async function marksIn(root: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(root, MARKER), 'utf8').catch(() => undefined)
  return text?.split('\n').filter((line) => line !== '')
}

/** Linux's numbers of file systems that live elsewhere: NFS, SMB (three of them), FUSE, 9P, Ceph, AFS. */
const NETWORK = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f,
])

async function driveOf(root: string): Promise<DriveKind> {
  if (process.platform !== 'linux') return 'unknown'
  try {
    const { type } = await statfs(root)
    return NETWORK.has(type >>> 0) ? 'network' : 'local'
  } catch {
    return 'unknown'
  }
}
