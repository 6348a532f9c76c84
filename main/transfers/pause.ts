import type { QueueStatus } from '#app/ipc'
import { runAt } from './far-timer.ts'

const FACT = 'paused'

/** Where the pause is written down: at once, or as soon as the disk lets it be. */
interface Facts {
  fact(name: string): string | undefined
  setFact(name: string, value: string | undefined): void
}

/** A person has paused the whole queue: that survives a restart, and may end by itself. */
export class Pause {
  readonly #facts: Facts
  readonly #now: () => number
  readonly #onEnd: () => void
  #current: QueueStatus['paused']
  #callOff: (() => void) | undefined

  constructor(facts: Facts, now: () => number, onEnd: () => void) {
    this.#facts = facts
    this.#now = now
    this.#onEnd = onEnd
  }

  /** Takes up the pause that an earlier process was in. */
  restore(): void {
    const stored = this.#facts.fact(FACT)
    if (stored !== undefined) this.#take(stored === '' ? undefined : Number(stored))
  }

  get current(): QueueStatus['paused'] {
    return this.#current
  }

  /** `until`: milliseconds since 1970; without it, until a person ends it. */
  begin(until: number | undefined): void {
    this.#take(until)
    this.#facts.setFact(FACT, until === undefined ? '' : String(until))
  }

  end(): void {
    this.stop()
    this.#current = undefined
    this.#facts.setFact(FACT, undefined)
  }

  /** No timer is left; the pause itself stays. */
  stop(): void {
    this.#callOff?.()
    this.#callOff = undefined
  }

  #take(until: number | undefined): void {
    this.stop()
    this.#current = until === undefined ? {} : { until }
    if (until === undefined) return
    this.#callOff = runAt(until, this.#now, () => {
      this.end()
      this.#onEnd()
    })
  }
}
