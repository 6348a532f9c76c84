import { unreachable } from './assert.ts'
import type { HoldReason } from './conditions.ts'
import type { Failure } from './errors.ts'
import type { Problem, QueueStatus } from './ipc.ts'
import type { Session } from './session.ts'
import type { PairStatus, SyncState } from './sync/pair.ts'
import type { Transfer } from './transfer.ts'
import type { Language } from './words/explain.ts'

/** What the icon says; each has a form of its own, not only a colour. */
export type TrayShape = 'idle' | 'syncing' | 'paused' | 'offline' | 'attention' | 'error'

/** All six; a record, so that one left out does not compile. */
const SHAPES: Readonly<Record<TrayShape, true>> = {
  idle: true,
  syncing: true,
  paused: true,
  offline: true,
  attention: true,
  error: true,
}
export const TRAY_SHAPES = Object.keys(SHAPES) as readonly TrayShape[]

/** Files of the queue, by what the tray has to know. */
export interface FileCounts {
  /** Not at an end. */
  readonly unfinished: number
  /** Of these, the ones that a person has paused one by one. */
  readonly paused: number
  /** Of these, the ones that folder pairs have queued. */
  readonly fromSync: number
  /** Failed, and not a pair's: those are among its problems. */
  readonly failed: number
}

export interface TrayFacts {
  readonly pairs: readonly PairStatus[]
  readonly queue: QueueStatus
  readonly session: Session
  readonly issues: number
  readonly files: FileCounts
  readonly language: Language
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The one thing to say. */
export type Condition =
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'sign-in-ended'; readonly reason?: Failure }
  | { readonly kind: 'storage' }
  | { readonly kind: 'halted'; readonly folders: readonly string[] }
  | { readonly kind: 'issues' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'proxy' }
  | { readonly kind: 'all-paused'; readonly until?: number }
  | { readonly kind: HoldReason }
  | { readonly kind: 'files-paused' }
  | { readonly kind: 'pairs-paused' }
  | { readonly kind: 'rate-limited' }
  | { readonly kind: 'uploading' }
  | { readonly kind: 'comparing' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'in-step' }
  | { readonly kind: 'nothing' }

/** What keeps everything from going up comes first, then what waits for a person, then what passes by itself. */
export function conditionOf({ pairs, queue, session, issues, files }: TrayFacts): Condition {
  const blocked = queue.blocked?.reason
  const has = (status: SyncState['status']): boolean => pairs.some(({ state }) => state.status === status)
  if (session.status === 'signed-out')
    return session.reason ? { kind: 'sign-in-ended', reason: session.reason } : { kind: 'signed-out' }
  if (blocked === 'signed-out') return { kind: 'sign-in-ended' }
  if (blocked === 'storage') return { kind: 'storage' }
  const halted = pairs.filter(isHalted)
  if (halted.length > 0) return { kind: 'halted', folders: halted.map(({ pair }) => nameOf(pair.localPath)) }
  if (issues > 0) return { kind: 'issues' }
  if (blocked === 'offline' || blocked === 'proxy') return { kind: blocked }
  if (has('offline')) return { kind: 'offline' }
  if (queue.paused) return { kind: 'all-paused', ...queue.paused }
  if (blocked === 'battery' || blocked === 'metered') return { kind: blocked }
  if (queue.running > 0 || has('syncing')) return { kind: blocked === 'rate-limited' ? blocked : 'uploading' }
  if (blocked === 'rate-limited' && files.unfinished > 0) return { kind: blocked }
  if (has('scanning') || has('comparing')) return { kind: 'comparing' }
  if (files.unfinished > files.paused || has('waiting')) return { kind: 'waiting' }
  if (files.paused > 0) return { kind: 'files-paused' }
  if (has('paused') && !has('synced')) return { kind: 'pairs-paused' }
  return { kind: pairs.length > 0 ? 'in-step' : 'nothing' }
}

export function shapeOf({ kind }: Condition): TrayShape {
  switch (kind) {
    case 'signed-out':
    case 'sign-in-ended':
    case 'storage':
      return 'error'
    case 'halted':
    case 'issues':
      return 'attention'
    case 'offline':
    case 'proxy':
      return 'offline'
    case 'all-paused':
    case 'files-paused':
    case 'pairs-paused':
    case 'battery':
    case 'metered':
      return 'paused'
    case 'rate-limited':
    case 'uploading':
    case 'comparing':
    case 'waiting':
      return 'syncing'
    case 'in-step':
    case 'nothing':
      return 'idle'
    default:
      return unreachable(kind)
  }
}

/** How much waits for a person: a pair that stands still is one thing, however many files it holds up. */
export function countIssues(
  pairs: readonly PairStatus[],
  problems: readonly Problem[],
  { failed }: FileCounts,
): number {
  const ofPairs = pairs.reduce((sum, pair) => sum + pair.problems + (isHalted(pair) ? 1 : 0), 0)
  return ofPairs + problems.length + failed
}

export function countFiles(unfinished: Iterable<Transfer>, failed: number): FileCounts {
  let [all, paused, fromSync] = [0, 0, 0]
  for (const { state, source } of unfinished) {
    all += 1
    if (state.status === 'paused') paused += 1
    if (source === 'sync') fromSync += 1
  }
  return { unfinished: all, paused, fromSync, failed }
}

function isHalted({ state }: PairStatus): boolean {
  return state.status === 'halted'
}

/** Windows and others: a root has no name but itself. */
export function nameOf(path: string): string {
  return /[^/\\]+(?=[/\\]*$)/u.exec(path)?.[0] ?? path
}
