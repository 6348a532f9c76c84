import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import ignore from 'ignore'
import type { Failure } from '#app/errors'
import { ignoresCase } from '#app/ignore-rules'
import type { SkippedPath } from '#app/ipc'
import { fileError } from '../workers/file-identity.ts'
import { mayHaveLost, nameThatIsNoText, namesThatAreNoText } from './text-names.ts'

/** A file to upload: where it is, and its names from the folder that was given on. */
export interface FoundFile {
  readonly path: string
  readonly size: number
  /** The given folder's own name first, as `cp -r` does; for a file that was given itself, just its name. */
  readonly names: readonly string[]
}

export type Found =
  | { readonly kind: 'file'; readonly file: FoundFile }
  | { readonly kind: 'skipped'; readonly skipped: SkippedPath }

/**
 * Every file under a path, hidden ones too. Links, sockets and devices inside a folder are passed over and said so: following a link
 * could leave the folder, or go round in it. A link that was named itself is followed. A name that is no text is never asked for.
 * Within a folder the smallest come first: the first one makes the folder, the rest wait for it.
 */
export async function* walk(path: string, exclude: readonly string[]): AsyncGenerator<Found, void> {
  const root = resolve(path)
  const rules = ignore({ ignorecase: ignoresCase(process.platform) }).add([...exclude])
  const lost = await nameThatIsNoText(root)
  if (lost !== undefined) {
    yield skipped(root, noText(root, lost), true)
    return
  }
  try {
    const stats = await stat(root)
    if (stats.isDirectory()) {
      yield* walkFolder(root, [basename(root)], [], rules)
    } else if (stats.isFile()) {
      if (!excluded(rules, [basename(root)], false))
        yield { kind: 'file', file: { path: root, size: stats.size, names: [basename(root)] } }
    } else {
      yield skipped(root, { code: 'not-a-file', message: `Not a regular file: ${root}` }, true)
    }
  } catch (thrown) {
    yield skipped(root, fileError(thrown, root).failure, true)
  }
}

async function* walkFolder(
  folder: string,
  names: readonly string[],
  below: readonly string[],
  rules: ReturnType<typeof ignore>,
): AsyncGenerator<Found, void> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (thrown) {
    const { message } = fileError(thrown, folder).failure
    yield skipped(
      folder,
      { code: 'folder-unreadable', message, detail: basename(folder) },
      below.length === 0,
    )
    return
  }
  const lost = entries.some(({ name }) => mayHaveLost(name)) ? await namesThatAreNoText(folder) : undefined
  for (const name of lost ?? []) yield skipped(join(folder, name), noText(join(folder, name), name))
  const files: FoundFile[] = []
  const folders: Dirent[] = []
  for (const entry of entries) {
    if (lost?.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (excluded(rules, [...below, entry.name], entry.isDirectory())) continue
    if (entry.isDirectory()) folders.push(entry)
    else if (!entry.isFile())
      yield skipped(path, { code: 'not-a-file', message: `Not a regular file: ${path}` })
    else {
      try {
        files.push({ path, size: (await stat(path)).size, names: [...names, entry.name] })
      } catch (thrown) {
        yield skipped(path, fileError(thrown, path).failure)
      }
    }
  }
  for (const file of files.sort((a, b) => a.size - b.size)) yield { kind: 'file', file }
  for (const { name } of folders)
    yield* walkFolder(join(folder, name), [...names, name], [...below, name], rules)
}

function noText(path: string, name: string): Failure {
  return { code: 'name-encoding', message: `The name is no UTF-8: ${path}`, detail: name }
}

function skipped(path: string, failure: Failure, named = false): Found {
  return { kind: 'skipped', skipped: { path, named, failure } }
}

/** gitignore syntax, from the folder that was given. */
function excluded(rules: ReturnType<typeof ignore>, names: readonly string[], isFolder: boolean): boolean {
  const path = names.join('/')
  return ignore.isPathValid(path) && rules.ignores(isFolder ? `${path}/` : path)
}
