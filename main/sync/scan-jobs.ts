import type { LocalFile, LocalUnknown } from '#app/sync/tree'

/** An entry of a folder as the scanner met it. */
export type ScannedNode =
  | LocalFile
  | { readonly kind: 'folder'; readonly ino: string }
  | LocalUnknown
  | { readonly kind: 'ignored'; readonly rule: string }

export interface ScannedFolder {
  /** From the root on, with `/`; the root is empty. */
  readonly path: string
  readonly ino: string
  /** Over all its entries and the rules: as long as it stays the same, nothing in it has changed. */
  readonly fingerprint: string
  readonly entries: readonly (readonly [name: string, node: ScannedNode])[]
}

/** What a look at the root of a pair finds. */
export interface RootLook {
  readonly dev: string
  readonly ino: string
  /** Ids that its marker file names; undefined without one. */
  readonly marks: readonly string[] | undefined
  /** But for the marker. */
  readonly isEmpty: boolean
  readonly drive: DriveKind
}

export type DriveKind = 'local' | 'network' | 'unknown'

export interface ScanOrder {
  /** Names this scan to `taken`. */
  readonly id: number
  readonly root: string
  /** Every folder there is; or these, not what is below them but where that is new. */
  readonly folders: 'all' | readonly string[]
  /** Folders of the base, with the fingerprint they had when nothing in them differed from it, or with an empty one. */
  readonly known: readonly (readonly [folder: string, fingerprint: string])[]
  /** gitignore syntax, beside the root's own `.123panignore`. */
  readonly rules: readonly string[]
  /** Of the time that a file must hold still. */
  readonly quietShare: number
}

export interface ScanEnd {
  /** Files and folders that were looked at. */
  readonly entries: number
  /** When the first of the files that are being written is to be looked at again; milliseconds since 1970. */
  readonly busyUntil?: number
}

/** What the scanner's thread can do. It remembers nothing; a disk that hangs hangs it alone. */
export type ScanJobs = {
  /** Fails as `file-missing`, `not-a-file` or `folder-unreadable`. */
  root: { input: { readonly root: string }; progress: never; output: RootLook }
  /** Names a pair in the root's marker file; a disk that can't be written to goes without. */
  mark: { input: { readonly root: string; readonly id: string }; progress: never; output: null }
  /** Takes the pair's name out again. */
  unmark: { input: { readonly root: string; readonly id: string }; progress: never; output: null }
  /** Tells of every folder whose fingerprint is not the known one. Reads no file. */
  scan: { input: ScanOrder; progress: readonly ScannedFolder[]; output: ScanEnd }
  /** One more batch of a scan has been taken in: without it the scanner waits, a few batches ahead. */
  taken: { input: { readonly id: number }; progress: never; output: null }
}
