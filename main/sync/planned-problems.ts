import { existsSync } from 'node:fs'
import { keyOf } from '#app/sync/names'
import type { SyncProblem } from '#app/sync/pair'
import type { PlanProblem } from '#app/sync/plan'
import type { CycleScope } from './cycle.ts'

/** Paths that can't be planned for as they are: names that clash or are forbidden, folders that can't be read. */
export class PlannedProblems {
  #problems: readonly PlanProblem[] = []

  /** What is wrong in the folders that were looked at is what the plan says now. */
  take(problems: readonly PlanProblem[], scope: CycleScope, root: string): void {
    const isElsewhere = ({ path }: PlanProblem): boolean =>
      scope !== 'all' &&
      !scope.has(keyOf(path.slice(0, -1))) &&
      // Not in a folder that is gone with all that was in it.
      existsSync([root, ...path].join('/'))
    this.#problems = [...this.#problems.filter(isElsewhere), ...problems]
  }

  list(): readonly SyncProblem[] {
    return this.#problems.map(({ path, code, detail }) => ({
      path: keyOf(path),
      failure: { code, message: 'Not synced', ...(detail === undefined ? {} : { detail }) },
    }))
  }
}
