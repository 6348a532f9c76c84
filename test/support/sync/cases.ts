import type { FolderRow, Row } from '#app/sync/base-tree'
import type { Terms } from '#app/sync/plan'
import type { NodeId } from '#app/sync/tree'
import { randomNumbers } from '../random.ts'
import {
  Model,
  REMOTE_ROOT,
  sizeOf,
  type ModelFile,
  type ModelFolder,
  type ModelLocal,
  type ModelRemote,
} from './model.ts'

/** How many edits of each kind a case is made of; a failing one is shrunk by making these smaller. */
export interface CaseSize {
  readonly nodes: number
  readonly localEdits: number
  readonly remoteEdits: number
}

const NAMES = ['a', 'b', 'c', 'd', 'A', 'é', 'e\u0301', 'x:y', 'x：y', 'a(1)', 'long name.txt', ' ', '(1)']
const CONTENTS = 12

/** One random tree, perturbed twice: what both sides agreed on, the disk since then, and the cloud since then. The same seed, the same case. */
export function randomCase(seed: number, size: CaseSize): Model {
  return new CaseMaker(randomNumbers(seed)).make(size)
}

class CaseMaker {
  readonly #random: () => number
  #nextId = 2
  #nextIno = 100
  #nextTime = 1000
  readonly #freed: string[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  make({ nodes, localEdits, remoteEdits }: CaseSize): Model {
    const root: FolderRow = {
      kind: 'folder',
      id: 1 as NodeId,
      name: '',
      ino: '1',
      fileID: REMOTE_ROOT,
      children: new Map(),
    }
    const local: ModelFolder = { kind: 'folder', ino: '1', children: new Map() }
    const remote = new Map<number, ModelRemote>()
    for (let n = 0; n < nodes; n++) this.#grow(root, local, remote)
    const terms: Terms = {
      mode: this.#flip(0.5) ? 'mirror' : 'backup',
      replace: this.#flip(0.5) ? 'beside' : 'overwrite',
      twins: this.#flip(0.3),
      handsOff: new Set(),
      complete: true,
    }
    for (let n = 0; n < localEdits; n++) this.#editLocal(local)
    for (let n = 0; n < remoteEdits; n++) this.#editRemote(remote)
    return new Model(local, remote, root, terms)
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)]
  }

  #flip(chance: number): boolean {
    return this.#random() < chance
  }

  #content(): string {
    return `m${Math.floor(this.#random() * CONTENTS)}`
  }

  #newFile(): ModelFile {
    return { kind: 'file', ino: this.#ino(), md5: this.#content(), mtimeNs: String(this.#nextTime++) }
  }

  /** Often one that was freed: file systems do that. */
  #ino(): string {
    return (this.#flip(0.5) ? this.#freed.pop() : undefined) ?? String(this.#nextIno++)
  }

  /** One more entry that all three agree on. */
  #grow(root: FolderRow, local: ModelFolder, remote: Map<number, ModelRemote>): void {
    let [row, folder]: [FolderRow, ModelFolder] = [root, local]
    while (this.#flip(0.6)) {
      const inside = [...(row.children ?? [])].filter(([, child]) => child.kind === 'folder')
      const [name, next] = this.#pick(inside) ?? []
      const below = name === undefined ? undefined : folder.children.get(name)
      if (next?.kind !== 'folder' || below?.kind !== 'folder') break
      row = next
      folder = below
    }
    const name = this.#pick(['a', 'b', 'c', 'd', 'long name.txt', 'a(1)']) ?? 'a'
    if (row.children?.has(name)) return
    const fileID = 10 + this.#nextId
    const id = this.#nextId++ as NodeId
    const isFolder = this.#flip(0.4)
    const file = this.#newFile()
    const { ino, md5, mtimeNs } = file
    const child: Row = isFolder
      ? { kind: 'folder', id, name, ino, fileID, children: new Map() }
      : { kind: 'file', id, name, ino, mtimeNs, md5, size: sizeOf(md5), fileID }
    row.children?.set(name, child)
    folder.children.set(name, isFolder ? { kind: 'folder', ino, children: new Map() } : file)
    remote.set(fileID, {
      fileID,
      parent: row.fileID,
      name,
      kind: child.kind,
      md5: isFolder ? '' : md5,
      isForeign: false,
    })
  }

  #folders(root: ModelFolder): readonly ModelFolder[] {
    const below = [...root.children.values()].filter((node) => node.kind === 'folder')
    return [root, ...below.flatMap((folder) => this.#folders(folder))]
  }

  #editLocal(root: ModelFolder): void {
    const folders = this.#folders(root)
    const folder = this.#pick(folders) ?? root
    const name = this.#pick([...folder.children.keys()])
    const node = name === undefined ? undefined : folder.children.get(name)
    const target = this.#pick(folders) ?? root
    const newName = this.#pick(NAMES) ?? 'a'
    const what = Math.floor(this.#random() * 14)
    if (name === undefined || !node || what < 3) {
      this.#put(folder, newName, this.#flip(0.4) ? this.#newFolder() : this.#newFile())
      return
    }
    const other = this.#pick([...folder.children.keys()]) ?? name
    switch (what) {
      case 3:
      case 4: // Edited in place, or saved as a new file over the old name.
        if (node.kind === 'file')
          folder.children.set(name, { ...this.#newFile(), ...(this.#flip(0.5) ? { ino: node.ino } : {}) })
        return
      case 5: // Touched.
        if (node.kind === 'file') folder.children.set(name, { ...node, mtimeNs: String(this.#nextTime++) })
        return
      case 6:
      case 7:
      case 8: // Moved, renamed, or both.
        if (node.kind === 'folder' && this.#folders(node).includes(target)) return
        folder.children.delete(name)
        this.#put(target, this.#flip(0.5) ? name : newName, node)
        return
      case 9:
        this.#free(node)
        folder.children.delete(name)
        return
      case 10: {
        // Two names swapped.
        const one = folder.children.get(other)
        if (one) folder.children.set(name, one).set(other, node)
        return
      }
      case 11: // Copied: same content, another inode.
        if (node.kind === 'file')
          this.#put(target, newName, {
            ...node,
            ino: this.#ino(),
            ...(this.#flip(0.5) ? {} : { mtimeNs: String(this.#nextTime++) }),
          })
        return
      case 12: // A parent and its child change places.
        if (node.kind === 'folder') this.#turnInsideOut(folder, name, node)
        return
      default:
        this.#odd(folder, name, node)
    }
  }

  #newFolder(): ModelFolder {
    return { kind: 'folder', ino: this.#ino(), children: new Map() }
  }

  #put(folder: ModelFolder, name: string, node: ModelLocal): void {
    const there = folder.children.get(name)
    if (there) this.#free(there)
    folder.children.set(name, node)
  }

  #free(node: ModelLocal): void {
    if (node.kind === 'file' || node.kind === 'folder') this.#freed.push(node.ino)
  }

  #turnInsideOut(folder: ModelFolder, name: string, node: ModelFolder): void {
    const inner = [...node.children].find(([, child]) => child.kind === 'folder')
    if (inner?.[1].kind !== 'folder') return
    const [innerName, child] = inner
    node.children.delete(innerName)
    folder.children.delete(name)
    this.#put(folder, this.#flip(0.5) ? name : innerName, child)
    this.#put(child, this.#flip(0.5) ? innerName : name, node)
  }

  #odd(folder: ModelFolder, name: string, node: ModelLocal): void {
    const what = Math.floor(this.#random() * 4)
    if (what === 0) folder.children.set(name, { kind: 'unknown', why: 'symbolic-link' })
    else if (what === 1) folder.children.set(name, { kind: 'unknown', why: 'unreadable' })
    else if (what === 2) folder.children.set(name, { kind: 'ignored' })
    else if (node.kind === 'file') node.busy = true
  }

  #editRemote(remote: Map<number, ModelRemote>): void {
    const node = this.#pick([...remote.values()])
    const parents = [
      REMOTE_ROOT,
      ...[...remote.values()].filter(({ kind }) => kind === 'folder').map(({ fileID }) => fileID),
    ]
    const parent = this.#pick(parents) ?? REMOTE_ROOT
    const name = this.#pick(NAMES.filter((one) => one !== 'x:y' && one !== ' ')) ?? 'a'
    const isTaken = (where: number, wanted: string): boolean =>
      [...remote.values()].some((one) => one.parent === where && one.name === wanted)
    const add = (where: number, wanted: string, isFolder: boolean): void => {
      const fileID = 10 + this.#nextId++
      const md5 = isFolder ? '' : this.#content()
      remote.set(fileID, {
        fileID,
        parent: where,
        name: wanted,
        kind: isFolder ? 'folder' : 'file',
        md5,
        isForeign: true,
      })
    }
    const drop = (fileID: number): void => {
      for (const child of [...remote.values()]) if (child.parent === fileID) drop(child.fileID)
      remote.delete(fileID)
    }
    const what = Math.floor(this.#random() * 6)
    if (!node || what < 2) {
      if (!isTaken(parent, name)) add(parent, name, this.#flip(0.4))
      return
    }
    switch (what) {
      case 2:
        drop(node.fileID)
        return
      case 3: // Moved or renamed by another client.
        for (let at = parent; at !== REMOTE_ROOT; at = remote.get(at)?.parent ?? REMOTE_ROOT)
          if (at === node.fileID) return
        if (isTaken(parent, name)) return
        node.parent = parent
        node.name = name
        return
      case 4: // New content under the same name, by another client.
        if (node.kind !== 'file') return
        drop(node.fileID)
        add(node.parent, node.name, false)
        return
      default: // A folder made twice.
        if (node.kind === 'folder') add(node.parent, node.name, true)
    }
  }
}
