import { dirname, relative, sep } from 'node:path'
import type { Problem, SkippedPath } from '#app/ipc'
import type { ProblemStore, StoredProblem } from '../store/problem-store.ts'
import type { AddOptions } from '../transfers/queue-store.ts'

/** A path to look at again, with the options under which it lands where it would have landed. */
export interface Again {
  readonly path: string
  readonly options: AddOptions
}

/** What a look at a named path passed over. */
export interface Look {
  readonly root: string
  readonly skipped: readonly SkippedPath[]
}

/** Paths that were skipped when something was added: kept until they can be added, or a person has read of them. */
export class Problems {
  readonly #store: ProblemStore
  readonly #now: () => number
  readonly #onChange: (problems: readonly Problem[]) => void

  constructor(store: ProblemStore, now: () => number, onChange: (problems: readonly Problem[]) => void) {
    this.#store = store
    this.#now = now
    this.#onChange = onChange
  }

  list(): readonly Problem[] {
    return this.#store.all().map(({ path, named, failure, at }) => ({ path, named, failure, at }))
  }

  /** Everything under these was looked at: what was skipped there before counts no more. */
  note(looks: readonly Look[], options: AddOptions): void {
    const roots = new Set(looks.map(({ root }) => root))
    const gone = this.#store.all().flatMap(({ path }) => (isUnder(path, roots) ? [path] : []))
    const at = this.#now()
    const found = looks.flatMap(({ root, skipped }) =>
      skipped.map((each) => ({ ...each, at, origin: { root, options } })),
    )
    if (gone.length > 0 || found.length > 0) this.#replace(gone, found)
  }

  dismiss(paths: readonly string[]): void {
    this.#replace(paths, [])
  }

  again(paths: readonly string[]): readonly Again[] {
    const wanted = new Set(paths)
    return this.#store.all().flatMap(({ path, origin: { root, options } }) => {
      if (!wanted.has(path)) return []
      const parents = relative(dirname(root), dirname(path)).split(sep).filter(Boolean)
      return [{ path, options: { ...options, folders: [...options.folders, ...parents] } }]
    })
  }

  #replace(gone: readonly string[], found: readonly StoredProblem[]): void {
    try {
      this.#store.replace(gone, found)
    } catch {
      // A full disk: whoever added them has been told in any case, and the queue says that it can't write.
      return
    }
    this.#onChange(this.list())
  }
}

function isUnder(path: string, roots: ReadonlySet<string>): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (roots.has(at)) return true
    if (dirname(at) === at) return false
  }
}
