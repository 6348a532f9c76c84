/** What went wrong with the program itself. */
export type CrashKind =
  /** It was gone without having quit. */
  | 'ended'
  /** It was, and so was the system: a power cut, a reset, or a system that did not wait for it. */
  | 'ended-with-system'
  /** Or it was only ended with it, or killed while it was quitting: nobody is told. */
  | 'ended-with-session'
  | 'uncaught-exception'
  | 'unhandled-rejection'
  | 'engine-died'
  | 'thread-died'
  | 'renderer-gone'
  /** One of Chromium's own, as the one for graphics. */
  | 'child-gone'

/** What was under way, in numbers. */
export interface Load {
  /** Files that are not at an end. */
  readonly unfinished: number
  readonly running: number
  readonly pairs: number
}

/** One crash, without anything of the person: redacted before it is written. */
export interface CrashReport {
  readonly kind: CrashKind
  /** ISO 8601. */
  readonly at: string
  readonly reason: string
  readonly stack: readonly string[]
  /** Of the program that crashed. */
  readonly version: string
  readonly electron: string
  readonly system: string
  readonly uptimeSeconds?: number
  readonly load: Load
}

/** What a person is told of at the next start: how it ended, or that something in it went wrong. */
export interface CrashOffer {
  readonly kind: 'ended' | 'ended-with-system' | 'fault'
}

const UNTOLD: readonly CrashKind[] = ['ended-with-session', 'child-gone', 'thread-died']

/** Of crashes that nobody has been told of, the one to tell; what mended itself unseen, or may be none, is none. */
export function offerFor(kinds: readonly CrashKind[]): CrashOffer | undefined {
  if (kinds.includes('ended')) return { kind: 'ended' }
  if (kinds.includes('ended-with-system')) return { kind: 'ended-with-system' }
  return kinds.some((kind) => !UNTOLD.includes(kind)) ? { kind: 'fault' } : undefined
}
