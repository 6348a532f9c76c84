import type { Failure } from '#app/errors'
import type { HaltReason, PairStatus, PairWarning, SyncAnswer, SyncMode, Watching } from '#app/sync/pair'
import type { MessageKey } from './locales/messages.ts'
import { splitPath } from './transfer-list.ts'
import type { Tone } from './transfer-words.ts'
import type { Words } from './words.ts'

/** What a card says: the state, and below it what more there is to know. */
export interface PairSays {
  readonly tone: Tone
  readonly title: string
  readonly sub: string
}

/** What goes up of a pair just now, as the list of transfers has it. */
export interface Uploading {
  readonly name: string
  readonly several: boolean
}

const MINUTE_MS = 60_000

export const nameOf = (localPath: string): string => splitPath(localPath).name || localPath

export function modeKey(mode: SyncMode): Extract<MessageKey, `sync.mode.${string}`> {
  return mode === 'backup' ? 'sync.mode.backup' : 'sync.mode.mirror'
}

/** `now`: milliseconds since 1970. */
export function pairSays(
  { state, problems, syncedAt }: PairStatus,
  { t, ago, time, duration, explain }: Pick<Words, 't' | 'ago' | 'time' | 'duration' | 'explain'>,
  now: number,
  uploading?: Uploading,
): PairSays {
  const last = lastSays(syncedAt === undefined ? undefined : now - syncedAt, { t, ago })
  switch (state.status) {
    case 'scanning':
      return { tone: 'accent', title: t('sync.state.scanning'), sub: last }
    case 'comparing':
      return { tone: 'accent', title: t('sync.state.comparing'), sub: last }
    case 'syncing': {
      const { upload, mkdir, move, trash } = state.left
      const title =
        upload > 0
          ? t('sync.state.uploading', { n: upload })
          : t('sync.state.tidying', { n: mkdir + move + trash })
      return { tone: 'accent', title, sub: uploading ? uploadingSub(uploading, t) : last }
    }
    case 'synced':
      return problems > 0
        ? { tone: 'warn', title: t('sync.state.partly', { n: problems }), sub: last }
        : { tone: 'ok', title: t('sync.state.synced'), sub: last }
    case 'waiting': {
      if (!state.failure) return { tone: 'accent', title: t('sync.state.writing'), sub: last }
      const { why } = explain(state.failure, 'waiting')
      const left = state.until - now
      const sub =
        left > 0 ? t('sync.sub.retries', { why, time: duration(left) }) : t('sync.sub.soon', { why })
      return { tone: 'warn', title: t('sync.state.retrying'), sub }
    }
    case 'paused':
      return {
        tone: 'idle',
        title: t('sync.state.paused'),
        sub: state.until === undefined ? last : t('sync.sub.resumes', { time: time(state.until, now) }),
      }
    case 'offline':
      return { tone: 'warn', title: t('sync.state.offline'), sub: last }
    case 'held':
      return { tone: 'idle', title: t(`comfort.pair.${state.reason}`), sub: last }
    case 'signed-out':
      return { tone: 'bad', title: t('sync.state.signedOut'), sub: last }
    case 'halted':
      return { tone: 'warn', title: t('sync.state.halted'), sub: last }
  }
}

/** `sinceMs`: undefined where it never was. */
function lastSays(sinceMs: number | undefined, { t, ago }: Pick<Words, 't' | 'ago'>): string {
  if (sinceMs === undefined) return t('sync.sub.never')
  return sinceMs < MINUTE_MS ? t('sync.sub.now') : t('sync.sub.last', { ago: ago(sinceMs) })
}

function uploadingSub({ name, several }: Uploading, t: Words['t']): string {
  return several ? t('sync.sub.several', { name }) : t('sync.sub.one', { name })
}

/** One thing a person may do about a pair that has halted. */
export interface HaltChoice {
  readonly label: Extract<MessageKey, `sync.answer.${string}`>
  readonly does: SyncAnswer | 'again' | 'remove'
}

/** The least harmful first. */
const CHOICES: Readonly<Record<HaltReason, readonly HaltChoice[]>> = {
  'root-missing': [{ label: 'sync.answer.again', does: 'again' }],
  'root-emptied': [
    { label: 'sync.answer.again', does: 'again' },
    { label: 'sync.answer.emptied', does: 'trash' },
  ],
  'root-replaced': [
    { label: 'sync.answer.again', does: 'again' },
    { label: 'sync.answer.sameFolder', does: 'same-folder' },
  ],
  'root-unreadable': [{ label: 'sync.answer.again', does: 'again' }],
  'remote-root-missing': [
    { label: 'sync.answer.again', does: 'again' },
    { label: 'sync.answer.makeAgain', does: 'make-again' },
  ],
  'mass-delete': [
    { label: 'sync.answer.keep', does: 'keep' },
    { label: 'sync.answer.trash', does: 'trash' },
  ],
  'other-account': [{ label: 'sync.answer.remove', does: 'remove' }],
}

export interface HaltSays {
  readonly text: string
  readonly choices: readonly HaltChoice[]
  /** Some of the files it is about, and how many more there are. */
  readonly examples: readonly string[]
  readonly more: number
}

/** Why a pair stands still and what can be done; undefined for one that does not. */
export function haltSays(
  { pair, state }: PairStatus,
  { t, number }: Pick<Words, 't' | 'number'>,
): HaltSays | undefined {
  if (state.status !== 'halted') return undefined
  const { reason, deletions } = state.halt
  const name = nameOf(pair.localPath)
  const examples = deletions?.examples ?? []
  const texts: Readonly<Record<HaltReason, () => string>> = {
    'root-missing': () => t('sync.halt.missing', { name }),
    'root-emptied': () => t('sync.halt.emptied', { name }),
    'root-replaced': () => t('sync.halt.replaced', { name }),
    'root-unreadable': () => t('sync.halt.unreadable', { name }),
    'remote-root-missing': () => t('sync.halt.remoteMissing', { remote: pair.remotePath }),
    'mass-delete': () =>
      t('sync.halt.deleted', {
        name,
        files: number(deletions?.files ?? 0),
        total: number(deletions?.total ?? 0),
      }),
    'other-account': () => t('sync.halt.account', { name }),
  }
  return {
    text: texts[reason](),
    choices: CHOICES[reason],
    examples,
    more: Math.max(0, (deletions?.files ?? 0) - examples.length),
  }
}

/** What mends a path's problem: sync takes it up by itself. */
export function fixSays(failure: Failure, { t, explain }: Pick<Words, 't' | 'explain'>): string {
  switch (failure.code) {
    case 'name-blank':
    case 'name-too-long':
    case 'name-character':
    case 'name-refused':
    case 'name-clash':
      return t('sync.fix.rename')
    case 'file-unreadable':
    case 'folder-unreadable':
      return t('sync.fix.access')
    default:
      return explain(failure, 'waiting').action
  }
}

/** `~` for the person's own folder. */
export function homely(path: string, home: string): string {
  const below = home !== '' && path.startsWith(home) ? path.slice(home.length) : undefined
  return below !== undefined && /^[\\/]|^$/u.test(below) ? `~${below}` : path
}

export function warningSays(warning: PairWarning, { t }: Pick<Words, 't'>): string {
  switch (warning.kind) {
    case 'overlaps':
      return t('sync.warning.overlaps', { other: warning.other })
    case 'network-drive':
      return t('sync.warning.network')
    case 'other-cloud':
      return t('sync.warning.otherCloud', { name: warning.name })
    case 'many-entries':
      return t('sync.warning.many')
  }
}

export function watchingKey(watching: Watching): Extract<MessageKey, `sync.watch.${string}`> {
  if (watching.kind === 'events') return 'sync.watch.events'
  if (watching.kind === 'polling') return 'sync.watch.polling'
  return watching.why === 'watch-limit' ? 'sync.watch.limit' : 'sync.watch.unavailable'
}
