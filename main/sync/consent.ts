import type { Removal } from '#app/sync/plan'
import type { NodeId } from '#app/sync/tree'

/** What a person has been asked about deletions, and what they have said. */
export class Consent {
  /** Deletions that a person has said yes to. */
  readonly approved = new Set<NodeId>()
  /** What waits for a yes. */
  #awaiting: readonly Removal[] = []
  #mayBeEmpty = false

  get awaiting(): readonly Removal[] {
    return this.#awaiting
  }

  /** A person has said that the folder is empty for good. */
  get mayBeEmpty(): boolean {
    return this.#mayBeEmpty
  }

  ask(removals: readonly Removal[]): void {
    this.#awaiting = removals
  }

  /** Yes to what was asked. `isEmpty`: they were asked whether the folder is meant to be. */
  grant(isEmpty: boolean): void {
    for (const { node } of this.#awaiting) this.approved.add(node)
    if (isEmpty) this.#mayBeEmpty = true
    this.#awaiting = []
  }

  /** Nothing is asked any more; gives what was. */
  withdraw(): readonly Removal[] {
    const asked = this.#awaiting
    this.#awaiting = []
    return asked
  }

  /** A cycle has ended with nothing held back: an empty folder later is another question. */
  settle(): void {
    this.#mayBeEmpty = false
  }
}
