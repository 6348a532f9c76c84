import { setTimeout as sleep } from 'node:timers/promises'
import { refusal } from './answers.ts'
import type { Blob, BlobStore } from './blobs.ts'
import { firstAbove, insert, remove } from './id-lists.ts'
import { type Journal, Table } from './journal.ts'
import { type Content, contentSchema, type FileNode, type Node, nodeSchema } from './nodes.ts'
import type { StoredFile, TreeEntry } from './types.ts'

export const ROOT_ID = 0
/** Thirteen digits, as in the platform's examples: more than 32 bits hold. */
const FIRST_ID = 1_758_176_091_289

type NewFile = Pick<FileNode, 'parentId' | 'name' | 'method'>

/** 1: keep both, the new one gets a suffix. 2: the new one replaces the old. */
export type Duplicate = 1 | 2 | undefined

/** The account's tree and the contents its files share. Everything but the making of folders happens at once, undivided. */
export class Drive {
  readonly #nodes: Table<Node>
  readonly #contents: Table<Content>
  readonly #blobs: BlobStore
  /** Ids of all children, trashed ones too, ascending. */
  readonly #children = new Map<number, number[]>()
  /** Live children by parent and name. More than one: a folder made twice. */
  readonly #live = new Map<string, number[]>()
  #nextId = FIRST_ID
  #usedBytes = 0

  constructor(journal: Journal, blobs: BlobStore) {
    this.#blobs = blobs
    this.#contents = new Table('content', contentSchema, journal)
    this.#nodes = new Table('node', nodeSchema, journal)
    for (const node of this.#nodes.values()) this.#index(node)
    for (const node of this.#nodes.values()) if (node.trashed) this.#usedBytes -= this.#bytesBelow(node)
  }

  /** Bytes of live files. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  node(id: number): Node | undefined {
    return this.#nodes.get(String(id))
  }

  /** Throws unless it is the root or a live folder. */
  requireFolder(id: number): void {
    if (id === ROOT_ID) return
    const node = this.node(id)
    if (node?.kind !== 'folder' || this.isTrashed(node)) throw refusal('parentFileID不存在')
  }

  /** In the bin, itself or with a folder that it is in. */
  isTrashed(node: Node): boolean {
    const parent = this.node(node.parentId)
    return node.trashed || (parent !== undefined && this.isTrashed(parent))
  }

  /** Up to `limit` children with ids above `after`, and whether there are more. Trashed ones are among them. */
  page(
    parentId: number,
    after: number,
    limit: number,
  ): { readonly nodes: readonly Node[]; readonly more: boolean } {
    const ids = this.#children.get(parentId) ?? []
    const start = firstAbove(ids, after)
    return { nodes: this.#existing(ids.slice(start, start + limit)), more: start + limit < ids.length }
  }

  /** The same over the whole account, by name. Slow, as a search may be. */
  search(matches: (name: string) => boolean, after: number, limit: number): ReturnType<Drive['page']> {
    const found = [...this.#nodes.values()]
      .filter(({ id, name }) => id > after && matches(name))
      .sort((a, b) => a.id - b.id)
    return { nodes: found.slice(0, limit), more: found.length > limit }
  }

  content(md5: string, size: number): Content | undefined {
    return this.#contents.get(contentKey(md5, size))
  }

  /** Throws when a file of this name may not be put there. */
  requireFreeName(parentId: number, name: string, duplicate: Duplicate): void {
    this.requireFolder(parentId)
    const taken = this.#liveByName(parentId, name)
    if (taken.length === 0 || duplicate === 1) return
    if (taken.some(({ kind }) => kind === 'folder')) throw refusal('该目录下已经有同名文件夹,无法进行创建')
    if (duplicate === undefined) throw fileNameTaken()
  }

  /** Keeps the bytes and makes the file, or throws and keeps nothing. Bytes that are there already are not kept twice. */
  storeFile(file: NewFile, md5: string, blobs: readonly Blob[], duplicate: Duplicate): FileNode {
    this.requireFreeName(file.parentId, file.name, duplicate)
    const extents = blobs.map(({ file: name, start, size }) => ({ file: name, start, size }))
    const size = blobs.reduce((sum, blob) => sum + blob.size, 0)
    const known = this.content(md5, size)
    if (known) void this.#blobs.remove(extents)
    const content = known ?? { md5, size, extents }
    if (!known) this.#contents.set(contentKey(md5, size), content)
    return this.addFile(file, content, duplicate)
  }

  /** A file with content that is there. */
  addFile(file: NewFile, content: Content, duplicate: Duplicate): FileNode {
    this.requireFreeName(file.parentId, file.name, duplicate)
    const name = duplicate === 1 ? this.#freeName(file.parentId, file.name) : file.name
    for (const old of this.#liveByName(file.parentId, name)) this.#trash(old)
    const now = Date.now()
    const { md5, size } = content
    const id = this.#nextId
    const node: FileNode = {
      ...file,
      kind: 'file',
      id,
      name,
      md5,
      size,
      trashed: false,
      createdAt: now,
      updatedAt: now,
    }
    this.#put(node)
    return node
  }

  /**
   * The folder at the end of these names, made where missing. As on the platform, looking and making are not one step:
   * two that come at the same time make it twice.
   */
  async makeFolders(parentId: number, names: readonly string[], gapMs: number): Promise<number> {
    this.requireFolder(parentId)
    let at = parentId
    for (const name of names) {
      const known = this.#liveByName(at, name).find(({ kind }) => kind === 'folder')
      if (known) {
        at = known.id
        continue
      }
      await sleep(gapMs)
      const now = Date.now()
      const id = this.#nextId
      this.#put({ kind: 'folder', id, parentId: at, name, trashed: false, createdAt: now, updatedAt: now })
      at = id
    }
    return at
  }

  /** A new folder; as in `makeFolders`, two that come at the same time make it twice. */
  async makeFolder(parentId: number, name: string, gapMs: number): Promise<number> {
    this.requireFolder(parentId)
    this.#requireNoSuch(parentId, name)
    await sleep(gapMs)
    this.requireFolder(parentId)
    const now = Date.now()
    const id = this.#nextId
    this.#put({ kind: 'folder', id, parentId, name, trashed: false, createdAt: now, updatedAt: now })
    return id
  }

  /** All of them, or none and a refusal. */
  move(ids: readonly number[], toParentId: number): void {
    this.requireFolder(toParentId)
    const nodes = [...new Set(ids)].map((id) => this.#requireLive(id))
    const coming = nodes.filter(({ parentId }) => parentId !== toParentId)
    for (const node of coming) {
      this.#requireOutside(node, toParentId)
      this.#requireNoSuch(toParentId, node.name)
    }
    // Nor may two of them come with one name.
    if (new Set(coming.map(({ name }) => name)).size < coming.length) throw fileNameTaken()
    for (const node of coming) this.#change(node, { parentId: toParentId })
  }

  rename(id: number, name: string): void {
    this.relocate(id, this.#requireLive(id).parentId, name)
  }

  /** Moved and renamed in one step, which no call of the platform does. */
  relocate(id: number, toParentId: number, name: string): void {
    this.requireFolder(toParentId)
    const node = this.#requireLive(id)
    if (node.parentId === toParentId && node.name === name) return
    this.#requireOutside(node, toParentId)
    this.#requireNoSuch(toParentId, name)
    this.#change(node, { parentId: toParentId, name })
  }

  /** With everything below; one that is not there, or in the bin already, is left as it is. */
  trash(id: number): void {
    const node = this.node(id)
    if (node && !this.isTrashed(node)) this.#trash(node)
  }

  /** False where it can't go back: its folder is in the bin, or there is no such thing. */
  recover(id: number): boolean {
    const node = this.node(id)
    if (!node) return false
    const parent = this.node(node.parentId)
    if (parent && this.isTrashed(parent)) return false
    if (!node.trashed) return true
    const name = node.kind === 'file' ? this.#freeName(node.parentId, node.name) : node.name
    this.#change(node, { name, trashed: false })
    this.#usedBytes += this.#bytesBelow(node)
    return true
  }

  /** Everything that is not in the bin, by path. */
  tree(): readonly TreeEntry[] {
    const live = [...this.#nodes.values()].filter((node) => !this.isTrashed(node))
    return live
      .map((node) => ({
        path: this.#path(node),
        kind: node.kind,
        size: node.kind === 'file' ? node.size : 0,
        md5: node.kind === 'file' ? node.md5 : '',
        fileID: node.id,
      }))
      .sort((one, other) => order(one.path, other.path) || one.fileID - other.fileID)
  }

  files(): readonly StoredFile[] {
    return [...this.#nodes.values()].filter((node) => node.kind === 'file').map((node) => this.stored(node))
  }

  folders(): readonly string[] {
    return [...this.#nodes.values()]
      .filter((node) => node.kind === 'folder' && !this.isTrashed(node))
      .map((node) => this.#path(node))
  }

  stored(node: FileNode): StoredFile {
    const { id, size, md5, method } = node
    return { fileID: id, path: this.#path(node), size, md5, method, trashed: this.isTrashed(node) }
  }

  #path(node: Node): string {
    const parent = this.node(node.parentId)
    return `${parent ? this.#path(parent) : ''}/${node.name}`
  }

  /** `a.txt`, `a(1).txt`, `a(2).txt`, …: the first that is free and within the name's limit. */
  #freeName(parentId: number, name: string): string {
    const dot = name.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    let free = name
    for (let n = 1; this.#liveByName(parentId, free).length > 0; n += 1) {
      const suffix = `(${n})${extension}`
      free =
        Array.from(stem)
          .slice(0, 255 - Array.from(suffix).length)
          .join('') + suffix
    }
    return free
  }

  #trash(node: Node): void {
    this.#unindex(node)
    this.#put({ ...node, trashed: true, updatedAt: Date.now() })
    this.#usedBytes -= this.#bytesBelow(node)
  }

  /** Of files in a folder that are not in the bin by themselves. */
  #bytesBelow(node: Node): number {
    const children = node.kind === 'folder' ? this.#existing(this.#children.get(node.id) ?? []) : []
    return children
      .filter(({ trashed }) => !trashed)
      .reduce((sum, child) => sum + (child.kind === 'file' ? child.size : this.#bytesBelow(child)), 0)
  }

  #requireLive(id: number): Node {
    const node = this.node(id)
    if (!node || this.isTrashed(node)) throw refusal('文件不存在', 5066)
    return node
  }

  #requireNoSuch(parentId: number, name: string): void {
    const [there] = this.#liveByName(parentId, name)
    if (there?.kind === 'folder') throw refusal('该目录下已经有同名文件夹,无法进行创建')
    if (there) throw fileNameTaken()
  }

  /** A folder goes neither into itself nor below. */
  #requireOutside(node: Node, folderId: number): void {
    for (let at = folderId; at !== ROOT_ID; at = this.node(at)?.parentId ?? ROOT_ID)
      if (at === node.id) throw refusal('不能将文件夹移动到自身或其子目录下')
  }

  #change(node: Node, change: Partial<Pick<Node, 'name' | 'parentId' | 'trashed'>>): void {
    this.#unindex(node)
    this.#put({ ...node, ...change, updatedAt: Date.now() })
  }

  #put(node: Node): void {
    this.#nodes.set(String(node.id), node)
    this.#index(node)
  }

  #index(node: Node): void {
    this.#nextId = Math.max(this.#nextId, node.id + 1)
    insert(this.#children, node.parentId, node.id)
    if (node.trashed) return
    insert(this.#live, liveKey(node.parentId, node.name), node.id)
    if (node.kind === 'file') this.#usedBytes += node.size
  }

  #unindex(node: Node): void {
    remove(this.#children, node.parentId, node.id)
    remove(this.#live, liveKey(node.parentId, node.name), node.id)
    if (node.kind === 'file' && !node.trashed) this.#usedBytes -= node.size
  }

  #liveByName(parentId: number, name: string): readonly Node[] {
    return this.#existing(this.#live.get(liveKey(parentId, name)) ?? [])
  }

  #existing(ids: readonly number[]): readonly Node[] {
    return ids.flatMap((id) => this.node(id) ?? [])
  }
}

const contentKey = (md5: string, size: number) => `${md5}-${size}`
const liveKey = (parentId: number, name: string) => `${parentId}/${name}`
const order = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1)
const fileNameTaken = () => refusal('该目录下已经有同名文件,不能重名')
