import type { ErrorCode, Failure } from './errors.ts'
import type { Settings } from './settings.ts'

/** A newer version, as the signed feed describes it. */
export interface Update {
  readonly version: string
  /** Plain text from the feed, to be shown as it is; empty when it says nothing. */
  readonly notes: string
  /** Bytes to download; undefined when the feed does not say. */
  readonly size?: number
}

/**
 * How this copy of the program can be replaced. `appimage`, `nsis`: by itself, also when it quits. `deb`: the system asks for a password.
 * `mac`: by a restart. `by-hand`: a folder that was unpacked, or a package of somebody else's; a person has to fetch the new one.
 */
export type InstallKind = 'appimage' | 'nsis' | 'deb' | 'mac' | 'by-hand'

export type UpdateState =
  /** `development`: not a packaged program. `not-configured`: it was packaged without a feed. */
  | { readonly status: 'none-here'; readonly reason: 'development' | 'not-configured' }
  | { readonly status: 'idle' }
  /** `before`: where it goes back to when an automatic check comes to nothing. */
  | { readonly status: 'checking'; readonly by: CheckedBy; readonly before: UpdateState }
  | { readonly status: 'up-to-date' }
  | { readonly status: 'available'; readonly update: Update }
  | { readonly status: 'downloading'; readonly update: Update; readonly fraction: number }
  | { readonly status: 'ready'; readonly update: Update }
  /** Somebody wants it now, and files are going up: it is installed once they have. */
  | { readonly status: 'waiting'; readonly update: Update }
  | { readonly status: 'installing'; readonly update: Update }
  | { readonly status: 'failed'; readonly failure: Failure; readonly update?: Update }

export type CheckedBy = 'person' | 'clock'

export type UpdateEvent =
  | { readonly type: 'check-started'; readonly by: CheckedBy }
  | { readonly type: 'found'; readonly update: Update }
  | { readonly type: 'found-nothing' }
  | { readonly type: 'download-started' }
  | { readonly type: 'progressed'; readonly fraction: number }
  | { readonly type: 'downloaded' }
  /** `uploading`: files are going up at the moment. */
  | { readonly type: 'install-wanted'; readonly uploading: boolean }
  | { readonly type: 'uploads-ended' }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Another channel: what was found in the old one counts no more. */
  | { readonly type: 'forgotten' }

/** All that the window shows of it. */
export interface UpdateStatus {
  readonly state: UpdateState
  readonly kind: InstallKind
  /** Of the last check that came to an answer, in milliseconds since 1970; 0 is never. */
  readonly checkedAt: number
  /** There is a page to fetch it from by hand. */
  readonly hasPage: boolean
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** By then the program has long been drawn, and has begun with what it was started for. */
export const FIRST_CHECK_MS = MINUTE_MS
const CHECK_EVERY_MS = 12 * HOUR_MS
const JITTER_MS = HOUR_MS

/** `random` is in [0, 1): programs that were started together do not ask together for ever. */
export const nextCheckMs = (random: number): number => CHECK_EVERY_MS + Math.round(random * JITTER_MS)

/** Timers stand still while a machine sleeps: whether a check is due is a question of the date. */
export const isCheckDue = (checkedAt: number, now: number): boolean => now - checkedAt >= CHECK_EVERY_MS

/** What an automatic check says nothing about: the server may be there again at the next one, or has nothing for us. */
const SILENT: Readonly<Partial<Record<ErrorCode, true>>> = {
  'update-unreachable': true,
  'update-older': true,
}

/** The next state, or the same object when the event does not apply in this one. */
export function advanceUpdate(state: UpdateState, event: UpdateEvent): UpdateState {
  switch (event.type) {
    case 'check-started':
      return canCheck(state) ? { status: 'checking', by: event.by, before: state } : state
    case 'found':
      return state.status === 'checking' ? { status: 'available', update: event.update } : state
    case 'found-nothing':
      return state.status === 'checking' ? { status: 'up-to-date' } : state
    case 'download-started':
      return state.status === 'available'
        ? { status: 'downloading', update: state.update, fraction: 0 }
        : state
    case 'progressed':
      return state.status === 'downloading' && event.fraction > state.fraction
        ? { ...state, fraction: event.fraction }
        : state
    case 'downloaded':
      return state.status === 'downloading' ? { status: 'ready', update: state.update } : state
    case 'install-wanted':
      return state.status === 'ready'
        ? { status: event.uploading ? 'waiting' : 'installing', update: state.update }
        : state
    case 'uploads-ended':
      return state.status === 'waiting' ? { status: 'installing', update: state.update } : state
    case 'failed':
      return afterFailure(state, event.failure)
    case 'forgotten':
      return state.status === 'none-here' || state.status === 'installing' ? state : { status: 'idle' }
  }
}

/** What is on its way, or waits to be installed, is not looked for again. */
function canCheck({ status }: UpdateState): boolean {
  return status === 'idle' || status === 'up-to-date' || status === 'available' || status === 'failed'
}

function afterFailure(state: UpdateState, failure: Failure): UpdateState {
  if (state.status === 'checking') {
    const silent = state.by === 'clock' && SILENT[failure.code]
    return silent ? state.before : { status: 'failed', failure }
  }
  if (state.status === 'downloading' || state.status === 'installing')
    return { status: 'failed', failure, update: state.update }
  return state
}

/** Quitting may replace it: nobody is asked for anything, and nothing is going up. */
export function installsAtQuit(
  state: UpdateState,
  kind: InstallKind,
  wanted: Settings['updates'],
  uploading: boolean,
): boolean {
  const byItself = kind === 'appimage' || kind === 'nsis'
  const isReady = state.status === 'ready' || state.status === 'waiting'
  return isReady && byItself && wanted === 'auto' && !uploading
}

/** `appImage`: the file that this program was started from. `packageType`: what the package says of itself, in `resources/package-type`. */
export function installKindOf(
  platform: string,
  appImage: string | undefined,
  packageType: string | undefined,
): InstallKind {
  if (platform === 'win32') return 'nsis'
  if (platform === 'darwin') return 'mac'
  if (appImage) return 'appimage'
  return packageType?.trim() === 'deb' ? 'deb' : 'by-hand'
}

const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([\w-]+(?:\.[\w-]+)*))?(?:\+[\w.-]+)?$/u

export const isVersion = (version: string): boolean => VERSION.test(version)

/** A version that is not for everybody yet: `1.3.0-beta.2`. */
export const isPrerelease = (version: string): boolean => VERSION.exec(version)?.[4] !== undefined

/** As semver orders them: below zero when the first is older. Both have to be versions. */
export function compareVersions(one: string, other: string): number {
  const [, ...left] = VERSION.exec(one) ?? []
  const [, ...right] = VERSION.exec(other) ?? []
  for (let at = 0; at < 3; at++) {
    const difference = Number(left[at]) - Number(right[at])
    if (difference !== 0) return difference
  }
  return comparePrereleases(left[3]?.split('.'), right[3]?.split('.'))
}

/** The finished version is newer than all that came before it; of two parts, numbers come before words. */
function comparePrereleases(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): number {
  if (!one || !other) return Number(one === undefined) - Number(other === undefined)
  for (const [at, left] of one.entries()) {
    const right = other[at]
    if (right === undefined) return 1
    if (left === right) continue
    const [leftIsNumber, rightIsNumber] = [left, right].map((part) => /^\d+$/u.test(part))
    if (leftIsNumber && rightIsNumber) return Number(left) - Number(right)
    if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1
    return left < right ? -1 : 1
  }
  return one.length - other.length
}
