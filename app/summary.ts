import type { ErrorCode, Failure } from './errors.ts'
import type { Problem, QueueStatus } from './ipc.ts'
import type { Settings } from './settings.ts'
import type { PairStatus } from './sync/pair.ts'
import type { Transfer } from './transfer.ts'

/** What goes to support: numbers, switches and words of ours. Whatever a person has typed or chosen is counted, not told. */

type Counts = Readonly<Record<string, number>>

export interface QueueSummary {
  readonly transfers: number
  readonly byState: Counts
  readonly byFailure: Counts
  readonly blocked?: string
  readonly paused: boolean
  readonly setAside?: string
  /** Paths that could not be queued. */
  readonly skipped: Counts
  readonly pairs: readonly PairSummary[]
}

interface PairSummary {
  readonly mode: string
  readonly replace: string
  readonly state: string
  readonly halted?: string
  readonly failure?: ErrorCode
  readonly files: number
  readonly bytes: number
  readonly problems: Counts
  readonly rules: number
  readonly watching: string
  readonly warnings: readonly string[]
}

/** A pair, and what fails in it. */
export interface PairFacts {
  readonly status: PairStatus
  readonly failures: readonly Failure[]
}

export function summarizeQueue(
  transfers: readonly Transfer[],
  status: QueueStatus,
  problems: readonly Problem[],
  pairs: readonly PairFacts[],
): QueueSummary {
  return {
    transfers: transfers.length,
    byState: count(transfers.map(({ state }) => state.status)),
    byFailure: count(transfers.flatMap(({ state }) => ('failure' in state ? [state.failure.code] : []))),
    ...(status.blocked ? { blocked: status.blocked.reason } : {}),
    paused: status.paused !== undefined,
    ...(status.setAside ? { setAside: status.setAside.reason } : {}),
    skipped: count(problems.map(({ failure }) => failure.code)),
    pairs: pairs.map(summarizePair),
  }
}

function summarizePair({ status, failures }: PairFacts): PairSummary {
  const { pair, state, files, bytes, watching, warnings } = status
  return {
    mode: pair.mode,
    replace: pair.replace,
    state: state.status,
    ...(state.status === 'halted' ? { halted: state.halt.reason } : {}),
    ...(state.status === 'waiting' && state.failure ? { failure: state.failure.code } : {}),
    files,
    bytes,
    problems: count(failures.map(({ code }) => code)),
    rules: pair.exclude.length,
    watching: watching.kind === 'scans' ? `scans, ${watching.why}` : watching.kind,
    warnings: warnings.map(({ kind }) => kind),
  }
}

function count(words: readonly string[]): Counts {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** Switches and numbers as they are; of texts only those that are one of ours. */
export function summarizeSettings(settings: Settings): object {
  const { language, theme, destination, onDuplicate, proxy, upLimit, exclude } = settings
  const plain = Object.entries(settings).filter(
    ([, value]) => typeof value === 'boolean' || typeof value === 'number',
  )
  return {
    ...Object.fromEntries(plain),
    language,
    theme,
    destination: destination === '/' ? 'root' : 'chosen',
    onDuplicate,
    proxy:
      proxy.kind === 'manual'
        ? { kind: proxy.kind, protocol: proxy.protocol, username: proxy.username !== undefined }
        : { kind: proxy.kind },
    upLimit: { bytesPerSecond: upLimit.bytesPerSecond ?? 'none', timetable: upLimit.timetable.length },
    ignoreRules: exclude.length,
  }
}
