import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { refusal } from './answers.ts'
import { type Blob, type BlobStore, extentSchema } from './blobs.ts'
import { type Journal, Table } from './journal.ts'
import type { StoredFile } from './types.ts'

export const ROOT_ID = 0
/** Thirteen digits, as in the platform's examples: more than 32 bits hold. */
const FIRST_ID = 1_758_176_091_289

const nodeFields = {
  id: z.number(),
  parentId: z.number(),
  name: z.string(),
  trashed: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
}
const fileSchema = z.object({
  ...nodeFields,
  kind: z.literal('file'),
  md5: z.string(),
  size: z.number(),
  method: z.enum(['instant', 'single', 'sliced']),
})
const folderSchema = z.object({ ...nodeFields, kind: z.literal('folder') })
const nodeSchema = z.discriminatedUnion('kind', [fileSchema, folderSchema])
const contentSchema = z.object({ md5: z.string(), size: z.number(), extents: z.array(extentSchema) })

export type FileNode = z.infer<typeof fileSchema>
export type Node = z.infer<typeof nodeSchema>
export type Content = z.infer<typeof contentSchema>

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
    if (node?.kind !== 'folder' || node.trashed) throw refusal('parentFileID不存在')
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
    if (duplicate === undefined) throw refusal('该目录下已经有同名文件,不能重名')
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

  files(): readonly StoredFile[] {
    return [...this.#nodes.values()].filter((node) => node.kind === 'file').map((node) => this.stored(node))
  }

  folders(): readonly string[] {
    return [...this.#nodes.values()]
      .filter((node) => node.kind === 'folder' && !node.trashed)
      .map((node) => this.#path(node))
  }

  stored(node: FileNode): StoredFile {
    const { id, size, md5, method, trashed } = node
    return { fileID: id, path: this.#path(node), size, md5, method, trashed }
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

/** Index of the first id greater than `after`. */
function firstAbove(ids: readonly number[], after: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? 0) > after) high = middle
    else low = middle + 1
  }
  return low
}

function insert<Key>(index: Map<Key, number[]>, key: Key, id: number): void {
  const ids = index.get(key)
  if (ids) ids.splice(firstAbove(ids, id), 0, id)
  else index.set(key, [id])
}

function remove<Key>(index: Map<Key, number[]>, key: Key, id: number): void {
  const left = (index.get(key) ?? []).filter((other) => other !== id)
  if (left.length > 0) index.set(key, left)
  else index.delete(key)
}
