import type { Failure } from '#app/errors'
import type { SyncState } from '#app/sync/pair'

/** Without a way to the platform for this long, a run that is to end gives up. */
export const OFFLINE_MS = 60_000
/** Failures of all of it, one after another, after which it gives up. */
export const MOST_TRIES = 6

/** How long a run that does not watch waits for a pair that makes no way. */
export class Patience {
  readonly #giveUp: (failure: Failure) => void
  #tries = 0
  #until: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(giveUp: (failure: Failure) => void) {
    this.#giveUp = giveUp
  }

  look(state: SyncState): void {
    if (state.status === 'offline') {
      this.#timer ??= setTimeout(() => {
        this.#giveUp({ code: 'offline', message: 'No way to the platform' })
      }, OFFLINE_MS)
      return
    }
    // Looking whether there is a way again is not yet having one.
    if (state.status === 'scanning') return
    this.end()
    if (state.status === 'synced' || state.status === 'halted') this.#tries = 0
    if (state.status !== 'waiting' || !state.failure || state.until === this.#until) return
    this.#until = state.until
    if (++this.#tries > MOST_TRIES) this.#giveUp(state.failure)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
