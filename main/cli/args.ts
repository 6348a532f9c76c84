import { parseArgs } from 'node:util'
import { DriveError } from '#app/errors'
import { checkNames, splitRemote } from '#app/naming'
import { MAX_SINGLE_BYTES } from '#app/slices'
import type { DuplicatePolicy } from '#app/transfer'
import type { WrongUse } from './texts.ts'

export type CliCommand =
  | { readonly command: 'help' }
  | { readonly command: 'login'; readonly from: 'token-stdin' }
  | { readonly command: 'login'; readonly from: 'secret-stdin'; readonly clientID: string }
  | { readonly command: 'login'; readonly from: 'prompt' }
  | { readonly command: 'logout' }
  | { readonly command: 'whoami'; readonly json: boolean }
  | ({ readonly command: 'upload' } & UploadArgs)

export interface UploadArgs {
  readonly paths: readonly string[]
  readonly folders: readonly string[]
  readonly parentID: number
  readonly onDuplicate: DuplicatePolicy
  readonly exclude: readonly string[]
  readonly concurrency: number | undefined
  readonly limitBytesPerSecond: number | undefined
  readonly singleMaxBytes: number | undefined
  readonly json: boolean
}

/** Slower than this a slice takes longer than the gateway waits for one. */
const LEAST_RATE = 16 * 1024

const POLICIES = ['fail', 'keep-both', 'overwrite', 'skip'] as const satisfies readonly DuplicatePolicy[]

/** What the person asked for; a DriveError `invalid-argument` says in their language what cannot be meant. */
export function parseCommand(argv: readonly string[], wrong: WrongUse): CliCommand {
  const [command, ...rest] = argv
  const end = rest.indexOf('--')
  if (rest.slice(0, end < 0 ? rest.length : end).includes('--help')) return { command: 'help' }
  switch (command) {
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { command: 'help' }
    case 'login':
      return parseLogin(rest, wrong)
    case 'logout':
      parse(rest, {}, false, wrong)
      return { command: 'logout' }
    case 'whoami':
      return {
        command: 'whoami',
        json: parse(rest, { json: { type: 'boolean' } }, false, wrong).values['json'] === true,
      }
    case 'upload':
      return parseUpload(rest, wrong)
    default:
      throw usage(wrong.command(command))
  }
}

function parseLogin(argv: readonly string[], wrong: WrongUse): CliCommand {
  const { values } = parse(
    argv,
    {
      'token-stdin': { type: 'boolean' },
      'client-id': { type: 'string' },
      'secret-stdin': { type: 'boolean' },
    },
    false,
    wrong,
  )
  const clientID = values['client-id']
  if (values['token-stdin'] === true) {
    if (clientID !== undefined) throw usage(wrong.exclude('--token-stdin', '--client-id'))
    return { command: 'login', from: 'token-stdin' }
  }
  if (typeof clientID === 'string' && values['secret-stdin'] === true)
    return { command: 'login', from: 'secret-stdin', clientID }
  if (clientID !== undefined || values['secret-stdin'] === true)
    throw usage(wrong.together('--client-id', '--secret-stdin'))
  return { command: 'login', from: 'prompt' }
}

function parseUpload(argv: readonly string[], wrong: WrongUse): CliCommand {
  const { values, positionals } = parse(
    argv,
    {
      to: { type: 'string' },
      parent: { type: 'string' },
      'on-duplicate': { type: 'string' },
      exclude: { type: 'string', multiple: true },
      concurrency: { type: 'string' },
      'limit-rate': { type: 'string' },
      'single-max': { type: 'string' },
      json: { type: 'boolean' },
    },
    true,
    wrong,
  )
  if (positionals.length === 0) throw usage(wrong.noPath)
  // A variable nobody has set: resolved, it would be the working directory.
  if (positionals.includes('')) throw usage(wrong.emptyPath)
  const folders = splitRemote(text(values['to']) ?? '/')
  const problem = checkNames(folders)
  if (problem) throw usage(wrong.folderName(problem.name))
  if (folders.some((name) => name === '.' || name === '..')) throw usage(wrong.dots)
  const read = reader(values, wrong)
  return {
    command: 'upload',
    paths: positionals,
    folders,
    parentID: read.whole('parent', 0, Number.MAX_SAFE_INTEGER) ?? 0,
    onDuplicate: read.choice('on-duplicate', POLICIES) ?? 'fail',
    exclude: Array.isArray(values['exclude']) ? values['exclude'].map(String) : [],
    concurrency: read.whole('concurrency', 1, 32),
    limitBytesPerSecond: read.size('limit-rate', { least: { bytes: LEAST_RATE, said: '16K' } }),
    singleMaxBytes: read.size('single-max', { most: { bytes: MAX_SINGLE_BYTES, said: '1000000000 (1 GB)' } }),
    json: values['json'] === true,
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>
type Parsed = ReturnType<typeof parseArgs>

function parse(
  argv: readonly string[],
  options: Options,
  allowPositionals: boolean,
  wrong: WrongUse,
): Parsed {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals, strict: true })
  } catch (thrown) {
    throw usage(refusal(thrown, wrong))
  }
}

/** Node says in English only what it does not take; which word it was stands in quotes. */
function refusal(thrown: unknown, wrong: WrongUse): string {
  if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
  const { message, code } = thrown
  const option = /'(-[^' ]+)/u.exec(message)?.[1] ?? ''
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return wrong.option(option)
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return message.includes('does not take') ? wrong.valueTooMuch(option) : wrong.valueMissing(option)
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return wrong.argument(/'(.*)'\. This/su.exec(message)?.[1] ?? '')
    default:
      throw thrown
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

interface Bound {
  readonly bytes: number
  readonly said: string
}

/** Reads an option's value as what it must be; undefined when it was not given. */
function reader(values: Parsed['values'], wrong: WrongUse) {
  return {
    choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const chosen = choices.find((choice) => choice === given)
      if (chosen === undefined) throw usage(wrong.choice(`--${name}`, choices, given))
      return chosen
    },
    whole(name: string, least: number, most: number): number | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const value = /^\d+$/u.test(given) ? Number(given) : NaN
      if (value >= least && value <= most) return value
      throw usage(wrong.whole(`--${name}`, least, most, given))
    },
    size(name: string, { least, most }: { least?: Bound; most?: Bound }): number | undefined {
      const given = text(values[name])
      if (given === undefined) return undefined
      const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)i?b?$/iu.exec(given) ?? []
      const factor = UNITS[unit.toLowerCase()]
      if (digits === undefined || factor === undefined) throw usage(wrong.size(`--${name}`, given))
      const bytes = Math.floor(Number(digits) * factor)
      if (least && bytes < least.bytes) throw usage(wrong.atLeast(`--${name}`, least.said))
      if (most && bytes > most.bytes) throw usage(wrong.atMost(`--${name}`, most.said))
      return bytes
    },
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export function usage(message: string): DriveError {
  return new DriveError('invalid-argument', message, { detail: message })
}
