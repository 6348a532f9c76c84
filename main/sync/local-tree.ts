import type { FolderRow, Row } from '#app/sync/base-tree'
import {
  sameStat,
  type LocalChildren,
  type LocalFile,
  type LocalFolder,
  type LocalNode,
} from '#app/sync/tree'
import type { ScannedFolder, ScannedNode } from './scan-jobs.ts'

/** What the tree needs of a base: rows that it compares with are loaded. */
export interface RowLoader {
  folder(names: readonly string[]): FolderRow | undefined
  load(folder: FolderRow): void
  loadWhole(folder: FolderRow): void
}

/** As much of the disk as is not as the base has it, put together from what the scanner found. */
export class LocalTree {
  readonly #folders = new Map<string, ScannedFolder>()
  readonly #hashes = new Map<string, string>()
  #entries = 0

  get folders(): ReadonlyMap<string, ScannedFolder> {
    return this.#folders
  }

  /** Entries that are held in memory. */
  get size(): number {
    return this.#entries
  }

  add(folder: ScannedFolder): void {
    this.#entries += folder.entries.length
    this.#folders.set(folder.path, folder)
  }

  drop(path: string): void {
    this.#entries -= this.#folders.get(path)?.entries.length ?? 0
    this.#folders.delete(path)
  }

  /** The content of a file as it was when it was scanned. */
  setHash(path: string, file: LocalFile, md5: string): void {
    this.#hashes.set(hashKey(path, file), md5)
  }

  /** The pruned tree, with the rows of the base loaded that the planner compares it with. */
  tree(base: RowLoader, rootIno: string): LocalFolder {
    const touched = new Set<string>([''])
    for (const path of this.#folders.keys())
      for (let at = path; at !== '' && !touched.has(at); at = parentOf(at)) touched.add(at)
    return this.#folder('', rootIno, base.folder([]), touched, base)
  }

  #folder(
    path: string,
    ino: string,
    row: FolderRow | undefined,
    touched: ReadonlySet<string>,
    base: RowLoader,
  ): LocalFolder {
    const scanned = this.#folders.get(path)
    if (!scanned && !touched.has(path)) return { kind: 'folder', ino, children: row ? undefined : new Map() }
    if (row) base.load(row)
    const children = scanned
      ? this.#scanned(scanned, row, touched, base)
      : this.#asBase(path, row, touched, base)
    if (row) this.#loadGone(row, children, base)
    return { kind: 'folder', ino, children }
  }

  #scanned(
    { path, entries }: ScannedFolder,
    row: FolderRow | undefined,
    touched: ReadonlySet<string>,
    base: RowLoader,
  ): LocalChildren {
    const children = new Map<string, LocalNode>()
    for (const [name, node] of entries) {
      const at = join(path, name)
      if (node.kind === 'folder') {
        const known = row?.children?.get(name)
        const below = known?.kind === 'folder' ? known : undefined
        children.set(name, this.#folder(at, node.ino, below, touched, base))
      } else children.set(name, this.#leaf(at, node))
    }
    return children
  }

  #leaf(path: string, node: Exclude<ScannedNode, { kind: 'folder' }>): LocalNode {
    if (node.kind === 'ignored') return { kind: 'ignored' }
    if (node.kind === 'unknown') return node
    const md5 = this.#hashes.get(hashKey(path, node))
    return md5 === undefined ? node : { ...node, md5 }
  }

  /** Nothing differs directly in it, but below. */
  #asBase(
    path: string,
    row: FolderRow | undefined,
    touched: ReadonlySet<string>,
    base: RowLoader,
  ): LocalChildren {
    const children = new Map<string, LocalNode>()
    for (const [name, known] of row?.children ?? []) {
      const at = join(path, name)
      children.set(
        name,
        known.kind === 'folder' ? this.#folder(at, known.ino, known, touched, base) : fileOf(known),
      )
    }
    return children
  }

  /** What may have moved away is compared by what was in it. */
  #loadGone(row: FolderRow, children: LocalChildren, base: RowLoader): void {
    for (const known of row.children?.values() ?? []) {
      const there = children.get(known.name)
      if (known.kind === 'folder' && (there?.kind !== 'folder' || there.ino !== known.ino))
        base.loadWhole(known)
    }
  }
}

/** Whether the base says of a folder's own entries what the scanner said: then the next scan need not tell of it. */
export function isSettled({ entries }: ScannedFolder, row: FolderRow): boolean {
  const rows = row.children
  if (!rows) return false
  let known = 0
  for (const [name, node] of entries) {
    const there = rows.get(name)
    if (node.kind === 'ignored') {
      if (there) return false
      continue
    }
    if (node.kind === 'unknown') {
      // What can't be read is asked for again at every scan.
      if (node.why === 'unreadable' || node.why === 'vanished') return false
      if (there) known++
      continue
    }
    if (!there || !isSame(there, node)) return false
    known++
  }
  return known === rows.size
}

function isSame(row: Row, node: LocalFile | { readonly kind: 'folder'; readonly ino: string }): boolean {
  if (row.kind === 'folder') return node.kind === 'folder' && node.ino === row.ino
  return node.kind === 'file' && row.replaces === undefined && sameStat(row, node)
}

function fileOf({ ino, size, mtimeNs, md5 }: Row & { kind: 'file' }): LocalFile {
  return { kind: 'file', ino, size, mtimeNs, md5 }
}

function hashKey(path: string, { ino, size, mtimeNs }: LocalFile): string {
  return `${path}\0${ino} ${size} ${mtimeNs}`
}

export function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

export function namesOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/')
}
