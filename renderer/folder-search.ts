import { checkNames, splitRemote, type NameProblem } from '#app/naming'
import type { Locale } from './locales/messages.ts'

/** What a person can go into from a folder, given what they have typed. */
export interface Ways {
  readonly folders: readonly string[]
  /** Found too, but more than anybody reads. */
  readonly more: number
  /** Names that were typed and lead elsewhere: to a folder yet to be made, or, with a slash, anywhere. */
  readonly elsewhere?: readonly string[]
  /** Why the cloud would not take what was typed. */
  readonly problem?: NameProblem
}

/** All are in the page: more would only be slow. Whoever looks for one types a letter of it. */
const MOST = 200

/** Those that begin with what was typed come first. A path is typed from here, or, with a slash in front, from the root. */
export function waysFrom(
  here: readonly string[],
  names: readonly string[],
  typed: string,
  locale: Locale,
): Ways {
  const order = new Intl.Collator(locale, { numeric: true })
  const text = typed.trim()
  const wanted = text.toLocaleLowerCase(locale)
  const at = (name: string): number => name.toLocaleLowerCase(locale).indexOf(wanted)
  const found = names
    .filter((name) => at(name) >= 0)
    .sort((one, other) => Math.sign(at(one)) - Math.sign(at(other)) || order.compare(one, other))
  const listed = { folders: found.slice(0, MOST), more: Math.max(0, found.length - MOST) }
  const parts = splitRemote(text)
  if (text === '' || names.includes(text)) return listed
  const problem = checkNames(parts)
  if (problem) return { ...listed, problem }
  return { ...listed, elsewhere: text.startsWith('/') ? parts : [...here, ...parts] }
}

/** A folder on the way to where one is; without a name there are too many to show them all. */
export interface Crumb {
  readonly to: readonly string[]
  readonly name?: string
}

/** The way from the root, which is left out, in at most three steps. */
export function crumbsOf(names: readonly string[]): readonly Crumb[] {
  const all = names.map((name, index) => ({ name, to: names.slice(0, index + 1) }))
  return all.length <= 3 ? all : [{ to: names.slice(0, -2) }, ...all.slice(-2)]
}
