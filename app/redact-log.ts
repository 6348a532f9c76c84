import { redact } from './redact.ts'

/**
 * Text that somebody else wrote, as it may stand in a file that a person sends to support: no secret, and nothing that names them or
 * their files. Rather a word too few: what can't be told from a name goes too. `known` goes wherever it stands.
 */
export function redactForLog(text: string, known: readonly string[] = []): string {
  // The longest first: a home folder has the person's name in it.
  const names = known.filter((name) => name.length > 2).toSorted((one, other) => other.length - one.length)
  const nameless = names.reduce((rest, name) => rest.replace(exactly(name), '[redacted]'), text)
  return redact(nameless).split(/\r?\n/u).map(withoutNames).join(' | ')
}

function exactly(name: string): RegExp {
  const literal = name.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\w-])${literal}(?![\w-])`, 'giu')
}

/** Where a stack leads, by names of our code and nothing else. */
export function redactStack(stack: string): readonly string[] {
  return stack.split('\n').flatMap((line) => frameOf(line) ?? [])
}

const FRAME = /^\s*at (?:(?<name>(?:async |new )?[\w$.#<>[\]]+)(?: \[as [\w$]+\])? \()?(?<place>.*?)\)?$/u
/** Node's own modules, or the file's name: our folders are somewhere in the person's. */
const PLACE = /^(?:node:[\w/]+|(?:.*[/\\])?(?<file>[\w.-]+\.[cm]?[jt]s)):(?<line>\d+):(?<column>\d+)$/u

function frameOf(text: string): string | undefined {
  const { name, place = '' } = FRAME.exec(text)?.groups ?? {}
  if (name === undefined && place === '') return undefined
  const { file, line, column } = PLACE.exec(place)?.groups ?? {}
  const where = file ? `${file}:${line}:${column}` : place.startsWith('node:') && line ? place : 'elsewhere'
  return `at ${name ?? '(no name)'} (${where})`
}

/** The engine's own errors quote what our code calls it. */
const PROPERTY = /(\((?:reading|setting) '[\w$]+'\))/u
const QUOTED = /(?<!\w)(?:'.*?'(?!\w)|".*?"(?!\w)|`.*?`|“.*?”|‘.*?’(?!\w)|「.*?」|《.*?》|«.*?»)/gu

function withoutNames(line: string): string {
  const kept: string[] = []
  for (const [index, part] of line.split(PROPERTY).entries()) {
    if (index % 2 === 1) {
      kept.push(part)
      continue
    }
    const words = part.replace(QUOTED, '[text]').split(' ')
    const path = words.findIndex((word) => /[/\\]/u.test(word) && !isUrl(word))
    // It may have spaces in it, so nobody knows where it ends.
    const known = path < 0 ? words : [...words.slice(0, path), '[path]']
    const isProgram = (at: number): boolean => known[at + 1] === 'is' && known[at + 2] === 'not'
    kept.push(known.map((word, at) => (isProgram(at) ? withoutIds(word) : withoutName(word))).join(' '))
    if (path >= 0) break
  }
  return kept.join('')
}

const isUrl = (word: string): boolean => /^[("']*https?:\/\//iu.test(word)

/** Other scripts than ours, and what looks like a key, a checksum or a number of somebody. */
function withoutIds(word: string): string {
  return word
    .replace(/[^\x20-\x7e…]+/gu, '[text]')
    .replace(/(?<![\w.-])(?=[\w-]*[A-Za-z_])(?=[\w-]*\d)[\w-]{16,}/gu, '[redacted]')
    .replace(/\d{9,}/gu, '[number]')
}

/** The platform's own servers may be said, though not what they were asked for; a proxy or any other server is the person's. */
const PLATFORM = /^([("']*https:\/\/(?:[\w-]+\.)*123pan\.com)(?![\w.-]).*$/iu

function withoutName(word: string): string {
  if (isUrl(word)) return PLATFORM.test(word) ? word.replace(PLATFORM, '$1') : '[url]'
  // A file's name has an ending; so has a host's, which may be the person's own.
  return withoutIds(word.replace(/[^\s()[\]{},;:]*\.(?=[^\s()[\]{},;:]*[A-Za-z])[\w-]+(?::\d+)*/gu, '[name]'))
}
