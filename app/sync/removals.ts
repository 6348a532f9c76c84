import { isFolder, type BaseAt, type Match } from './match.ts'
import { keyOf } from './names.ts'
import type { Operation, Question, Removal, Terms } from './plan.ts'
import type { RemoteView } from './remote-view.ts'
import type { BaseFolder, NodeId } from './tree.ts'

export interface RemovalsInput {
  readonly match: Match
  readonly view: RemoteView
  readonly terms: Terms
  /** Rows that are older versions of something, not deletions. */
  readonly spokenFor: ReadonlySet<NodeId>
}

export interface PlannedRemovals {
  readonly removals: readonly Removal[]
  readonly questions: readonly Question[]
  readonly operations: readonly Operation[]
}

/** What a row that is gone here comes to. `waits`: something has to be known first. */
type Fate =
  | { readonly kind: 'waits' }
  | { readonly kind: 'forget' }
  /** All of it is ours, and the same as ever. */
  | { readonly kind: 'whole'; readonly files: number; readonly holds: Removal['holds'] }
  /** A folder that holds more than what was ours: it stays, and these of it go. */
  | { readonly kind: 'parts'; readonly removals: readonly Removal[]; readonly forgotten: readonly BaseAt[] }

/**
 * What becomes of rows whose local side is gone: in a backup they are only forgotten, in a mirror they go to the bin. Asked when nothing
 * else is left to do: what was moved out of a folder has been moved by then, or can't be, and stays.
 */
export function planRemovals(input: RemovalsInput): PlannedRemovals {
  return new RemovalPlanner(input).plan()
}

class RemovalPlanner {
  readonly #input: RemovalsInput
  readonly #questions: Question[] = []
  readonly #removals: Removal[] = []
  readonly #operations: Operation[] = []

  constructor(input: RemovalsInput) {
    this.#input = input
  }

  plan(): PlannedRemovals {
    const { match, terms, spokenFor } = this.#input
    if (terms.complete) {
      for (const at of match.gone.values()) {
        const isTop = !at.parent || !match.gone.has(at.parent.node.id)
        if (isTop && !spokenFor.has(at.node.id) && !terms.handsOff.has(keyOf(at.path))) this.#settle(at)
      }
    }
    return { removals: this.#removals, questions: this.#questions, operations: this.#operations }
  }

  #settle(at: BaseAt): void {
    const fate = this.#input.terms.mode === 'backup' ? this.#forgetWhole(at) : this.#fate(at)
    switch (fate.kind) {
      case 'waits':
        return
      case 'forget':
        this.#forget(at)
        return
      case 'whole':
        this.#removals.push(this.#removal(at, fate.files, fate.holds))
        return
      case 'parts':
        // Once nothing of it is ours any more, it is no longer our folder.
        if (fate.removals.length === 0 && !this.#holdsMoved(at)) this.#forget(at)
        else for (const row of fate.forgotten) this.#forget(row)
        this.#removals.push(...fate.removals)
    }
  }

  #forget(at: BaseAt): void {
    this.#operations.push({ kind: 'forget', path: at.path, node: at.node.id })
  }

  #forgetWhole(at: BaseAt): Fate {
    return this.#holdsMoved(at) ? { kind: 'waits' } : { kind: 'forget' }
  }

  /** Something in it is elsewhere on the disk now. */
  #holdsMoved(at: BaseAt): boolean {
    if (!isFolder(at)) return false
    for (const row of at.node.children?.values() ?? []) {
      const child = this.#input.match.bases.get(row.id)
      if (child && (this.#input.match.locals.has(row.id) || this.#holdsMoved(child))) return true
    }
    return false
  }

  #removal(at: BaseAt, files: number, holds: Removal['holds']): Removal {
    const where = this.#input.view.whereIs(at)
    const parentID = where.kind === 'absent' ? -1 : where.place.parentID
    const { id, kind, ino, fileID } = at.node
    return { path: at.path, node: id, kind, ino, fileID, parentID, files, holds }
  }

  #fate(at: BaseAt): Fate {
    const { view, spokenFor } = this.#input
    if (spokenFor.has(at.node.id)) return { kind: 'waits' }
    const where = view.whereIs(at)
    if (where.kind === 'absent') return { kind: 'forget' }
    if (where.kind === 'assumed') {
      this.#questions.push({ kind: 'list', folderID: where.place.parentID, path: at.path.slice(0, -1) })
      return { kind: 'waits' }
    }
    return isFolder(at) ? this.#folderFate(at) : { kind: 'whole', files: 1, holds: [] }
  }

  /** Rows of a folder of which the cloud has nothing any more. */
  #absentIn(at: BaseAt<BaseFolder>): BaseAt[] {
    const { match, view } = this.#input
    return [...(at.node.children?.values() ?? [])].flatMap((row) => {
      const child = match.gone.get(row.id)
      return child && view.whereIs(child).kind === 'absent' ? [child] : []
    })
  }

  #folderFate(at: BaseAt<BaseFolder>): Fate {
    const { view, match } = this.#input
    const listing = view.listing(at.node.fileID)
    if (!listing) {
      this.#questions.push({ kind: 'list', folderID: at.node.fileID, path: at.path })
      return { kind: 'waits' }
    }
    let files = 0
    let isWhole = true
    let waits = false
    const holds: Removal['holds'][number][] = [
      { folderID: at.node.fileID, fileIDs: listing.map(({ fileID }) => fileID) },
    ]
    const parts: Removal[] = []
    const forgotten = this.#absentIn(at)
    for (const { fileID } of listing) {
      const owner = view.owner(fileID)
      const fate: Fate = owner && match.gone.has(owner.node.id) ? this.#fate(owner) : { kind: 'forget' }
      switch (fate.kind) {
        case 'waits':
          waits = true
          break
        case 'forget':
          isWhole = false
          break
        case 'whole':
          files += fate.files
          holds.push(...fate.holds)
          if (owner) parts.push(this.#removal(owner, fate.files, fate.holds))
          break
        case 'parts':
          isWhole = false
          parts.push(...fate.removals)
          if (owner && fate.removals.length === 0 && !this.#holdsMoved(owner)) forgotten.push(owner)
          else forgotten.push(...fate.forgotten)
      }
    }
    if (waits) return { kind: 'waits' }
    return isWhole ? { kind: 'whole', files, holds } : { kind: 'parts', removals: parts, forgotten }
  }
}
