import type { DuplicatePolicy } from '#app/transfer'
import { parse, reader, usage } from './options.ts'
import type { WrongUse } from './texts.ts'

/** Which transfers are meant: the beginnings of their ids, or every one. */
export type Meant = readonly string[] | 'all'

/** Commands about transfers that are there already. */
export type QueueCommand =
  | { readonly command: 'list'; readonly json: boolean }
  | { readonly command: 'pause'; readonly which: Meant; readonly forMs: number | undefined }
  | { readonly command: 'resume'; readonly which: Meant; readonly json: boolean }
  | { readonly command: 'retry'; readonly which: Meant; readonly onDuplicate: DuplicatePolicy | undefined }
  | { readonly command: 'cancel' | 'clear'; readonly which: Meant }
  | { readonly command: 'first' | 'last'; readonly which: readonly string[] }

type QueueCommandName = QueueCommand['command']

/** A record, so that one left out does not compile. */
const NAMES: Readonly<Record<QueueCommandName, true>> = {
  list: true,
  pause: true,
  resume: true,
  retry: true,
  cancel: true,
  clear: true,
  first: true,
  last: true,
}

export const isQueueCommand = (name: string): name is QueueCommandName => Object.hasOwn(NAMES, name)

export const POLICIES = [
  'fail',
  'keep-both',
  'overwrite',
  'skip',
] as const satisfies readonly DuplicatePolicy[]

export function parseQueueCommand(
  command: QueueCommandName,
  argv: readonly string[],
  wrong: WrongUse,
): QueueCommand {
  const flag = { type: 'boolean' } as const
  const given = { type: 'string' } as const
  switch (command) {
    case 'list': {
      const { values } = parse(argv, { json: flag }, false, wrong)
      return { command, json: values['json'] === true }
    }
    case 'pause': {
      const { values, positionals } = parse(argv, { for: given }, true, wrong)
      return { command, which: orAll(positionals), forMs: reader(values, wrong).forMs('for') }
    }
    case 'resume': {
      const { values, positionals } = parse(argv, { json: flag }, true, wrong)
      return { command, which: orAll(positionals), json: values['json'] === true }
    }
    case 'retry': {
      const { values, positionals } = parse(argv, { all: flag, 'on-duplicate': given }, true, wrong)
      const onDuplicate = reader(values, wrong).choice('on-duplicate', POLICIES)
      return { command, which: named(command, positionals, values['all'] === true, wrong), onDuplicate }
    }
    case 'cancel':
    case 'clear': {
      const { values, positionals } = parse(argv, { all: flag }, true, wrong)
      return { command, which: named(command, positionals, values['all'] === true, wrong) }
    }
    case 'first':
    case 'last': {
      const { positionals } = parse(argv, {}, true, wrong)
      if (positionals.length === 0) throw usage(wrong.noID(command))
      return { command, which: positionals }
    }
  }
}

/** Pausing and going on are for all unless some are named. */
function orAll(ids: readonly string[]): Meant {
  return ids.length === 0 ? 'all' : ids
}

/** What can't be taken back is for all only when that is said. */
function named(command: string, ids: readonly string[], all: boolean, wrong: WrongUse): Meant {
  if (all && ids.length > 0) throw usage(wrong.exclude('--all', 'ID'))
  if (!all && ids.length === 0) throw usage(wrong.noIDNorAll(command))
  return all ? 'all' : ids
}
