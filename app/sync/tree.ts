/**
 * The three trees of folder sync (design 5): what is on the disk, what is in the cloud, and what both last agreed on. All of them may
 * be pruned: a folder whose children are undefined is one in which nothing differs from the base, as far as anybody has looked.
 */

/** What the local file system says of an entry, as far as sync compares it. */
export interface LocalFile {
  readonly kind: 'file'
  /** Decimal; as text, since some file systems use all 64 bits. */
  readonly ino: string
  readonly size: number
  /** Decimal nanoseconds since 1970; compared for equality alone (pitfall: clocks lie). */
  readonly mtimeNs: string
  /** Lower-case hexadecimal, once the file has been read as it is now. */
  readonly md5?: string
  /** It is being written: left alone until it holds still. */
  readonly busy?: true
}

export interface LocalFolder {
  readonly kind: 'folder'
  readonly ino: string
  readonly children: LocalChildren | undefined
}

/** Neither a file nor a folder that can be looked at: nothing is known of it and of what is below it, so nothing follows for the cloud. */
export interface LocalUnknown {
  readonly kind: 'unknown'
  readonly why: UnknownReason
}

/** Left out by a rule: as if it were not there, and what the cloud has of it stays. */
export interface LocalIgnored {
  readonly kind: 'ignored'
}

/** `unreadable`: permission, or an I/O error; `vanished`: it was gone again while we looked, or its name is no text. */
export type UnknownReason = 'symbolic-link' | 'not-a-file' | 'unreadable' | 'vanished' | 'other-disk'

export type LocalNode = LocalFile | LocalFolder | LocalUnknown | LocalIgnored
export type LocalChildren = ReadonlyMap<string, LocalNode>

/** One entry of a folder in the cloud. Several may have the same name (platform-facts 5). */
export interface RemoteEntry {
  readonly fileID: number
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly size: number
  /** Lower case; empty for folders. */
  readonly md5: string
}

/** Complete listings, by folder id; a folder that is missing here has not been looked at. */
export type RemoteTree = ReadonlyMap<number, readonly RemoteEntry[]>

/** A row of the base; ids are the store's and never used twice. */
export type NodeId = number & { readonly __brand: 'NodeId' }

interface BaseEntry {
  readonly id: NodeId
  /** The local name; what it is called in the cloud follows from it (see names.ts). */
  readonly name: string
  readonly ino: string
  readonly fileID: number
}

export interface BaseFile extends BaseEntry {
  readonly kind: 'file'
  readonly size: number
  readonly mtimeNs: string
  readonly md5: string
  /** The version that this one takes the place of, until that is in the bin. */
  readonly replaces?: number
}

export interface BaseFolder extends BaseEntry {
  readonly kind: 'folder'
  readonly children: BaseChildren | undefined
}

export type BaseNode = BaseFile | BaseFolder
export type BaseChildren = ReadonlyMap<string, BaseNode>

/** Names from the pair's root on; the root is `[]`. */
export type Path = readonly string[]

export function sameStat(one: Pick<LocalFile, 'ino' | 'size' | 'mtimeNs'>, other: typeof one): boolean {
  return one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs
}
