import type { SyncMode } from './pair.ts'
import type { Question } from './plan.ts'
import {
  sameStat,
  type BaseFolder,
  type BaseNode,
  type LocalFile,
  type LocalFolder,
  type NodeId,
  type Path,
} from './tree.ts'

/** A local file or folder that the trees show, with where it is. */
export interface LocalAt<N extends LocalFile | LocalFolder = LocalFile | LocalFolder> {
  readonly node: N
  readonly name: string
  readonly path: Path
  /** The folder it is in. */
  readonly folder: LocalAt<LocalFolder> | undefined
}

/** A row of the base, with where it was. */
export interface BaseAt<N extends BaseNode = BaseNode> {
  readonly node: N
  readonly path: Path
  readonly parent: BaseAt<BaseFolder> | undefined
}

/** Which local entry is which row of the base. */
export interface Match {
  readonly root: LocalAt<LocalFolder>
  /** All rows that the trees show. */
  readonly bases: ReadonlyMap<NodeId, BaseAt>
  /** Rows that have a local side. */
  readonly locals: ReadonlyMap<NodeId, LocalAt>
  /** Local entries that have a row. */
  readonly rows: ReadonlyMap<LocalAt, BaseAt>
  /** All local entries of a folder that the trees show. */
  readonly inside: ReadonlyMap<LocalAt, readonly LocalAt[]>
  /** Rows whose local side is gone. */
  readonly gone: ReadonlyMap<NodeId, BaseAt>
  /** Rows of which nothing is known on this side, and all below them. */
  readonly unknown: ReadonlySet<NodeId>
  /** Rows that a rule leaves out now. */
  readonly ignored: readonly BaseAt[]
  /** Files to read, as they may be what is gone from elsewhere. */
  readonly questions: readonly Question[]
  readonly undecided: ReadonlySet<LocalAt>
}

export interface MatchTerms {
  readonly mode: SyncMode
  /** Rows that are not to be found again under another name. */
  readonly stay: ReadonlySet<NodeId>
}

/**
 * Finds every local entry's row: by name and inode where it was, then by inode elsewhere, then by name alone, as programs save by
 * writing a new file over the old name, and last by content. What has no inode in common with its row is still that row's path.
 */
export function match(base: BaseFolder, local: LocalFolder, terms: MatchTerms): Match {
  return new Matcher(base, local, terms).run()
}

class Matcher implements Match {
  readonly root: LocalAt<LocalFolder>
  readonly bases = new Map<NodeId, BaseAt>()
  readonly locals = new Map<NodeId, LocalAt>()
  readonly rows = new Map<LocalAt, BaseAt>()
  readonly inside = new Map<LocalAt, LocalAt[]>()
  readonly gone = new Map<NodeId, BaseAt>()
  readonly unknown = new Set<NodeId>()
  readonly ignored: BaseAt[] = []
  readonly questions: Question[] = []
  readonly undecided = new Set<LocalAt>()
  readonly #base: BaseAt<BaseFolder>
  readonly #terms: MatchTerms
  /** Gone rows by what they are on the disk. */
  readonly #goneByInode = new Map<string, BaseAt>()
  #fresh = new Set<LocalAt>()
  /** Inodes on the disk, as far as the trees show. */
  readonly #inodes = new Set<string>()

  constructor(base: BaseFolder, local: LocalFolder, terms: MatchTerms) {
    this.#terms = terms
    this.#base = { node: base, path: [], parent: undefined }
    this.root = { node: local, name: '', path: [], folder: undefined }
  }

  run(): Match {
    this.bases.set(this.#base.node.id, this.#base)
    this.#noteInodes(this.root.node)
    this.#pair(this.#base, this.root)
    this.#findMoved()
    this.#findReplaced()
    this.#findByContent()
    return this
  }

  #noteInodes(folder: LocalFolder): void {
    for (const node of folder.children?.values() ?? []) {
      if (node.kind !== 'file' && node.kind !== 'folder') continue
      this.#inodes.add(inodeKey(node))
      if (node.kind === 'folder') this.#noteInodes(node)
    }
  }

  /** They are one; if folders, their entries are compared. */
  #pair(base: BaseAt, local: LocalAt): void {
    this.locals.set(base.node.id, local)
    this.rows.set(local, base)
    this.#fresh.delete(local)
    this.#forgetGone(base)
    if (isFolder(base) && isLocalFolder(local)) this.#compare(base, local)
  }

  #compare(base: BaseAt<BaseFolder>, local: LocalAt<LocalFolder>): void {
    const { children } = local.node
    if (!children) return
    const known = new Map<string, LocalAt>((this.inside.get(local) ?? []).map((entry) => [entry.name, entry]))
    const inside = known.size > 0 ? [...known.values()] : this.#list(local)
    const rows = base.node.children ?? new Map<string, BaseNode>()
    const byName = new Map(inside.map((entry) => [entry.name, entry]))
    for (const row of rows.values()) {
      const at = this.#rowAt(row, base)
      if (this.locals.has(row.id)) continue
      const node = children.get(row.name)
      const entry = byName.get(row.name)
      if (node?.kind === 'unknown') this.#leave(at)
      else if (node?.kind === 'ignored') this.#ignore(at)
      else if (entry && !this.rows.has(entry) && inodeKey(entry.node) === inodeKey(row)) this.#pair(at, entry)
      else this.#lose(at)
    }
    for (const entry of inside) if (!this.rows.has(entry)) this.#addFresh(entry)
  }

  #list(local: LocalAt<LocalFolder>): readonly LocalAt[] {
    const entries: LocalAt[] = []
    for (const [name, node] of local.node.children ?? [])
      if (node.kind === 'file' || node.kind === 'folder')
        entries.push({ node, name, path: [...local.path, name], folder: local })
    this.inside.set(local, entries)
    return entries
  }

  #addFresh(local: LocalAt): void {
    if (this.rows.has(local) || this.#fresh.has(local)) return
    this.#fresh.add(local)
    if (isLocalFolder(local)) for (const entry of this.#list(local)) this.#addFresh(entry)
  }

  #rowAt(node: BaseNode, parent: BaseAt<BaseFolder>): BaseAt {
    const known = this.bases.get(node.id)
    if (known) return known
    const at: BaseAt = { node, path: [...parent.path, node.name], parent }
    this.bases.set(node.id, at)
    return at
  }

  #lose(at: BaseAt): void {
    if (this.gone.has(at.node.id) || this.locals.has(at.node.id)) return
    this.gone.set(at.node.id, at)
    this.#goneByInode.set(inodeKey(at.node), at)
    if (isFolder(at)) for (const row of at.node.children?.values() ?? []) this.#lose(this.#rowAt(row, at))
  }

  #forgetGone(at: BaseAt): void {
    this.gone.delete(at.node.id)
    const key = inodeKey(at.node)
    if (this.#goneByInode.get(key) === at) this.#goneByInode.delete(key)
  }

  #ignore(at: BaseAt): void {
    this.ignored.push(at)
    this.#leave(at)
  }

  /** Nothing is known of it nor of what is below it. */
  #leave(at: BaseAt): void {
    this.#forgetGone(at)
    this.unknown.add(at.node.id)
    if (isFolder(at)) for (const row of at.node.children?.values() ?? []) this.#leave(this.#rowAt(row, at))
  }

  #findMoved(): void {
    // A folder that is found brings new entries to compare: until nothing is found any more.
    for (let found = true; found;) {
      found = false
      for (const local of [...this.#fresh]) {
        const row = this.#fresh.has(local) ? this.#goneByInode.get(inodeKey(local.node)) : undefined
        if (!row || this.#terms.stay.has(row.node.id) || !this.#isMoved(row, local)) continue
        this.#pair(row, local)
        found = true
      }
    }
  }

  #isMoved(row: BaseAt, local: LocalAt): boolean {
    if (row.node.kind === 'file') return local.node.kind === 'file' && sameStat(row.node, local.node)
    if (local.node.kind !== 'folder') return false
    // Nothing is taken from the cloud in a backup: a folder that is to have the name of one that is gone can't be moved there.
    const replaced = this.#rowBeside(local)
    if (this.#terms.mode === 'backup' && replaced?.node.kind === 'folder' && !this.#isOnDisk(replaced))
      return false
    return sharesContent(row.node, local.node)
  }

  #isOnDisk(row: BaseAt): boolean {
    return this.#inodes.has(inodeKey(row.node))
  }

  /** The row that has a local entry's very path. */
  #rowBeside(local: LocalAt): BaseAt | undefined {
    const folder = local.folder && this.rows.get(local.folder)
    const row = folder && isFolder(folder) ? folder.node.children?.get(local.name) : undefined
    return row && this.bases.get(row.id)
  }

  #findReplaced(): void {
    for (let found = true; found;) {
      found = false
      for (const local of [...this.#fresh]) {
        const row = this.#fresh.has(local) ? this.#rowBeside(local) : undefined
        if (!row || !this.gone.has(row.node.id) || row.node.kind !== local.node.kind) continue
        this.#pair(row, local)
        found = true
      }
      if (found) this.#findMoved()
    }
  }

  /** A file that was copied and deleted, or moved to another disk and back, has another inode and the same content. */
  #findByContent(): void {
    const sizes = new Set<number>()
    const byContent = new Map<string, BaseAt[]>()
    for (const row of this.gone.values()) {
      // Nothing says more of two empty files than that they are empty.
      if (row.node.kind !== 'file' || row.node.size === 0 || this.#terms.stay.has(row.node.id)) continue
      sizes.add(row.node.size)
      const key = contentKey(row.node.size, row.node.md5)
      const rows = byContent.get(key)
      if (rows) rows.push(row)
      else byContent.set(key, [row])
    }
    for (const local of [...this.#fresh]) {
      if (local.node.kind !== 'file' || local.node.busy || !sizes.has(local.node.size)) continue
      const { md5, size } = local.node
      if (md5 === undefined) {
        this.questions.push({ kind: 'hash', path: local.path, local: local.node })
        this.undecided.add(local)
        continue
      }
      const row = byContent.get(contentKey(size, md5))?.pop()
      if (row) this.#pair(row, local)
    }
  }
}

const contentKey = (size: number, md5: string): string => `${size} ${md5}`

export function isFolder(at: BaseAt): at is BaseAt<BaseFolder> {
  return at.node.kind === 'folder'
}

export function isLocalFolder(at: LocalAt): at is LocalAt<LocalFolder> {
  return at.node.kind === 'folder'
}

function inodeKey({ kind, ino }: { readonly kind: string; readonly ino: string }): string {
  return `${kind} ${ino}`
}

/** The numbers of deleted folders are given to new ones: it is the same only if something in it is, too. */
function sharesContent(row: BaseFolder, local: LocalFolder): boolean {
  const rows = row.children
  if (!rows || rows.size === 0) return true
  if (!local.children) return false
  for (const [name, entry] of rows) {
    const node = local.children.get(name)
    if (node && (node.kind === 'file' || node.kind === 'folder') && inodeKey(node) === inodeKey(entry))
      return true
  }
  return false
}
