import type { Watching } from '#app/sync/pair'
import type { CycleEnd } from './cycle.ts'
import type { Dirt } from './dirt.ts'
import { parentOf } from './local-tree.ts'
import type { Troubles } from './problems.ts'
import type { SyncContext } from './sync-context.ts'

/** Full scans: hourly, apart from each other (design 5); where nothing is heard, every minute. */
const SCAN_EVERY_MS = 60 * 60_000
const BLIND_SCAN_EVERY_MS = 60_000

/** What is to be looked at without anything having been heard, and when. */
export class Agenda {
  readonly #context: SyncContext
  readonly #dirt: Dirt
  readonly #troubles: Troubles
  /** When all of it is looked at again. */
  #fullAt = 0
  /** Folders with files that were being written, and when to look again. */
  readonly #busy = new Map<string, number>()

  constructor(context: SyncContext, dirt: Dirt, troubles: Troubles) {
    this.#context = context
    this.#dirt = dirt
    this.#troubles = troubles
  }

  /** When somebody's writing may be over; undefined where nobody writes. */
  get busyUntil(): number | undefined {
    return this.#busy.size > 0 ? Math.min(...this.#busy.values()) : undefined
  }

  get nextLook(): number {
    return Math.min(this.#fullAt, ...this.#busy.values(), this.#troubles.nextAt ?? Infinity)
  }

  /** Takes what is due for dirty. */
  take(): void {
    const now = this.#context.now()
    if (now >= this.#fullAt) this.#dirt.addAll()
    for (const [folder, until] of this.#busy) if (until <= now) this.#dirt.addFolders([folder])
    // What failed may be a file, or what is in a folder.
    this.#dirt.addFolders(this.#troubles.list().flatMap(({ path }) => [parentOf(path), path]))
  }

  /** All of it has been looked at. */
  planFullScan(watching: Watching): void {
    const { now, tuning } = this.#context
    const everyMs = watching.kind === 'events' ? SCAN_EVERY_MS : (tuning.blindScanMs ?? BLIND_SCAN_EVERY_MS)
    this.#fullAt = now() + everyMs * (0.9 + Math.random() / 5)
  }

  /** Of the folders that were looked at; the others wait as they did. */
  noteBusy({ scope, busy }: CycleEnd): void {
    if (scope === 'all') this.#busy.clear()
    else for (const folder of scope) this.#busy.delete(folder)
    for (const [folder, until] of busy) this.#busy.set(folder, until)
  }
}
