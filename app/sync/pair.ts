import type { HoldReason } from '../conditions.ts'
import type { Failure } from '../errors.ts'
import type { UnknownReason } from './tree.ts'

/** A local folder and the cloud folder that it is kept in step with. */
export type PairId = string & { readonly __brand: 'PairId' }

/**
 * `backup`: new and changed files go up, nothing is ever taken away from the cloud. `mirror`: what was deleted here also goes to the
 * cloud's recycle bin, but never what this pair did not put there.
 */
export type SyncMode = 'backup' | 'mirror'

/** How a changed file takes its older version's place. `beside`: the older one goes to the bin; `overwrite`: the platform's own, one call. */
export type ReplaceHow = 'beside' | 'overwrite'

/** What a person chooses when they make a pair. */
export interface NewPair {
  /** Absolute. */
  readonly localPath: string
  /** `/照片`. */
  readonly remotePath: string
  readonly mode: SyncMode
}

/** What they can change about it later. */
export interface PairChange {
  readonly mode?: SyncMode
  readonly replace?: ReplaceHow
  /** gitignore syntax, beside the folder's own `.123panignore`. */
  readonly exclude?: readonly string[]
  /** Names with characters that the cloud forbids go up under their full-width twins. */
  readonly twins?: boolean
}

export interface SyncPair extends NewPair {
  readonly id: PairId
  readonly replace: ReplaceHow
  readonly exclude: readonly string[]
  readonly twins: boolean
}

/** Why a pair stands still until a person has looked. Closed: each has a sentence and an answer. */
export type HaltReason =
  /** The local folder is not there: a disk that is not mounted, or a folder that was moved. */
  | 'root-missing'
  /** It is there and has nothing in it any more. */
  | 'root-emptied'
  /** Another folder stands in its place. */
  | 'root-replaced'
  | 'root-unreadable'
  /** The cloud folder is gone, or was moved. */
  | 'remote-root-missing'
  /** More is to go to the bin than goes without a yes. */
  | 'mass-delete'
  /** The pair was made for another account than the one that is signed in. */
  | 'other-account'

export interface Halt {
  readonly reason: HaltReason
  /** For `mass-delete`: how much would go, of how much. */
  readonly deletions?: Deletions
}

export interface Deletions {
  readonly files: number
  readonly total: number
  /** Some of them, from the root on. */
  readonly examples: readonly string[]
}

/** What a pair is at. */
export type SyncState =
  | { readonly status: 'scanning' }
  /** Files are read, and folders of the cloud listed, to see what has to be done. */
  | { readonly status: 'comparing' }
  | { readonly status: 'syncing'; readonly left: Tally }
  /** Everything there is is in the cloud, but for the problems that are named. */
  | { readonly status: 'synced' }
  /** Files are being written, or what failed is tried again then (milliseconds since 1970). */
  | { readonly status: 'waiting'; readonly until: number; readonly failure?: Failure }
  | { readonly status: 'paused'; readonly until?: number }
  | { readonly status: 'offline' }
  /** With the whole queue, as the person has said beforehand. */
  | { readonly status: 'held'; readonly reason: HoldReason }
  | { readonly status: 'signed-out' }
  | { readonly status: 'halted'; readonly halt: Halt }

/** How much there is of each kind of work. */
export interface Tally {
  readonly upload: number
  readonly uploadBytes: number
  readonly mkdir: number
  readonly move: number
  readonly trash: number
}

/** How changes are noticed. `scans`: by looking now and then, with why; `command` raises the limit that was in the way. */
export type Watching =
  | { readonly kind: 'events' }
  | { readonly kind: 'polling' }
  | { readonly kind: 'scans'; readonly why: 'watch-limit' | 'unavailable'; readonly command?: string }

/** One pair, as the window and the tray show it. */
export interface PairStatus {
  readonly pair: SyncPair
  readonly state: SyncState
  /** Of the base: in the cloud, as far as this pair has brought them there. */
  readonly files: number
  readonly bytes: number
  readonly problems: number
  /** When it last was in step; milliseconds since 1970. */
  readonly syncedAt?: number
  readonly watching: Watching
  readonly warnings: readonly PairWarning[]
}

/** What a person should know before, or while, they use such a folder; nothing is forbidden by it. */
export type PairWarning =
  /** Two pairs would send the same files. */
  | { readonly kind: 'overlaps'; readonly other: string }
  | { readonly kind: 'network-drive' }
  /** It belongs to another cloud's program. */
  | { readonly kind: 'other-cloud'; readonly name: string }
  | { readonly kind: 'many-entries' }

/** One path that can't be synced, while the rest goes on. */
export interface SyncProblem {
  /** Below the local root, with `/`. */
  readonly path: string
  readonly failure: Failure
  /** When it is tried again by itself; without it, when the file changes. */
  readonly retryAt?: number
}

/** What would be done if the pair were made. */
export interface SyncPreview extends Tally {
  /** There already, with the same content as far as name and size tell. */
  readonly present: number
  readonly problems: number
  readonly examples: readonly SyncProblem[]
  readonly ignored: number
  readonly warnings: readonly PairWarning[]
  /** False: there is more than was counted. */
  readonly complete: boolean
}

/** What a pair has done, for its list of events. */
export interface SyncEvent {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind:
    'uploaded' | 'replaced' | 'adopted' | 'made' | 'moved' | 'trashed' | 'kept' | 'halted' | 'problem'
  readonly path: string
  /** Where it was before. */
  readonly from?: string
  readonly failure?: Failure
}

/** A path that is left out, and why: by a rule, or as what it is. */
export type IgnoredPath =
  | { readonly path: string; readonly why: 'rule'; readonly rule: string }
  | { readonly path: string; readonly why: Exclude<UnknownReason, 'unreadable'> }

/**
 * What a person says to a pair that has halted. `trash`: what was deleted here goes to the cloud's bin. `keep`: it stays in the cloud,
 * and is no longer this pair's. `same-folder`: the local folder is the right one. `make-again`: the cloud folder is made anew.
 */
export type SyncAnswer = 'trash' | 'keep' | 'same-folder' | 'make-again'
