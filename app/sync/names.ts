import { checkName, type NameProblem } from '../naming.ts'
import type { Path } from './tree.ts'

/** The file that marks a synced folder as the one it is; never synced. */
export const MARKER = '.123pan-sync'

/** From a forbidden character to its full-width twin: `:` to `：` (as public clients do, platform-facts 5). */
const TWIN_OFFSET = 0xfee0

/** What a local name is called in the cloud, or why it can't be there. `twins`: forbidden characters go as their full-width twins. */
export function remoteName(
  name: string,
  twins: boolean,
): { readonly name: string } | { readonly problem: NameProblem } {
  const problem = checkName(name)
  if (!problem) return { name }
  if (!twins || problem.code !== 'name-character') return { problem }
  const twin = name.replaceAll(/["\\/:*?|><]/gu, (character) =>
    String.fromCodePoint((character.codePointAt(0) ?? 0) + TWIN_OFFSET),
  )
  const left = checkName(twin)
  return left ? { problem: left } : { name: twin }
}

/** Names with the same key may be one name somewhere: by case, or by the way an accent is written (pitfalls 25). */
export function clashKey(name: string): string {
  // Down, up and down again: some letters have more than two forms.
  return name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC')
}

/** Where something waits while another takes its name: nobody else's, and the same when asked again. */
export function asideName(name: string, fileID: number): string {
  const tail = `.${fileID}.123pan-aside`
  return (
    Array.from(name)
      .slice(0, 255 - tail.length)
      .join('') + tail
  )
}

export function keyOf(path: Path): string {
  return path.join('/')
}
