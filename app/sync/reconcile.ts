import { MAX_FILE_BYTES } from '../slices.ts'
import { isFolder, isLocalFolder, match, type BaseAt, type LocalAt, type Match } from './match.ts'
import { Draft } from './draft.ts'
import { FilePlanner } from './files.ts'
import { clashKey } from './names.ts'
import { Placer } from './placer.ts'
import type { LocalFacts, Plan, RemotePlace, Removal, Terms } from './plan.ts'
import { planRemovals } from './removals.ts'
import type { BaseFile, BaseFolder, LocalFile, LocalFolder, NodeId, RemoteEntry, RemoteTree } from './tree.ts'

export interface Trees {
  readonly base: BaseFolder
  readonly local: LocalFolder
  readonly remote: RemoteTree
}

/**
 * What is to be asked and done so that the cloud becomes what the mode makes of the local tree. Pure: the same trees give the same
 * plan. Nothing of it depends on the rest of it, so a plan may be carried out in any order, in part, or not at all; what is left over
 * is in the next plan. An empty plan means that both sides are as they should be.
 *
 * On this side nothing is ever changed. In the cloud, what goes to the bin is what was deleted here (mirror alone, and only rows of
 * this pair's base) and older versions of files that the same plan replaces.
 */
export function reconcile(trees: Trees, terms: Terms): Plan {
  const stay = new Set<NodeId>()
  for (;;) {
    const planner = new Planner(trees, terms, match(trees.base, trees.local, { mode: terms.mode, stay }))
    const plan = planner.plan()
    if (planner.blockedMoves.size === 0) return plan
    // Where such a folder stands already, its entries move one by one.
    for (const id of planner.blockedMoves) stay.add(id)
  }
}

class Planner {
  readonly #base: BaseFolder
  readonly #draft: Draft
  readonly #placer: Placer
  readonly #files: FilePlanner

  constructor(trees: Trees, terms: Terms, matched: Match) {
    this.#base = trees.base
    this.#draft = new Draft(trees.remote, terms, matched)
    this.#placer = new Placer(this.#draft)
    this.#files = new FilePlanner(this.#draft, this.#placer)
  }

  /** Folders that can't be moved as such. */
  get blockedMoves(): ReadonlySet<NodeId> {
    return this.#placer.blockedMoves
  }

  plan(): Plan {
    const { questions } = this.#draft.match
    for (const question of questions) if (!this.#draft.isHandsOff(question.path)) this.#draft.ask(question)
    for (const at of this.#draft.match.ignored)
      this.#draft.do({ kind: 'forget', path: at.path, node: at.node.id })
    this.#settleFolder(this.#draft.match.root, this.#base)
    // Last of all: what seems deleted may yet turn up elsewhere, in a file that can't be read now or is on its way.
    const removals = this.#draft.isQuiet && questions.length === 0 ? this.#planRemovals() : []
    if (removals.length === 0 && this.#draft.isQuiet && this.#placer.blockedMoves.size === 0)
      this.#placer.makeWay()
    return {
      questions: this.#draft.questions,
      operations: this.#draft.operations,
      removals,
      problems: this.#draft.problems,
      passedOver: this.#draft.passedOver,
      busy: this.#draft.busy,
    }
  }

  #planRemovals(): readonly Removal[] {
    const { removals, questions, operations } = planRemovals({
      match: this.#draft.match,
      view: this.#draft.view,
      terms: this.#draft.terms,
      spokenFor: this.#placer.spokenFor,
    })
    for (const question of questions) this.#draft.ask(question)
    this.#draft.operations.push(...operations)
    return questions.length > 0 ? [] : removals
  }

  /** A folder that both sides have; `row` is its base. */
  #settleFolder(folder: LocalAt<LocalFolder>, row: BaseFolder): void {
    for (const [name, node] of folder.node.children ?? []) {
      if (node.kind !== 'unknown') continue
      const path = [...folder.path, name]
      if (node.why === 'unreadable') this.#draft.problem({ path, code: 'folder-unreadable', detail: name })
      else this.#draft.passedOver.push({ path, why: node.why })
    }
    const entries = this.#draft.match.inside.get(folder) ?? []
    const clashes = this.#clashes(entries)
    for (const entry of entries) {
      const base = this.#draft.match.rows.get(entry)
      if (this.#draft.isHandsOff(entry.path)) {
        if (base) this.#descend(entry, base)
        continue
      }
      if (base && clashes.has(entry)) {
        this.#draft.problem({ path: entry.path, code: 'name-clash', detail: entry.name })
        this.#descend(entry, base)
      } else if (base) this.#settleKnown(entry, base, folder, row)
      else this.#settleNew(entry, folder, row, clashes)
    }
  }

  #descend(entry: LocalAt, base: BaseAt): void {
    if (!isLocalFolder(entry) || !isFolder(base) || !entry.node.children) return
    if (this.#draft.view.whereIs(base).kind !== 'absent') this.#settleFolder(entry, base.node)
  }

  /** Which of the entries of a folder have a name that another has already, but for case or accents. */
  #clashes(entries: readonly LocalAt[]): ReadonlySet<LocalAt> {
    const taken = new Map<string, LocalAt>()
    const clashes = new Set<LocalAt>()
    // What is in step keeps its name; among the others the first does, in an order that is always the same.
    const settled = entries.filter((entry) => this.#draft.isSettled(entry))
    const others = entries.filter((entry) => !this.#draft.isSettled(entry))
    const ordered = others.toSorted((one, other) => (one.name < other.name ? -1 : 1))
    for (const entry of [...settled, ...ordered]) {
      const key = clashKey(this.#draft.remoteNameOf(entry.name))
      if (!taken.has(key)) taken.set(key, entry)
      else if (!this.#draft.isSettled(entry)) clashes.add(entry)
    }
    return clashes
  }

  #settleKnown(entry: LocalAt, base: BaseAt, folder: LocalAt<LocalFolder>, row: BaseFolder): void {
    const where = this.#draft.view.whereIs(base)
    if (where.kind === 'absent') {
      // The next plan takes it for new.
      this.#draft.do({ kind: 'forget', path: entry.path, node: base.node.id })
      return
    }
    if (isLocalFolder(entry) && isFolder(base)) {
      if (entry.node.ino !== base.node.ino)
        this.#draft.do({
          kind: 'record',
          path: entry.path,
          node: base.node.id,
          local: folderFacts(entry.node),
        })
      this.#placer.seeToPlace(entry, base, where.place, row)
      this.#descend(entry, base)
      return
    }
    if (entry.node.kind === 'file' && base.node.kind === 'file')
      this.#files.settleFile(entry as LocalAt<LocalFile>, base as BaseAt<BaseFile>, where.place, folder, row) // both just checked
  }

  #settleNew(
    entry: LocalAt,
    folder: LocalAt<LocalFolder>,
    row: BaseFolder,
    clashes: ReadonlySet<LocalAt>,
  ): void {
    const { path, node, name } = entry
    const to = this.#draft.placeOf(entry, row)
    if (!to) return
    if (clashes.has(entry)) {
      this.#draft.problem({ path, code: 'name-clash', detail: name })
      return
    }
    if (node.kind === 'file') {
      if (node.busy) {
        this.#draft.busy.push(path)
        return
      }
      if (node.size > MAX_FILE_BYTES) {
        this.#draft.problem({ path, code: 'file-too-large', detail: String(node.size) })
        return
      }
      if (this.#draft.match.undecided.has(entry)) return
    }
    const listing = this.#draft.listing(row.fileID, folder.path)
    if (!listing) return
    const same = listing.filter((one) => one.name === to.name)
    const place = { parent: row.id, name }
    if (same.length === 0 && this.#clashesThere(to, listing)) {
      this.#draft.problem({ path, code: 'name-clash', detail: name })
      return
    }
    const ours = same.map(({ fileID }) => this.#draft.view.owner(fileID)).find((owner) => owner !== undefined)
    if (ours) {
      this.#placer.awaitName(entry, ours)
      return
    }
    if (node.kind === 'folder') {
      const there = same.filter(({ kind }) => kind === 'folder').toSorted((a, b) => a.fileID - b.fileID)[0]
      if (there) this.#draft.do({ kind: 'adopt', path, place, local: folderFacts(node), entry: there })
      else if (same.length > 0) this.#draft.nameTaken(entry)
      else this.#draft.do({ kind: 'mkdir', path, place, to, ino: node.ino })
      return
    }
    this.#files.settleNewFile(entry as LocalAt<LocalFile>, to, place, same, listing) // the rest of the union
  }

  /** Something that is not ours has the name there, but for case or accents. */
  #clashesThere(to: RemotePlace, listing: readonly RemoteEntry[]): boolean {
    const key = clashKey(to.name)
    return listing.some(
      (one) => one.name !== to.name && clashKey(one.name) === key && !this.#draft.view.owner(one.fileID),
    )
  }
}

function folderFacts({ kind, ino }: LocalFolder): LocalFacts {
  return { kind, ino }
}
