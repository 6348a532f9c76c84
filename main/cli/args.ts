import { parseArgs } from 'node:util'
import { DriveError } from '#app/errors'
import { checkNames, splitRemote } from '#app/naming'
import { MAX_SINGLE_BYTES } from '#app/slices'
import type { DuplicatePolicy } from '#app/transfer'

export const USAGE = `pan123: upload files and folders to 123pan (123云盘)

  pan123 login [--token-stdin | --client-id ID --secret-stdin]
  pan123 logout
  pan123 whoami
  pan123 upload PATH... [--to /remote/dir] [--parent ID] [--on-duplicate fail|keep-both|overwrite|skip]
                [--exclude GLOB]... [--concurrency N] [--single-max SIZE] [--json]

Sizes: 512K, 8M, 1G. Environment: PAN123_TOKEN, or PAN123_CLIENT_ID and PAN123_CLIENT_SECRET;
PAN123_API_URL, PAN123_DATA_DIR, PAN123_RATE_LIMIT=off.
Exit codes: 0 all done, 1 some failed, 2 usage, 3 not signed in, 130 interrupted.
`

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
  readonly singleMaxBytes: number | undefined
  readonly json: boolean
}

/** What the person asked for; a DriveError `invalid-argument` says in words what cannot be meant. */
export function parseCommand(argv: readonly string[]): CliCommand {
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
      return parseLogin(rest)
    case 'logout':
      parse(rest, {}, false)
      return { command: 'logout' }
    case 'whoami':
      return {
        command: 'whoami',
        json: parse(rest, { json: { type: 'boolean' } }, false).values['json'] === true,
      }
    case 'upload':
      return parseUpload(rest)
    default:
      throw usage(`unknown command: ${command}`)
  }
}

function parseLogin(argv: readonly string[]): CliCommand {
  const { values } = parse(
    argv,
    {
      'token-stdin': { type: 'boolean' },
      'client-id': { type: 'string' },
      'secret-stdin': { type: 'boolean' },
    },
    false,
  )
  const clientID = values['client-id']
  if (values['token-stdin'] === true) {
    if (clientID !== undefined) throw usage('--token-stdin and --client-id exclude each other')
    return { command: 'login', from: 'token-stdin' }
  }
  if (typeof clientID === 'string' && values['secret-stdin'] === true)
    return { command: 'login', from: 'secret-stdin', clientID }
  if (clientID !== undefined || values['secret-stdin'] === true)
    throw usage('--client-id and --secret-stdin go together')
  return { command: 'login', from: 'prompt' }
}

function parseUpload(argv: readonly string[]): CliCommand {
  const { values, positionals } = parse(
    argv,
    {
      to: { type: 'string' },
      parent: { type: 'string' },
      'on-duplicate': { type: 'string' },
      exclude: { type: 'string', multiple: true },
      concurrency: { type: 'string' },
      'single-max': { type: 'string' },
      json: { type: 'boolean' },
    },
    true,
  )
  if (positionals.length === 0) throw usage('upload needs at least one PATH')
  // A variable nobody has set: resolved, it would be the working directory.
  if (positionals.includes('')) throw usage('upload: an empty PATH')
  const folders = splitRemote(text(values['to']) ?? '/')
  const problem = checkNames(folders)
  if (problem) throw usage(`--to: the cloud does not take the folder name: ${problem.name}`)
  if (folders.some((name) => name === '.' || name === '..'))
    throw usage('--to: a path from the root, without . and ..')
  const singleMaxBytes = optional(values['single-max'], (given) => size('--single-max', given))
  if (singleMaxBytes !== undefined && singleMaxBytes > MAX_SINGLE_BYTES)
    throw usage('--single-max: at most 1000000000 (1 GB)')
  return {
    command: 'upload',
    paths: positionals,
    folders,
    parentID:
      optional(values['parent'], (given) => whole('--parent', given, 0, Number.MAX_SAFE_INTEGER)) ?? 0,
    onDuplicate: optional(values['on-duplicate'], duplicatePolicy) ?? 'fail',
    exclude: Array.isArray(values['exclude']) ? values['exclude'].map(String) : [],
    concurrency: optional(values['concurrency'], (given) => whole('--concurrency', given, 1, 32)),
    singleMaxBytes,
    json: values['json'] === true,
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function parse(
  argv: readonly string[],
  options: Options,
  allowPositionals: boolean,
): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals, strict: true })
  } catch (thrown) {
    throw usage(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function duplicatePolicy(given: string): DuplicatePolicy {
  if (given === 'fail' || given === 'keep-both' || given === 'overwrite' || given === 'skip') return given
  throw usage(`--on-duplicate: fail, keep-both, overwrite or skip, not ${given}`)
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

function size(option: string, given: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)i?b?$/iu.exec(given) ?? []
  const factor = UNITS[unit.toLowerCase()]
  if (digits === undefined || factor === undefined)
    throw usage(`${option}: a size such as 512K or 8M, not ${given}`)
  return Math.floor(Number(digits) * factor)
}

function whole(option: string, given: string, least: number, most: number): number {
  const value = /^\d+$/u.test(given) ? Number(given) : NaN
  if (value >= least && value <= most) return value
  throw usage(`${option}: a whole number from ${least} to ${most}, not ${given}`)
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function optional<T>(value: unknown, read: (given: string) => T): T | undefined {
  return typeof value === 'string' ? read(value) : undefined
}

function usage(message: string): DriveError {
  return new DriveError('invalid-argument', message, { detail: message })
}
