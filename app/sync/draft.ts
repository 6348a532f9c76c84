import { keyOf, remoteName } from './names.ts'
import type { LocalAt, Match } from './match.ts'
import type { Operation, PassedOver, PlanProblem, Question, RemotePlace, Terms } from './plan.ts'
import { RemoteView } from './remote-view.ts'
import type { BaseFolder, Path, RemoteEntry, RemoteTree } from './tree.ts'

/** A plan in the making: what is known, and what has been found to ask and to do so far. */
export class Draft {
  readonly terms: Terms
  readonly match: Match
  readonly view: RemoteView
  readonly operations: Operation[] = []
  readonly problems: PlanProblem[] = []
  readonly busy: Path[] = []
  readonly passedOver: PassedOver[] = []
  readonly #questions = new Map<string, Question>()

  constructor(remote: RemoteTree, terms: Terms, matched: Match) {
    this.terms = terms
    this.match = matched
    this.view = new RemoteView(remote, matched.bases.values(), (name) => this.remoteNameOf(name))
  }

  get questions(): readonly Question[] {
    return [...this.#questions.values()]
  }

  /** There is nothing to ask, and nothing to do that another step could depend on. */
  get isQuiet(): boolean {
    return this.#questions.size === 0 && this.operations.every(({ kind }) => kind === 'upload')
  }

  ask(question: Question): void {
    const key = question.kind === 'list' ? `list ${question.folderID}` : `hash ${keyOf(question.path)}`
    this.#questions.set(key, question)
  }

  do(operation: Operation): void {
    this.operations.push(operation)
  }

  problem(problem: PlanProblem): void {
    this.problems.push(problem)
  }

  remoteNameOf(name: string): string {
    const found = remoteName(name, this.terms.twins)
    return 'name' in found ? found.name : name
  }

  isHandsOff(path: Path): boolean {
    return this.terms.handsOff.has(keyOf(path))
  }

  /** The listing, or undefined once it has been asked for. */
  listing(folderID: number, path: Path): readonly RemoteEntry[] | undefined {
    const listing = this.view.listing(folderID)
    if (!listing) this.ask({ kind: 'list', folderID, path })
    return listing
  }

  /** Where a local entry belongs in the cloud; undefined when its name can't be there. */
  placeOf(entry: LocalAt, row: BaseFolder): RemotePlace | undefined {
    const found = remoteName(entry.name, this.terms.twins)
    if ('name' in found) return { parentID: row.fileID, name: found.name }
    this.problem({ path: entry.path, code: found.problem.code, detail: found.problem.detail })
    return undefined
  }

  nameTaken(entry: LocalAt): void {
    this.problem({ path: entry.path, code: 'name-taken', detail: entry.name })
  }

  /** It is where its row is. */
  isSettled(entry: LocalAt): boolean {
    const row = this.match.rows.get(entry)
    return (
      row?.parent?.node === (entry.folder && this.match.rows.get(entry.folder)?.node) &&
      row?.node.name === entry.name
    )
  }
}
