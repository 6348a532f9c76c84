import { BaseTree, type FolderRow, type RowChange } from '#app/sync/base-tree'
import type { PairId } from '#app/sync/pair'
import type { BaseFolder } from '#app/sync/tree'
import { ROOT_ID, type SyncStore } from '../store/sync-store.ts'

/** What a pair's both sides last agreed on: as much of it in memory as somebody needs, all of it on disk. */
export class Base {
  readonly #store: SyncStore
  readonly #pair: PairId
  #tree: BaseTree

  constructor(store: SyncStore, pair: PairId, remoteRoot: number) {
    this.#store = store
    this.#pair = pair
    this.#tree = this.#newTree(remoteRoot)
  }

  get view(): BaseFolder {
    return this.#tree.view
  }

  /** Lets go of the rows; those that are needed again are read again. */
  unload(): void {
    this.#tree = this.#newTree(this.#tree.root.fileID)
  }

  /** On disk when it returns. */
  apply(change: RowChange): void {
    const into = 'parent' in change ? this.#tree.get(change.parent) : undefined
    if (into?.kind === 'folder') this.load(into)
    this.#store.write(this.#pair, this.#tree.apply(change))
  }

  /** The folder at that path, with its own entries; undefined when there is no such row. */
  folder(names: readonly string[]): FolderRow | undefined {
    let at = this.#tree.root
    this.load(at)
    for (const name of names) {
      const next = at.children?.get(name)
      if (next?.kind !== 'folder') return undefined
      at = next
      this.load(at)
    }
    return at
  }

  /** A folder that is loaded, by its place in the cloud. */
  byFileID(fileID: number): FolderRow | undefined {
    const row = this.#tree.find((one) => one.fileID === fileID)
    return row?.kind === 'folder' ? row : undefined
  }

  pathOf({ id }: FolderRow): readonly string[] {
    return this.#tree.pathOf(id)
  }

  load(folder: FolderRow): void {
    if (!folder.children) this.#tree.load(folder, this.#store.children(this.#pair, folder.id))
  }

  loadWhole(folder: FolderRow): void {
    this.load(folder)
    for (const row of folder.children?.values() ?? []) if (row.kind === 'folder') this.loadWhole(row)
  }

  #newTree(remoteRoot: number): BaseTree {
    const root: FolderRow = {
      kind: 'folder',
      id: ROOT_ID,
      name: '',
      ino: '',
      fileID: remoteRoot,
      children: undefined,
    }
    return new BaseTree(root, () => this.#store.newId())
  }
}
