import type { Failure } from '#app/errors'
import type { SyncProblem } from '#app/sync/pair'
import { backoffMs } from '#app/retry'

/** What failed for one path, while the rest goes on (pitfalls 7). */
interface Trouble {
  readonly failure: Failure
  readonly times: number
  readonly retryAt: number
}

/** Back-off of one path: half a minute at first, an hour at most. */
const BACKOFF = { baseMs: 30_000, capMs: 60 * 60_000 }

/** Paths that something failed for: left alone until their time has come. */
export class Troubles {
  readonly #byPath = new Map<string, Trouble>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#byPath.size
  }

  note(path: string, failure: Failure): void {
    const times = (this.#byPath.get(path)?.times ?? 0) + 1
    const waitMs = Math.max(failure.retryAfterMs ?? 0, backoffMs(times - 1, BACKOFF, Math.random()))
    this.#byPath.set(path, { failure, times, retryAt: this.#now() + waitMs })
  }

  /** It went well, or it is another file now. */
  clear(path: string): void {
    this.#byPath.delete(path)
  }

  /** Of what is in a folder, those that are meant: they are not there any more. */
  clearIn(folder: string, isMeant: (name: string) => boolean): void {
    const prefix = folder === '' ? '' : `${folder}/`
    for (const path of this.#byPath.keys()) {
      const name = path.startsWith(prefix) ? path.slice(prefix.length) : ''
      if (name !== '' && !name.includes('/') && isMeant(name)) this.clear(path)
    }
  }

  /** A person wants all of it tried again now. */
  clearAll(): void {
    this.#byPath.clear()
  }

  isWaiting(path: string): boolean {
    const trouble = this.#byPath.get(path)
    return trouble !== undefined && trouble.retryAt > this.#now()
  }

  /** When the first of them is to be tried again. */
  get nextAt(): number | undefined {
    let next: number | undefined
    for (const { retryAt } of this.#byPath.values()) next = Math.min(next ?? Infinity, retryAt)
    return next
  }

  waiting(): ReadonlySet<string> {
    const paths = new Set<string>()
    for (const path of this.#byPath.keys()) if (this.isWaiting(path)) paths.add(path)
    return paths
  }

  list(): readonly SyncProblem[] {
    return [...this.#byPath].map(([path, { failure, retryAt }]) => ({ path, failure, retryAt }))
  }
}
