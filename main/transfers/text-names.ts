import { isUtf8 } from 'node:buffer'
import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** What stands for bytes that are no UTF-8, once they are text: by then nobody can tell which they were. */
const LOST = '\ufffd'

export const mayHaveLost = (text: string): boolean => text.includes(LOST)

/** The names in a folder, as text, of what has bytes for a name that are none: asking for one would find nothing, or another file. */
export async function namesThatAreNoText(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder, { encoding: 'buffer' }).catch(() => [])
  return new Set(names.filter((name) => !isUtf8(name)).map((name) => name.toString('utf8')))
}

/** The name in a path by which it may mean something else than it did before it was text; undefined when it is what it was. */
export async function nameThatIsNoText(path: string): Promise<string | undefined> {
  if (!mayHaveLost(path)) return undefined
  const [folder, name] = [dirname(path), basename(path)]
  if (folder === path) return undefined
  const above = await nameThatIsNoText(folder)
  if (above !== undefined || !mayHaveLost(name)) return above
  return (await namesThatAreNoText(folder)).has(name) ? name : undefined
}
