import { unreachable } from './assert.ts'
import type { QueueStatus, WantedPage } from './ipc.ts'
import { conditionOf, shapeOf, type Condition, type TrayFacts, type TrayShape } from './tray-condition.ts'
import { explain } from './words/explain.ts'
import { sizeText } from './words/size.ts'
import { trayWords, type TrayWords } from './words/tray.ts'

export type TrayAction =
  | { readonly type: 'open'; readonly page?: WantedPage }
  | { readonly type: 'upload'; readonly what: 'files' | 'folders' }
  /** Without a time it lasts until somebody resumes. */
  | { readonly type: 'pause'; readonly forMs?: number }
  /** `pairs`: each pair was paused by itself, and the queue is not. */
  | { readonly type: 'resume'; readonly what: 'queue' | 'pairs' }
  /** On battery, or a metered network. */
  | { readonly type: 'go-anyway' }
  | { readonly type: 'quit' }

export interface TrayEntry {
  readonly kind: 'entry'
  readonly label: string
  readonly action: TrayAction
  readonly enabled: boolean
}

export type TrayItem =
  | TrayEntry
  | { readonly kind: 'status'; readonly label: string }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'submenu'
      readonly label: string
      readonly enabled: boolean
      readonly items: readonly TrayEntry[]
    }

export interface TrayView {
  readonly shape: TrayShape
  /** One line without anything that changes by the second: a menu that is open stays as it is. */
  readonly status: string
  /** The status, and below it what there is to count. */
  readonly tooltip: string
  readonly items: readonly TrayItem[]
}

const MINUTE = 60_000

/** What the tray shows of what the program is at. */
export function trayView(facts: TrayFacts): TrayView {
  const words = trayWords[facts.language]
  const condition = conditionOf(facts)
  const status = sentence(condition, facts, words)
  return {
    shape: shapeOf(condition),
    status,
    tooltip: [status, details(condition, facts, words)].filter(Boolean).join('\n'),
    items: items(status, condition, facts, words),
  }
}

function sentence(condition: Condition, facts: TrayFacts, words: TrayWords): string {
  switch (condition.kind) {
    case 'signed-out':
      return words.signedOut
    case 'sign-in-ended':
      // The usual one, with what to do about it.
      return condition.reason && condition.reason.code !== 'unauthorized'
        ? explain(condition.reason, facts.language).why
        : words.signInEnded
    case 'storage':
      return words.storage
    case 'halted':
      return words.halted(condition.folders)
    case 'issues':
      return words.issuesWait(facts.issues)
    case 'offline':
      return words.offline
    case 'proxy':
      return words.proxy
    case 'all-paused':
      return words.paused(condition.until === undefined ? undefined : moment(condition.until, facts))
    case 'files-paused':
      return words.filesPaused(facts.files.paused)
    case 'pairs-paused':
      return words.pairsPaused
    case 'battery':
    case 'metered':
      return words.held[condition.kind]
    case 'rate-limited':
      return words.rateLimited
    case 'uploading':
      return words.uploading
    case 'comparing':
      return words.comparing
    case 'waiting':
      return words.waiting
    case 'in-step':
      return words.inStep
    case 'nothing':
      return words.nothing
    default:
      return unreachable(condition)
  }
}

/** What the sentence does not say itself. */
function details({ kind }: Condition, facts: TrayFacts, words: TrayWords): string {
  const { queue, issues } = facts
  const left = filesLeft(facts)
  return [
    queue.paused && kind !== 'all-paused' ? words.alsoPaused : '',
    left > 0 && kind !== 'files-paused' ? words.filesLeft(left) : '',
    queue.running > 0 && queue.speed > 0 ? `${sizeText(queue.speed, facts.language)}/s` : '',
    issues > 0 && kind !== 'issues' ? words.issues(issues) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

/** A pair's files are counted by the pair: only some of them stand in the queue at a time. */
function filesLeft({ files, pairs }: TrayFacts): number {
  const ofPairs = pairs.reduce(
    (sum, { state }) => sum + (state.status === 'syncing' ? state.left.upload : 0),
    0,
  )
  return files.unfinished - files.fromSync + Math.max(files.fromSync, ofPairs)
}

function items(
  status: string,
  { kind }: Condition,
  { issues, session, queue }: TrayFacts,
  words: TrayWords,
): readonly TrayItem[] {
  const signedIn = session.status === 'signed-in'
  const entry = (label: string, action: TrayAction, enabled = true): TrayEntry => ({
    kind: 'entry',
    label,
    action,
    enabled,
  })
  const resumes = resumable(kind, queue)
  return [
    { kind: 'status', label: status },
    { kind: 'separator' },
    entry(words.open, { type: 'open' }),
    entry(words.uploadFiles, { type: 'upload', what: 'files' }, signedIn),
    entry(words.uploadFolder, { type: 'upload', what: 'folders' }, signedIn),
    { kind: 'separator' },
    resumes
      ? entry(words.resume, { type: 'resume', what: resumes })
      : {
          kind: 'submenu',
          label: words.pause,
          enabled: signedIn,
          items: [
            entry(words.halfAnHour, { type: 'pause', forMs: 30 * MINUTE }),
            entry(words.anHour, { type: 'pause', forMs: 60 * MINUTE }),
            entry(words.untilResumed, { type: 'pause' }),
          ],
        },
    ...(queue.blocked?.reason === 'battery' || queue.blocked?.reason === 'metered'
      ? [entry(words.goAnyway, { type: 'go-anyway' })]
      : []),
    entry(words.showIssues(issues), { type: 'open', page: 'issues' }),
    entry(words.settings, { type: 'open', page: 'settings' }),
    { kind: 'separator' },
    entry(words.quit, { type: 'quit' }),
  ]
}

/** What "resume" would set going; undefined where nothing is paused as a whole. */
function resumable(kind: Condition['kind'], { paused }: QueueStatus): 'queue' | 'pairs' | undefined {
  if (paused || kind === 'files-paused') return 'queue'
  return kind === 'pairs-paused' ? 'pairs' : undefined
}

/** A time of day; with its day when that is not this one. */
function moment(at: number, { now, language }: TrayFacts): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  const day = sameDay ? {} : ({ month: 'numeric', day: 'numeric' } as const)
  return new Intl.DateTimeFormat(language, { ...day, hour: 'numeric', minute: '2-digit' }).format(at)
}
