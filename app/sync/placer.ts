import type { Draft } from './draft.ts'
import { isFolder, type BaseAt, type LocalAt } from './match.ts'
import { asideName } from './names.ts'
import type { RemotePlace } from './plan.ts'
import type { BaseFolder, NodeId, RemoteEntry } from './tree.ts'

interface Blocked {
  readonly at: LocalAt
  /** What has its name; undefined where it waits for something inside it to leave. */
  readonly by: BaseAt | undefined
}

/** Another client may have put a folder into itself, by way of others, between two listings. */
const DEEPEST = 10_000

/** Sees to it that what the cloud has stands where it belongs, and that its name is free there. */
export class Placer {
  /** Folders that can't be moved as such: somebody else's stands there. */
  readonly blockedMoves = new Set<NodeId>()
  /** Rows that go to the bin as older versions: not deletions. */
  readonly spokenFor = new Set<NodeId>()
  readonly #draft: Draft
  /** Moves that wait until their new name is free. */
  readonly #blocked: Blocked[] = []

  constructor(draft: Draft) {
    this.#draft = draft
  }

  /** Something that the cloud has stands in its place, or is moved there. */
  seeToPlace(entry: LocalAt, base: BaseAt, at: RemotePlace, row: BaseFolder): void {
    const { node } = base
    const isBaseRight = base.parent?.node.id === row.id && node.name === entry.name
    const wanted = { parentID: row.fileID, name: this.#draft.remoteNameOf(entry.name) }
    if (at.parentID === wanted.parentID && at.name === wanted.name) {
      if (!isBaseRight)
        this.#draft.do({
          kind: 'place',
          path: entry.path,
          node: node.id,
          place: { parent: row.id, name: entry.name },
        })
      return
    }
    const to = this.#draft.placeOf(entry, row)
    if (!to) return
    const listing = this.#draft.listing(to.parentID, entry.folder?.path ?? [])
    const source = this.#draft.listing(at.parentID, base.path.slice(0, -1))
    if (!listing || !source) return
    const occupants = listing.filter(({ name, fileID }) => name === to.name && fileID !== node.fileID)
    if (occupants.length > 0) {
      this.#clearWay(entry, base, occupants, to)
      return
    }
    if (isFolder(base) && this.#isInside(to.parentID, base)) {
      this.#blocked.push({ at: entry, by: undefined })
      return
    }
    const place = { parent: row.id, name: entry.name }
    this.#draft.do({
      kind: 'relocate',
      path: entry.path,
      was: base.path,
      node: node.id,
      fileID: node.fileID,
      from: at,
      to,
      place,
    })
  }

  /** Whether a folder of the cloud is, as things are now, inside of what is to be moved there. */
  #isInside(folderID: number, moving: BaseAt): boolean {
    for (let id = folderID, steps = 0; steps < DEEPEST; steps++) {
      if (id === moving.node.fileID) return true
      const owner = this.#draft.view.owner(id)
      const where = owner?.parent && this.#draft.view.whereIs(owner)
      if (!where || where.kind === 'absent') return false
      id = where.place.parentID
    }
    return true
  }

  /** The name that something is to be moved to is had: sees to it that it becomes free. */
  #clearWay(entry: LocalAt, moving: BaseAt, occupants: readonly RemoteEntry[], to: RemotePlace): void {
    const owner = occupants
      .map(({ fileID }) => this.#draft.view.owner(fileID))
      .find((one) => one !== undefined)
    if (owner) {
      // Deleted here, and another file has its name now: an older version.
      if (!this.#draft.match.gone.has(owner.node.id)) this.#blocked.push({ at: entry, by: owner })
      else this.#awaitGone(entry, owner)
      return
    }
    const [foreign, second] = occupants
    if (!foreign || foreign.kind !== moving.node.kind) this.#draft.nameTaken(entry)
    else if (foreign.kind === 'folder') this.#meetFolder(entry, moving)
    else if (second) this.#draft.problem({ path: entry.path, code: 'ambiguous', detail: entry.name })
    else this.#draft.do({ kind: 'discard', path: entry.path, fileID: foreign.fileID, parentID: to.parentID })
  }

  /** Its name is had by a row of ours that is not its own. */
  awaitName(entry: LocalAt, owner: BaseAt): void {
    if (this.#draft.match.locals.has(owner.node.id)) this.#blocked.push({ at: entry, by: owner })
    else if (!this.#draft.match.gone.has(owner.node.id)) this.#draft.nameTaken(entry)
    else this.#awaitGone(entry, owner)
  }

  /** What had the name was deleted here: an older file goes to the bin now, a folder when deletions do. */
  #awaitGone(entry: LocalAt, owner: BaseAt): void {
    if (owner.node.kind === 'file') this.#discard(entry, owner)
    else if (this.#draft.terms.mode === 'backup') this.#draft.nameTaken(entry)
    else this.#blocked.push({ at: entry, by: owner })
  }

  /** Somebody else's folder has the name: what is here goes into that one, as at first contact. */
  #meetFolder(entry: LocalAt, moving: BaseAt): void {
    if (this.#draft.isSettled(entry))
      this.#draft.do({ kind: 'forget', path: entry.path, node: moving.node.id })
    else this.blockedMoves.add(moving.node.id)
  }

  #discard(entry: LocalAt, owner: BaseAt): void {
    if (this.spokenFor.has(owner.node.id)) return
    this.spokenFor.add(owner.node.id)
    const where = this.#draft.view.whereIs(owner)
    if (where.kind === 'absent') return
    this.#draft.do({
      kind: 'discard',
      path: entry.path,
      fileID: owner.node.fileID,
      parentID: where.place.parentID,
      node: owner.node.id,
    })
  }

  /** Where all wait for each other, one of those in the way goes aside; what is left waits for what a person has to see to. */
  makeWay(): void {
    for (const { by } of this.#blocked) {
      if (!by) continue
      const where = this.#draft.view.whereIs(by)
      if (where.kind === 'absent' || !by.parent || this.#draft.isHandsOff(by.path)) continue
      const name = asideName(by.node.name, by.node.fileID)
      this.#draft.do({
        kind: 'relocate',
        path: this.#draft.match.locals.get(by.node.id)?.path ?? by.path,
        was: by.path,
        node: by.node.id,
        fileID: by.node.fileID,
        from: where.place,
        to: { parentID: where.place.parentID, name },
        place: { parent: by.parent.node.id, name },
        aside: true,
      })
      return
    }
    for (const { at } of this.#blocked) this.#draft.nameTaken(at)
  }
}
