import { isSuffixed } from '../naming.ts'
import { MAX_FILE_BYTES } from '../slices.ts'
import type { Draft } from './draft.ts'
import type { BaseAt, LocalAt } from './match.ts'
import type { Placer } from './placer.ts'
import type { BasePlace, LocalFacts, RemotePlace, UploadHow } from './plan.ts'
import {
  sameStat,
  type BaseFile,
  type BaseFolder,
  type LocalFile,
  type LocalFolder,
  type RemoteEntry,
} from './tree.ts'

/** What is to be done about one file: read it, send it, or only note that it is there. */
export class FilePlanner {
  readonly #draft: Draft
  readonly #placer: Placer

  constructor(draft: Draft, placer: Placer) {
    this.#draft = draft
    this.#placer = placer
  }

  settleFile(
    entry: LocalAt<LocalFile>,
    base: BaseAt<BaseFile>,
    at: RemotePlace,
    folder: LocalAt<LocalFolder>,
    row: BaseFolder,
  ): void {
    const { node } = entry
    const known = base.node
    if (known.replaces !== undefined) {
      this.#binOlder(entry, base, known.replaces, row)
      return
    }
    if (sameStat(node, known)) {
      this.#placer.seeToPlace(entry, base, at, row)
      return
    }
    if (node.busy) {
      this.#draft.busy.push(entry.path)
      return
    }
    if (node.size === known.size) {
      if (node.md5 === undefined) {
        this.#draft.ask({ kind: 'hash', path: entry.path, local: node })
        return
      }
      if (node.md5 === known.md5) {
        this.#draft.do({ kind: 'record', path: entry.path, node: known.id, local: fileFacts(node) })
        this.#placer.seeToPlace(entry, base, at, row)
        return
      }
    }
    this.#replaceOwn(entry, base, at, folder, row)
  }

  /** The file has new content; the cloud has the older one. */
  #replaceOwn(
    entry: LocalAt<LocalFile>,
    base: BaseAt<BaseFile>,
    at: RemotePlace,
    folder: LocalAt<LocalFolder>,
    row: BaseFolder,
  ): void {
    const { node, path, name } = entry
    if (node.size > MAX_FILE_BYTES) {
      this.#draft.problem({ path, code: 'file-too-large', detail: String(node.size) })
      return
    }
    const listing = this.#draft.listing(row.fileID, folder.path)
    if (!listing) return
    const to = this.#draft.placeOf(entry, row)
    if (!to) return
    if (at.parentID !== to.parentID || at.name !== to.name) {
      this.#placer.seeToPlace(entry, base, at, row)
      return
    }
    const place = { parent: row.id, name }
    const old = base.node.fileID
    const beside = this.#besides(node, to, listing)
    if (beside.length > 0 && node.md5 === undefined) {
      this.#draft.ask({ kind: 'hash', path, local: node })
      return
    }
    const arrived = arrivedAmong(beside, node)
    if (arrived) {
      const local = fileFacts(node)
      this.#draft.do({ kind: 'adopt', path, place, local, entry: arrived, node: base.node.id, replaces: old })
      return
    }
    const how: UploadHow = { kind: this.#draft.terms.replace, old }
    this.#draft.do({ kind: 'upload', path, place, to, local: node, how, node: base.node.id })
  }

  /** What an upload beside an older version may have left there when its answer was lost. */
  #besides(node: LocalFile, to: RemotePlace, listing: readonly RemoteEntry[]): readonly RemoteEntry[] {
    return listing.filter(
      (one) =>
        one.kind === 'file' &&
        one.size === node.size &&
        isSuffixed(one.name, to.name) &&
        !this.#draft.view.owner(one.fileID),
    )
  }

  /** The older version goes to the bin; once it is there, the newer one may take its name. */
  #binOlder(entry: LocalAt, base: BaseAt<BaseFile>, old: number, row: BaseFolder): void {
    const parentID = base.parent?.node.fileID ?? row.fileID
    const listing = this.#draft.listing(parentID, base.path.slice(0, -1))
    if (!listing) return
    if (listing.some(({ fileID }) => fileID === old))
      this.#draft.do({ kind: 'discard', path: entry.path, fileID: old, parentID })
    else this.#draft.do({ kind: 'replaced', path: entry.path, node: base.node.id })
  }

  settleNewFile(
    entry: LocalAt<LocalFile>,
    to: RemotePlace,
    place: BasePlace,
    same: readonly RemoteEntry[],
    listing: readonly RemoteEntry[],
  ): void {
    const { path, node } = entry
    const local = fileFacts(node)
    if (same.length === 0) {
      this.#draft.do({ kind: 'upload', path, place, to, local: node, how: { kind: 'new' } })
      return
    }
    if (same.some(({ kind }) => kind === 'folder')) {
      this.#draft.nameTaken(entry)
      return
    }
    if (node.md5 === undefined) {
      // Its size may say it, but an upload that was cut short can be found by its content alone.
      this.#draft.ask({ kind: 'hash', path, local: node })
      return
    }
    const equal = same.find((one) => isContent(one, node))
    if (equal) {
      this.#draft.do({ kind: 'adopt', path, place, local, entry: equal })
      return
    }
    const [old, second] = same
    if (!old || second) {
      this.#draft.problem({ path, code: 'ambiguous', detail: entry.name })
      return
    }
    const arrived = arrivedAmong(this.#besides(node, to, listing), node)
    if (arrived) this.#draft.do({ kind: 'adopt', path, place, local, entry: arrived, replaces: old.fileID })
    else
      this.#draft.do({
        kind: 'upload',
        path,
        place,
        to,
        local: node,
        how: { kind: 'beside', old: old.fileID },
      })
  }
}

function fileFacts({ kind, ino, size, mtimeNs }: LocalFile): LocalFacts {
  return { kind, ino, size, mtimeNs }
}

function isContent(entry: RemoteEntry, { size, md5 }: LocalFile): boolean {
  return entry.kind === 'file' && entry.size === size && entry.md5 === md5
}

function arrivedAmong(beside: readonly RemoteEntry[], node: LocalFile): RemoteEntry | undefined {
  const [only, second] = beside.filter((one) => isContent(one, node))
  // Two could be two people's.
  return second ? undefined : only
}
