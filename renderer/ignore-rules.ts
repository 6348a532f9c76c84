import ignore from 'ignore'
import { ignoresCase, LONGEST_RULE, MOST_RULES } from '#app/ignore-rules'

/** One a line, as typed: order, remarks and empty lines in between are the person's. */
export function parseRules(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/u)
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}

export type RulesProblem =
  { readonly kind: 'too-many' } | { readonly kind: 'too-long'; readonly line: number }

export function problemIn(rules: readonly string[]): RulesProblem | undefined {
  if (rules.length > MOST_RULES) return { kind: 'too-many' }
  const long = rules.findIndex((rule) => rule.length > LONGEST_RULE)
  return long < 0 ? undefined : { kind: 'too-long', line: long + 1 }
}

/** Takes the rule away where it is, and puts it last where it is not. */
export function toggled(rules: readonly string[], rule: string): readonly string[] {
  return rules.includes(rule) ? rules.filter((other) => other !== rule) : [...rules, rule]
}

/** What becomes of a path. */
export type Verdict =
  /** No path, or none below the folder that is added. */
  | { readonly kind: 'nothing' | 'outside' }
  | { readonly kind: 'kept' }
  /** A rule that begins with `!` lets it through. */
  | { readonly kind: 'excepted' }
  | { readonly kind: 'ignored'; readonly rule: string }
  /** A folder that it is in is left out. */
  | { readonly kind: 'inside'; readonly rule: string; readonly folder: string }
  /** The path does not say which of both it is. */
  | { readonly kind: 'folder-only'; readonly rule: string }

/** As main/transfers/walk.ts decides it: folder by folder, from the one that is added on. A path that ends with `/` is a folder's. */
export function judge(rules: readonly string[], typed: string, platform: string): Verdict {
  const path = clean(typed, platform)
  if (path === '') return { kind: 'nothing' }
  if (!ignore.isPathValid(path)) return { kind: 'outside' }
  const tests = ignore({ ignorecase: ignoresCase(platform) }).add([...rules])
  const names = path.replace(/\/$/u, '').split('/')
  for (const [index, folder] of names.slice(0, -1).entries()) {
    const { rule } = tests.test(`${names.slice(0, index + 1).join('/')}/`)
    if (rule) return { kind: 'inside', rule: rule.pattern, folder }
  }
  const { rule, unignored } = tests.test(path)
  if (rule) return { kind: 'ignored', rule: rule.pattern }
  if (unignored) return { kind: 'excepted' }
  const { rule: ofFolder } = path.endsWith('/') ? {} : tests.test(`${path}/`)
  return ofFolder ? { kind: 'folder-only', rule: ofFolder.pattern } : { kind: 'kept' }
}

/** As people type and paste it: `/a//b`, `./a`, on Windows `a\b`. */
function clean(typed: string, platform: string): string {
  const path = platform === 'win32' ? typed.replaceAll('\\', '/') : typed
  return path
    .trim()
    .replace(/\/{2,}/gu, '/')
    .replace(/^(?:\.?\/)+/u, '')
}
