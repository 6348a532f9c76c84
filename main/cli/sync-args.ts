import { checkNames, joinRemote, splitRemote } from '#app/naming'
import type { SyncMode } from '#app/sync/pair'
import { parse, reader, usage } from './options.ts'
import type { WrongUse } from './texts.ts'

export interface SyncArgs {
  readonly local: string
  /** `/照片`. */
  readonly remote: string
  readonly mode: SyncMode
  /** Goes on when it is in step, until it is interrupted. */
  readonly watch: boolean
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean
  /** Many deletions go to the bin without a question. */
  readonly yesDelete: boolean
  readonly exclude: readonly string[]
  readonly json: boolean
}

const MODES = ['backup', 'mirror'] as const satisfies readonly SyncMode[]

export function parseSync(argv: readonly string[], wrong: WrongUse): SyncArgs {
  const { values, positionals } = parse(
    argv,
    {
      mode: { type: 'string' },
      watch: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      'yes-delete': { type: 'boolean' },
      exclude: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
    true,
    wrong,
  )
  const [local, remote, more] = positionals
  if (!local || !remote || more !== undefined) throw usage(wrong.localAndRemote)
  const folders = splitRemote(remote)
  const problem = checkNames(folders)
  if (problem) throw usage(wrong.remoteName(problem.name))
  if (folders.some((name) => name === '.' || name === '..')) throw usage(wrong.remoteDots)
  if (values['watch'] === true && values['dry-run'] === true)
    throw usage(wrong.exclude('--watch', '--dry-run'))
  return {
    local,
    remote: joinRemote(folders),
    mode: reader(values, wrong).choice('mode', MODES) ?? 'backup',
    watch: values['watch'] === true,
    dryRun: values['dry-run'] === true,
    yesDelete: values['yes-delete'] === true,
    exclude: Array.isArray(values['exclude']) ? values['exclude'].map(String) : [],
    json: values['json'] === true,
  }
}
