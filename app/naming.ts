import type { NameErrorCode } from './errors.ts'

/** The longest name the platform takes, in characters (spec: fewer than 256). */
const MAX_NAME_CHARACTERS = 255

/** The nine characters of the spec, and line breaks. */
const FORBIDDEN = /["\\/:*?|><\n\r]/u

export interface NameProblem {
  readonly code: NameErrorCode
  /** The offending character, or the name's length. */
  readonly detail: string
}

/** Why the cloud would refuse this file or folder name, or undefined when it takes it. Checked before any byte is read. */
export function checkName(name: string): NameProblem | undefined {
  if (name.trim() === '') return { code: 'name-blank', detail: '' }
  const forbidden = FORBIDDEN.exec(name)
  if (forbidden) return { code: 'name-character', detail: forbidden[0] }
  // Characters, not UTF-16 units: an emoji is one.
  const length = Array.from(name).length
  if (length > MAX_NAME_CHARACTERS) return { code: 'name-too-long', detail: String(length) }
  return undefined
}

/** The first name of a remote path that the cloud would refuse, with what is wrong with it. */
export function checkNames(names: readonly string[]): (NameProblem & { readonly name: string }) | undefined {
  for (const name of names) {
    const problem = checkName(name)
    if (problem) return { ...problem, name }
  }
  return undefined
}

/** `/a//b/` → `['a', 'b']`. The root is `[]`. */
export function splitRemote(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '')
}

/** `['a', 'b']` → `/a/b`. */
export function joinRemote(names: readonly string[]): string {
  return `/${names.join('/')}`
}

/**
 * Keeping both adds a suffix of a form nobody documents (platform-facts 5). Taken for one: a number in signs or after one, before the
 * extension, as (1), _1 or -20261124. What is wider would take a stranger's file for ours; to miss a form costs a second copy.
 */
export function isSuffixed(name: string, original: string): boolean {
  const dot = original.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [original.slice(0, dot), original.slice(dot)] : [original, '']
  if (!name.startsWith(stem) || !name.endsWith(extension)) return false
  return /^[\s\p{P}\p{S}][\s\p{P}\p{S}\d]*\d[\s\p{P}\p{S}]*$/u.test(
    name.slice(stem.length, name.length - extension.length),
  )
}
