import type { Failure } from '#app/errors'
import type { SyncProblem } from '#app/sync/pair'
import type { LocalFile } from '#app/sync/tree'
import { backoffMs } from '#app/retry'

/** What failed for one path, while the rest goes on (pitfalls 7). */
interface Trouble {
  readonly failure: Failure
  /** The state of the file that it was about; undefined where it was about no file's. */
  readonly about: string | undefined
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

  /** `about`: a file that is another by then is tried at once. */
  note(path: string, failure: Failure, about?: LocalFile): void {
    const times = (this.#byPath.get(path)?.times ?? 0) + 1
    const waitMs = Math.max(failure.retryAfterMs ?? 0, backoffMs(times - 1, BACKOFF, Math.random()))
    this.#byPath.set(path, { failure, about: about && stateOf(about), times, retryAt: this.#now() + waitMs })
  }

  /** It went well, or it is another file now. */
  clear(path: string): void {
    this.#byPath.delete(path)
  }

  /** A folder was looked at: what is there no more, on neither side, with all that was in it, or is another file now, is no trouble any more. */
  lookAt(folder: string, entryOf: (name: string) => { readonly kind: string } | undefined): void {
    const prefix = folder === '' ? '' : `${folder}/`
    for (const [path, { about }] of this.#byPath) {
      if (!path.startsWith(prefix)) continue
      const [name = '', ...below] = path.slice(prefix.length).split('/')
      const entry = entryOf(name)
      if (entry && below.length > 0) continue
      const isAnother = about !== undefined && entry?.kind === 'file' && about !== stateOf(entry as LocalFile) // by its kind
      if (!entry || isAnother) this.clear(path)
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

function stateOf({ ino, size, mtimeNs }: LocalFile): string {
  return `${ino} ${size} ${mtimeNs}`
}
