import { randomUUID } from 'node:crypto'
import { lstat, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { DriveError } from '#app/errors'

/** Writing and removing single files in folders that are other programs' too. */

/** Undefined when there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((cause: unknown) => {
    if (isMissing(cause)) return undefined
    throw new DriveError('file-unreadable', `Cannot read ${path}`, { cause })
  })
}

export async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  )
}

export async function isExecutable(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mode }) => (mode & 0o100) !== 0,
    () => false,
  )
}

/** Whole or not at all, at `path` below `base` and nowhere else: a link on the way there is not followed. */
export async function placeFile(base: string, path: string, content: string, mode: number): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  try {
    await refuseLinks(base, path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(part, content, { mode, flag: 'wx' })
    await rename(part, path)
  } catch (cause) {
    await unlink(part).catch(() => undefined)
    throw cause instanceof DriveError ? cause : unwritable(path, cause)
  }
}

export async function removeFile(base: string, path: string): Promise<void> {
  await refuseLinks(base, path)
  await unlink(path).catch((cause: unknown) => {
    if (!isMissing(cause)) throw unwritable(path, cause)
  })
}

async function refuseLinks(base: string, path: string): Promise<void> {
  let folder = base
  for (const name of relative(base, dirname(path)).split(sep).filter(Boolean)) {
    folder = join(folder, name)
    if (await isLink(folder)) throw unwritable(path, new Error(`${folder} is a link`))
  }
}

function unwritable(path: string, cause: unknown): DriveError {
  return new DriveError('file-unwritable', `Cannot change ${path}`, { cause })
}

function isMissing(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR'
}
