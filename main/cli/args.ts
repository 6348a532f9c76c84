import { checkNames, splitRemote } from '#app/naming'
import { MAX_SINGLE_BYTES } from '#app/slices'
import type { DuplicatePolicy } from '#app/transfer'
import { parse, reader, text, usage } from './options.ts'
import { isQueueCommand, parseQueueCommand, POLICIES, type QueueCommand } from './queue-args.ts'
import { parseSync, type SyncArgs } from './sync-args.ts'
import type { WrongUse } from './texts.ts'

export type CliCommand =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | { readonly command: 'login'; readonly from: 'token-stdin' }
  | { readonly command: 'login'; readonly from: 'secret-stdin'; readonly clientID: string }
  | { readonly command: 'login'; readonly from: 'prompt' }
  | { readonly command: 'logout' }
  | { readonly command: 'whoami'; readonly json: boolean }
  | ({ readonly command: 'upload' } & UploadArgs)
  | ({ readonly command: 'sync' } & SyncArgs)
  | QueueCommand

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
    case 'version':
    case '--version':
      return { command: 'version' }
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
    case 'sync':
      return { command: 'sync', ...parseSync(rest, wrong) }
    default:
      if (isQueueCommand(command)) return parseQueueCommand(command, rest, wrong)
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
