import type { ErrorCode } from '../errors.ts'
import type { ReplaceHow, SyncMode } from './pair.ts'
import type { LocalFile, NodeId, Path, RemoteEntry, UnknownReason } from './tree.ts'

/** What has to be known before more can be planned. */
export type Question =
  /** The MD5 of a local file decides. */
  | { readonly kind: 'hash'; readonly path: Path; readonly local: LocalFile }
  /** What is in this folder of the cloud decides. */
  | { readonly kind: 'list'; readonly folderID: number; readonly path: Path }

/** A place in the base: below which node, under which local name. */
export interface BasePlace {
  readonly parent: NodeId
  readonly name: string
}

export interface RemotePlace {
  readonly parentID: number
  readonly name: string
}

/** How a file's content gets to its name. `old`: the version that is there now, which must be that one still when it happens. */
export type UploadHow =
  | { readonly kind: 'new' }
  | { readonly kind: 'beside'; readonly old: number }
  | { readonly kind: 'overwrite'; readonly old: number }

/** What the base row of a file or folder says about the local side. */
export type LocalFacts =
  Pick<LocalFile, 'kind' | 'ino' | 'size' | 'mtimeNs'> | { readonly kind: 'folder'; readonly ino: string }

/** Steps that can be taken now, in any order: none waits for another of the same plan. Done, each moves the base, and nothing else does. */
export type Operation =
  /** Both sides agree already: only the base has to learn what the local side is now. */
  | { readonly kind: 'record'; readonly path: Path; readonly node: NodeId; readonly local: LocalFacts }
  /** Both sides agree already: the base has to learn where it is now. */
  | { readonly kind: 'place'; readonly path: Path; readonly node: NodeId; readonly place: BasePlace }
  /** The cloud has it without our having put it there just now. `node`: the row that it becomes the newer version of. */
  | {
      readonly kind: 'adopt'
      readonly path: Path
      readonly place: BasePlace
      readonly local: LocalFacts
      readonly entry: RemoteEntry
      readonly node?: NodeId
      readonly replaces?: number
    }
  /** With everything below it: the cloud's side is no longer ours to touch, or gone. */
  | { readonly kind: 'forget'; readonly path: Path; readonly node: NodeId }
  /** The version it replaced is in the bin. */
  | { readonly kind: 'replaced'; readonly path: Path; readonly node: NodeId }
  | {
      readonly kind: 'mkdir'
      readonly path: Path
      readonly place: BasePlace
      readonly to: RemotePlace
      readonly ino: string
    }
  | {
      readonly kind: 'upload'
      readonly path: Path
      readonly place: BasePlace
      readonly to: RemotePlace
      readonly local: LocalFile
      readonly how: UploadHow
      readonly node?: NodeId
    }
  /** One file or folder, with all that is in it, to another folder, another name, or both. */
  | {
      readonly kind: 'relocate'
      readonly path: Path
      readonly was: Path
      readonly node: NodeId
      readonly fileID: number
      readonly from: RemotePlace
      readonly to: RemotePlace
      readonly place: BasePlace
      /** To a name of ours, out of somebody's way. */
      readonly aside?: true
    }
  /** A version that another takes the place of goes to the bin; `node`: its row, if it has one. */
  | {
      readonly kind: 'discard'
      readonly path: Path
      readonly fileID: number
      readonly parentID: number
      readonly node?: NodeId
    }

/** Deleted here, ours there: to the bin, once safety lets it. */
export interface Removal {
  readonly path: Path
  readonly node: NodeId
  readonly kind: 'file' | 'folder'
  /** What it was on the disk. */
  readonly ino: string
  readonly fileID: number
  readonly parentID: number
  /** Files that go with it. */
  readonly files: number
  /** For a folder: every folder of the cloud that must hold at that moment what the plan saw there, and what that was. */
  readonly holds: readonly { readonly folderID: number; readonly fileIDs: readonly number[] }[]
}

/** A path that can't be synced, while the rest goes on (style: neither an error nor a conflict). */
export interface PlanProblem {
  readonly path: Path
  readonly code: ErrorCode
  readonly detail?: string
}

/** A path that is passed over, which is nobody's fault. */
export interface PassedOver {
  readonly path: Path
  readonly why: UnknownReason
}

export interface Plan {
  readonly questions: readonly Question[]
  readonly operations: readonly Operation[]
  /** There only when nothing else is left to ask or to do but uploads. */
  readonly removals: readonly Removal[]
  readonly problems: readonly PlanProblem[]
  readonly passedOver: readonly PassedOver[]
  /** Files that are being written. */
  readonly busy: readonly Path[]
}

/** Under what conditions a plan is made. */
export interface Terms {
  readonly mode: SyncMode
  readonly replace: ReplaceHow
  readonly twins: boolean
  /** Paths (as `keyOf` has them) that something is under way for, or that are to be left alone for now. */
  readonly handsOff: ReadonlySet<string>
  /** False: the local tree leaves out entries that there are. Nothing is then taken for deleted. */
  readonly complete: boolean
}
