import { setTimeout as sleep } from 'node:timers/promises'
import type { Watching } from '#app/sync/pair'
import { watchFolder, type Watch, type WatchOptions } from './watcher.ts'

/** Nobody is held up for longer by a backend that does not end. */
const CLOSE_MS = 1000

/** Until one listens, nothing is heard. */
const NOT_YET: Watching = { kind: 'scans', why: 'unavailable' }

/** The listening of one pair. Nobody waits for it: a backend may take its time, or never be ready. */
export class PairWatch {
  readonly #onReady: () => void
  #watch: Promise<Watch> | undefined
  #watching: Watching = NOT_YET

  /** `onReady`: from now on changes are heard; those before it may not have been. */
  constructor(onReady: () => void) {
    this.#onReady = onReady
  }

  get watching(): Watching {
    return this.#watching
  }

  /** Does nothing when it listens already. */
  start(options: WatchOptions): void {
    if (this.#watch) return
    const starting = watchFolder(options)
    this.#watch = starting
    void starting.then(({ watching }) => {
      if (this.#watch !== starting) return
      this.#watching = watching
      this.#onReady()
    })
  }

  async close(): Promise<void> {
    const old = this.#watch
    this.#watch = undefined
    this.#watching = NOT_YET
    await Promise.race([old?.then((watch) => watch.close()), sleep(CLOSE_MS, undefined, { ref: false })])
  }
}
