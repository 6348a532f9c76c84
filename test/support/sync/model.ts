import { BaseTree, changeOf, type FolderRow, type Row } from '#app/sync/base-tree'
import { match, type Match } from '#app/sync/match'
import { keyOf } from '#app/sync/names'
import type { Operation, Plan, Question, Removal, Terms } from '#app/sync/plan'
import { reconcile } from '#app/sync/reconcile'
import type { LocalFile, LocalFolder, LocalNode, NodeId, Path, RemoteEntry } from '#app/sync/tree'

/** A local side that a test may change. */
export type ModelLocal =
  ModelFile | ModelFolder | { kind: 'unknown'; why: 'symbolic-link' | 'unreadable' } | { kind: 'ignored' }
export interface ModelFile {
  kind: 'file'
  ino: string
  md5: string
  mtimeNs: string
  busy?: true
}
export interface ModelFolder {
  kind: 'folder'
  ino: string
  children: Map<string, ModelLocal>
}

export interface ModelRemote {
  readonly fileID: number
  parent: number
  name: string
  readonly kind: 'file' | 'folder'
  readonly md5: string
  /** Somebody else has put it there. */
  readonly isForeign: boolean
}

/** Contents are named `m0`, `m1`, …; two of them at a time have the same size. */
export const sizeOf = (md5: string): number => (md5 === '' ? 0 : 1 + Math.floor(Number(md5.slice(1)) / 2))

export const REMOTE_ROOT = 1

/** All there is to sync, in memory: the base as it is in the engine, a disk and a cloud that are only modelled. */
export class Model {
  readonly local: ModelFolder
  readonly remote: Map<number, ModelRemote>
  readonly base: BaseTree
  readonly terms: Terms
  readonly hashed = new Map<string, string>()
  readonly listings = new Map<number, readonly RemoteEntry[]>()
  /** What went to the bin, and why. */
  readonly binned: {
    readonly what: ModelRemote
    readonly path: string
    readonly why: 'discard' | 'removal'
  }[] = []
  #nextFile = 1_000_000
  #nextRow = 1_000_000

  constructor(local: ModelFolder, remote: Map<number, ModelRemote>, root: FolderRow, terms: Terms) {
    this.local = local
    this.remote = remote
    this.base = new BaseTree(root, () => ++this.#nextRow as NodeId)
    this.terms = terms
  }

  plan(terms = this.terms): Plan {
    return reconcile({ base: this.base.view, local: this.#localTree(), remote: this.listings }, terms)
  }

  /** Which row is what on the disk. */
  matched(): Match {
    return match(this.base.view, this.#localTree(), { mode: this.terms.mode, stay: new Set() })
  }

  answer(question: Question): void {
    if (question.kind === 'list') this.#look(question.folderID)
    else this.hashed.set(keyOf(question.path), this.#contentAt(question.path))
  }

  /** One that is not there can't be listed: then its row says nothing any more. */
  #look(folderID: number): void {
    if (folderID === REMOTE_ROOT || this.remote.has(folderID)) {
      this.listings.set(folderID, this.list(folderID))
      return
    }
    const row = rowsOf(this.base.root).find(({ fileID }) => fileID === folderID)
    if (row) this.base.apply({ kind: 'drop', node: row.id })
  }

  list(folderID: number): readonly RemoteEntry[] {
    return [...this.remote.values()]
      .filter(({ parent }) => parent === folderID)
      .map(({ fileID, name, kind, md5 }) => ({ fileID, name, kind, md5, size: sizeOf(md5) }))
  }

  /** Does it in the cloud and, unless the answer is lost, notes it in the base. Throws where the platform would refuse. */
  carryOut(operation: Operation, answer: 'heard' | 'lost'): void {
    const entry = this.#doRemote(operation)
    const change = changeOf(operation, entry)
    if (answer === 'heard' && change) this.base.apply(change)
  }

  remove(removal: Removal, answer: 'heard' | 'lost'): void {
    this.#bin(removal.fileID, removal.path, 'removal')
    if (answer === 'heard') this.base.apply({ kind: 'drop', node: removal.node })
  }

  remotePath(fileID: number): string {
    const node = this.remote.get(fileID)
    return node ? `${this.remotePath(node.parent)}/${node.name}` : ''
  }

  #doRemote(operation: Operation): RemoteEntry | undefined {
    switch (operation.kind) {
      case 'mkdir':
        return this.#add(operation.to.parentID, operation.to.name, 'folder', '')
      case 'upload':
        return this.#upload(operation)
      case 'relocate': {
        const node = this.#must(operation.fileID)
        this.#requireFree(operation.to.parentID, operation.to.name, operation.fileID)
        for (let at = operation.to.parentID; at !== REMOTE_ROOT; at = this.#must(at).parent)
          if (at === operation.fileID) throw new Refused(`moved into itself: ${keyOf(operation.path)}`)
        node.parent = operation.to.parentID
        node.name = operation.to.name
        return undefined
      }
      case 'discard': {
        const node = this.#must(operation.fileID)
        if (node.kind !== 'file') throw new Error(`a folder as an older version: ${node.name}`)
        this.#bin(operation.fileID, operation.path, 'discard')
        return undefined
      }
      default:
        return undefined
    }
  }

  #upload({ path, to, how }: Operation & { kind: 'upload' }): RemoteEntry {
    const md5 = this.#contentAt(path)
    if (how.kind === 'beside') {
      this.#must(how.old)
      const same = (name: string): boolean => this.list(to.parentID).some((one) => one.name === name)
      let name = to.name
      for (let n = 1; same(name); n++) name = `${to.name}(${n})`
      return this.#add(to.parentID, name, 'file', md5)
    }
    if (how.kind === 'overwrite') this.#bin(how.old, path, 'discard')
    return this.#add(to.parentID, to.name, 'file', md5)
  }

  #add(parent: number, name: string, kind: 'file' | 'folder', md5: string): RemoteEntry {
    this.#requireFree(parent, name, -1)
    const fileID = ++this.#nextFile
    this.remote.set(fileID, { fileID, parent, name, kind, md5, isForeign: false })
    return { fileID, name, kind, md5, size: sizeOf(md5) }
  }

  #requireFree(parent: number, name: string, except: number): void {
    if (parent !== REMOTE_ROOT) this.#must(parent)
    const taken = this.list(parent).some((one) => one.name === name && one.fileID !== except)
    if (taken) throw new Refused(`name taken: ${this.remotePath(parent)}/${name}`)
  }

  #must(fileID: number): ModelRemote {
    const node = this.remote.get(fileID)
    if (!node) throw new Refused(`not there: ${fileID}`)
    return node
  }

  #bin(fileID: number, path: Path, why: 'discard' | 'removal'): void {
    const node = this.#must(fileID)
    for (const child of [...this.remote.values()])
      if (child.parent === fileID) this.#bin(child.fileID, path, why)
    this.binned.push({ what: node, path: keyOf(path), why })
    this.remote.delete(fileID)
  }

  #contentAt(path: Path): string {
    let node: ModelLocal | undefined = this.local
    for (const name of path) node = node?.kind === 'folder' ? node.children.get(name) : undefined
    if (node?.kind !== 'file') throw new Error(`no file: ${keyOf(path)}`)
    return node.md5
  }

  #localTree(): LocalFolder {
    return this.#localFolder(this.local, [])
  }

  #localFolder(folder: ModelFolder, path: Path): LocalFolder {
    const children = new Map<string, LocalNode>()
    for (const [name, node] of folder.children) {
      const at = [...path, name]
      if (node.kind === 'folder') children.set(name, this.#localFolder(node, at))
      else if (node.kind === 'file') children.set(name, this.#localFile(node, at))
      else children.set(name, node)
    }
    return { kind: 'folder', ino: folder.ino, children }
  }

  #localFile({ ino, md5, mtimeNs, busy }: ModelFile, path: Path): LocalFile {
    const known = this.hashed.get(keyOf(path))
    return {
      kind: 'file',
      ino,
      size: sizeOf(md5),
      mtimeNs,
      ...(known === undefined ? {} : { md5: known }),
      ...(busy ? { busy } : {}),
    }
  }
}

/** What the platform would not do. */
export class Refused extends Error {}

export function isEmpty({ questions, operations, removals }: Plan): boolean {
  return questions.length === 0 && operations.length === 0 && removals.length === 0
}

export function rowsOf(folder: FolderRow): readonly Row[] {
  return [...(folder.children?.values() ?? [])].flatMap((row) =>
    row.kind === 'folder' ? [row, ...rowsOf(row)] : [row],
  )
}
