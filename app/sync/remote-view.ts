import type { BaseAt } from './match.ts'
import type { RemotePlace } from './plan.ts'
import type { NodeId, RemoteEntry, RemoteTree } from './tree.ts'

/** Where a row's cloud side is. `assumed`: nobody has looked, so it is where the base says. */
export type Whereabouts =
  | { readonly kind: 'seen'; readonly place: RemotePlace; readonly entry: RemoteEntry }
  | { readonly kind: 'assumed'; readonly place: RemotePlace }
  | { readonly kind: 'absent' }

/** The cloud as the listings show it, and as the base says where nobody has looked. */
export class RemoteView {
  readonly #remote: RemoteTree
  readonly #nameOf: (localName: string) => string
  readonly #seen = new Map<number, { readonly folderID: number; readonly entry: RemoteEntry }>()
  readonly #owners = new Map<number, BaseAt>()
  readonly #known = new Map<NodeId, Whereabouts>()

  constructor(remote: RemoteTree, bases: Iterable<BaseAt>, nameOf: (localName: string) => string) {
    this.#remote = remote
    this.#nameOf = nameOf
    for (const [folderID, entries] of remote)
      for (const entry of entries) this.#seen.set(entry.fileID, { folderID, entry })
    for (const at of bases) this.#owners.set(at.node.fileID, at)
  }

  listing(folderID: number): readonly RemoteEntry[] | undefined {
    return this.#remote.get(folderID)
  }

  /** The row of something in the cloud, if it is this pair's. */
  owner(fileID: number): BaseAt | undefined {
    return this.#owners.get(fileID)
  }

  whereIs(at: BaseAt): Whereabouts {
    const known = this.#known.get(at.node.id)
    if (known) return known
    const found = this.#find(at)
    this.#known.set(at.node.id, found)
    return found
  }

  #find(at: BaseAt): Whereabouts {
    const { node, parent } = at
    // The pair's own root: its being there is seen to before anything is planned.
    if (!parent) return { kind: 'assumed', place: { parentID: -1, name: '' } }
    const seen = this.#seen.get(node.fileID)
    if (seen) {
      if (seen.entry.kind !== node.kind) return { kind: 'absent' }
      const isOther = node.kind === 'file' && (seen.entry.size !== node.size || seen.entry.md5 !== node.md5)
      if (isOther) return { kind: 'absent' }
      return { kind: 'seen', place: { parentID: seen.folderID, name: seen.entry.name }, entry: seen.entry }
    }
    if (this.whereIs(parent).kind === 'absent' || this.#remote.has(parent.node.fileID))
      return { kind: 'absent' }
    return { kind: 'assumed', place: { parentID: parent.node.fileID, name: this.#nameOf(node.name) } }
  }
}
