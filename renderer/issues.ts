import type { ErrorCode, Failure } from '#app/errors'
import type { Problem, QueueStatus } from '#app/ipc'
import type { Transfer, TransferId } from '#app/transfer'
import type { Standing } from '#app/words/explain'

/** The one thing that mends a cause. */
export type Remedy =
  | 'retry'
  /** A name that is taken: overwrite, keep both or skip. */
  | 'answer'
  | 'sign-in'
  | 'proxy-settings'
  /** Something is to be cleared up in the drive. */
  | 'website'
  /** The file itself has to be changed first. */
  | 'show-file'
  /** Nothing mends it; a person has to know. */
  | 'dismiss'

/** Closed, so that a new code does not compile until somebody has thought of what helps. */
const REMEDIES: Readonly<Record<ErrorCode, Remedy>> = {
  'file-missing': 'retry',
  'file-unreadable': 'retry',
  'file-unwritable': 'retry',
  'file-locked': 'retry',
  'name-clash': 'show-file',
  'name-encoding': 'show-file',
  'not-a-file': 'dismiss',
  'file-too-large': 'show-file',
  'file-changed': 'retry',
  'folder-unreadable': 'retry',
  'name-blank': 'show-file',
  'name-too-long': 'show-file',
  'name-character': 'show-file',
  'name-refused': 'show-file',
  'name-taken': 'answer',
  offline: 'retry',
  'proxy-failed': 'proxy-settings',
  'connection-lost': 'retry',
  timeout: 'retry',
  'slow-uplink': 'retry',
  'insecure-server': 'retry',
  'rate-limited': 'retry',
  server: 'retry',
  'malformed-answer': 'retry',
  busy: 'retry',
  verifying: 'retry',
  'verify-timeout': 'retry',
  integrity: 'retry',
  'upload-expired': 'retry',
  ambiguous: 'website',
  'parent-missing': 'retry',
  'not-found': 'retry',
  'quota-exceeded': 'website',
  'traffic-exhausted': 'website',
  refused: 'retry',
  'signed-out': 'sign-in',
  unauthorized: 'sign-in',
  'token-limit': 'sign-in',
  'credentials-refused': 'sign-in',
  'other-account': 'sign-in',
  'keychain-unavailable': 'sign-in',
  cancelled: 'retry',
  'invalid-argument': 'retry',
  'data-folder-held': 'retry',
  'data-folder-unusable': 'dismiss',
  'queue-set-aside': 'dismiss',
  interrupted: 'retry',
  'update-untrusted': 'dismiss',
  'update-unreachable': 'dismiss',
  'update-older': 'dismiss',
  'update-cut': 'dismiss',
  'update-unwritable': 'dismiss',
  'update-not-installed': 'dismiss',
  internal: 'retry',
}

/** One thing that is wrong: a transfer, or a path that was skipped. */
export type Affected =
  | { readonly kind: 'transfer'; readonly id: TransferId; readonly path: string; readonly failure: Failure }
  | { readonly kind: 'path'; readonly path: string; readonly failure: Failure }

/** Everything that has the same cause, and so the same remedy. */
export interface Issue {
  readonly code: ErrorCode
  /** What its sentence is made of: the details are left out where they differ. */
  readonly failure: Failure
  /** `waiting`: it goes on by itself once the cause is gone. */
  readonly standing: Standing
  readonly remedy: Remedy
  /** None: it concerns all there is. */
  readonly affected: readonly Affected[]
}

type Blocked = NonNullable<QueueStatus['blocked']>['reason']

/** Why nothing goes up at all, as a failure that has words. What a person has chosen and the server's limits are none. */
const BLOCKED: Readonly<Record<Blocked, ErrorCode | undefined>> = {
  'signed-out': 'unauthorized',
  storage: 'data-folder-unusable',
  proxy: 'proxy-failed',
  offline: 'offline',
  'rate-limited': undefined,
  battery: undefined,
  metered: undefined,
}

/** A failed transfer, or one that waits for what only a person can do. */
export function isIssue({ state }: Transfer): boolean {
  return state.status === 'failed' || (state.status === 'waiting' && state.failure.code === 'quota-exceeded')
}

/** What failed needs somebody, what waits may go on by itself, what was passed over is only to be known. */
const URGENCY: Readonly<Record<Standing, number>> = { 'given-up': 0, waiting: 1, once: 2 }

/** By cause: first what holds up everything, then what concerns the most files. */
export function issuesOf(
  blocked: Blocked | undefined,
  transfers: readonly Transfer[],
  problems: readonly Problem[],
): readonly Issue[] {
  const groups = new Map<ErrorCode, { standing: Standing; affected: Affected[] }>()
  const put = (one: Affected, standing: Standing): void => {
    const group = groups.get(one.failure.code) ?? { standing, affected: [] }
    group.affected.push(one)
    groups.set(one.failure.code, group)
  }
  for (const { id, path, state } of transfers) {
    if (state.status === 'failed') put({ kind: 'transfer', id, path, failure: state.failure }, 'given-up')
    if (state.status === 'waiting') put({ kind: 'transfer', id, path, failure: state.failure }, 'waiting')
  }
  for (const { path, failure } of problems) put({ kind: 'path', path, failure }, 'once')
  const code = blocked && BLOCKED[blocked]
  return [
    ...(code
      ? [
          {
            code,
            failure: { code, message: '' },
            standing: 'waiting',
            remedy: REMEDIES[code],
            affected: [],
          } as const,
        ]
      : []),
    ...[...groups]
      .map(([each, { standing, affected }]) => ({
        code: each,
        failure: common(affected.map(({ failure }) => failure)),
        standing,
        remedy: REMEDIES[each],
        affected,
      }))
      .sort(
        (one, other) =>
          URGENCY[one.standing] - URGENCY[other.standing] || other.affected.length - one.affected.length,
      ),
  ]
}

/** What is said of all of them: with its detail only if it is everybody's. */
function common(failures: readonly Failure[]): Failure {
  const [first, ...rest] = failures
  if (!first) return { code: 'internal', message: '' }
  const { code, detail } = first
  const shared = detail !== undefined && rest.every((failure) => failure.detail === detail)
  return { code, message: '', ...(shared ? { detail } : {}) }
}

export function transferIds(affected: readonly Affected[]): readonly TransferId[] {
  return affected.flatMap((one) => (one.kind === 'transfer' ? [one.id] : []))
}

export function paths(affected: readonly Affected[]): readonly string[] {
  return affected.flatMap((one) => (one.kind === 'path' ? [one.path] : []))
}
