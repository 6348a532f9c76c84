import type { LocalFacts, Operation } from './plan.ts'
import type { BaseFolder, NodeId, RemoteEntry } from './tree.ts'

/** A row of the base, as the store keeps it. */
export type Row = FileRow | FolderRow

export interface FileRow {
  readonly kind: 'file'
  readonly id: NodeId
  name: string
  ino: string
  size: number
  mtimeNs: string
  md5: string
  fileID: number
  replaces?: number
}

export interface FolderRow {
  readonly kind: 'folder'
  readonly id: NodeId
  name: string
  ino: string
  fileID: number
  /** Undefined until somebody needs them: a million rows are not held. */
  children: Map<string, Row> | undefined
}

/** What an operation that was carried out makes of the base. */
export type RowChange =
  | { readonly kind: 'drop'; readonly node: NodeId }
  | { readonly kind: 'facts'; readonly node: NodeId; readonly local: LocalFacts }
  | { readonly kind: 'move'; readonly node: NodeId; readonly parent: NodeId; readonly name: string }
  | { readonly kind: 'replaced'; readonly node: NodeId }
  /** A new row, or new content for the one that is named. */
  | {
      readonly kind: 'put'
      readonly node: NodeId | undefined
      readonly parent: NodeId
      readonly name: string
      readonly local: LocalFacts
      readonly entry: RemoteEntry
      readonly replaces: number | undefined
    }

/** `entry`: what the cloud has now, for those that put something there; `local`: what the file was when it went up. */
export function changeOf(
  operation: Operation,
  entry?: RemoteEntry,
  local?: LocalFacts,
): RowChange | undefined {
  switch (operation.kind) {
    case 'record':
      return { kind: 'facts', node: operation.node, local: operation.local }
    case 'place':
    case 'relocate':
      return { kind: 'move', node: operation.node, ...operation.place }
    case 'replaced':
      return { kind: 'replaced', node: operation.node }
    case 'forget':
      return { kind: 'drop', node: operation.node }
    case 'discard':
      return operation.node === undefined ? undefined : { kind: 'drop', node: operation.node }
    case 'adopt': {
      const { node, place, replaces } = operation
      return { kind: 'put', node, ...place, local: operation.local, entry: operation.entry, replaces }
    }
    case 'mkdir':
      return (
        entry && {
          kind: 'put',
          node: undefined,
          ...operation.place,
          local: { kind: 'folder', ino: operation.ino },
          entry,
          replaces: undefined,
        }
      )
    case 'upload': {
      const { node, place, how } = operation
      const replaces = how.kind === 'beside' ? how.old : undefined
      return entry && { kind: 'put', node, ...place, local: local ?? operation.local, entry, replaces }
    }
  }
}

/** What the store has to write for a change. */
export interface RowWrites {
  readonly put: readonly { readonly row: Row; readonly parent: NodeId }[]
  /** With everything below them. */
  readonly dropped: readonly NodeId[]
}

/** The base of one pair, as far as it is loaded. Every change goes through `apply`, in memory and, by what it returns, on disk. */
export class BaseTree {
  readonly root: FolderRow
  readonly #rows = new Map<NodeId, Row>()
  readonly #parents = new Map<NodeId, FolderRow>()
  readonly #newId: () => NodeId

  constructor(root: FolderRow, newId: () => NodeId) {
    this.root = root
    this.#newId = newId
    this.#index(root)
  }

  get(id: NodeId): Row | undefined {
    return this.#rows.get(id)
  }

  find(isMeant: (row: Row) => boolean): Row | undefined {
    for (const row of this.#rows.values()) if (isMeant(row)) return row
    return undefined
  }

  parentOf(id: NodeId): FolderRow | undefined {
    return this.#parents.get(id)
  }

  /** For the planner: the same rows, read only. */
  get view(): BaseFolder {
    return this.root
  }

  /** Rows that the store has of a folder. */
  load(folder: FolderRow, children: readonly Row[]): void {
    folder.children = new Map(children.map((row) => [row.name, row]))
    for (const row of children) {
      this.#parents.set(row.id, folder)
      this.#index(row)
    }
  }

  /** Names of a row's path, the root left out. */
  pathOf(id: NodeId): readonly string[] {
    const names: string[] = []
    for (let row = this.#rows.get(id); row && row !== this.root; row = this.#parents.get(row.id))
      names.unshift(row.name)
    return names
  }

  apply(change: RowChange): RowWrites {
    switch (change.kind) {
      case 'drop':
        return this.#drop(change.node)
      case 'facts':
        return this.#edit(change.node, (row) => {
          Object.assign(row, change.local)
        })
      case 'replaced':
        return this.#edit(change.node, (row) => {
          if (row.kind === 'file') delete row.replaces
        })
      case 'move':
        return this.#move(change.node, change.parent, change.name)
      case 'put':
        return this.#put(change)
    }
  }

  #index(row: Row): void {
    this.#rows.set(row.id, row)
    if (row.kind !== 'folder') return
    for (const child of row.children?.values() ?? []) {
      this.#parents.set(child.id, row)
      this.#index(child)
    }
  }

  #drop(id: NodeId): RowWrites {
    const row = this.#rows.get(id)
    const parent = this.#parents.get(id)
    if (!row || !parent) return { put: [], dropped: [] }
    parent.children?.delete(row.name)
    this.#unindex(row)
    return { put: [], dropped: [id] }
  }

  #unindex(row: Row): void {
    this.#rows.delete(row.id)
    this.#parents.delete(row.id)
    if (row.kind === 'folder') for (const child of row.children?.values() ?? []) this.#unindex(child)
  }

  #edit(id: NodeId, edit: (row: Row) => void): RowWrites {
    const row = this.#rows.get(id)
    const parent = this.#parents.get(id)
    if (!row || !parent) return { put: [], dropped: [] }
    edit(row)
    return { put: [{ row, parent: parent.id }], dropped: [] }
  }

  #move(id: NodeId, parentId: NodeId, name: string): RowWrites {
    const row = this.#rows.get(id)
    const from = this.#parents.get(id)
    const to = this.#rows.get(parentId)
    if (!row || !from || to?.kind !== 'folder' || !to.children) return { put: [], dropped: [] }
    from.children?.delete(row.name)
    const displaced = this.#displace(to, name)
    row.name = name
    to.children.set(name, row)
    this.#parents.set(id, to)
    return { put: [...displaced, { row, parent: to.id }], dropped: [] }
  }

  #put({ node, parent, name, local, entry, replaces }: RowChange & { kind: 'put' }): RowWrites {
    const to = this.#rows.get(parent)
    if (to?.kind !== 'folder' || !to.children) return { put: [], dropped: [] }
    const old = node === undefined ? undefined : this.#rows.get(node)
    const oldParent = old && this.#parents.get(old.id)
    if (old) oldParent?.children?.delete(old.name)
    const displaced = this.#displace(to, name)
    const row = rowOf(old?.id ?? this.#newId(), name, local, entry, replaces)
    to.children.set(name, row)
    this.#parents.set(row.id, to)
    this.#rows.set(row.id, row)
    return { put: [...displaced, { row, parent: to.id }], dropped: [] }
  }

  /** A row that still has the name, of something that is elsewhere by now, gets one that no file can have. */
  #displace(folder: FolderRow, name: string): RowWrites['put'] {
    const row = folder.children?.get(name)
    if (!row) return []
    folder.children?.delete(name)
    row.name = `${name}\0${row.id}`
    folder.children?.set(row.name, row)
    return [{ row, parent: folder.id }]
  }
}

function rowOf(
  id: NodeId,
  name: string,
  local: LocalFacts,
  entry: RemoteEntry,
  replaces: number | undefined,
): Row {
  const { fileID, md5 } = entry
  if (local.kind === 'folder')
    return { kind: 'folder', id, name, ino: local.ino, fileID, children: new Map() }
  const { ino, size, mtimeNs } = local
  const row: FileRow = { kind: 'file', id, name, ino, size, mtimeNs, md5, fileID }
  return replaces === undefined ? row : { ...row, replaces }
}
