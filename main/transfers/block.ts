import type { QueueStatus } from '#app/ipc'
import { runAt } from './far-timer.ts'

type Blocked = NonNullable<QueueStatus['blocked']>

/** Why nothing of the queue starts, while nothing does; ends by itself when its time has come. */
export class Block {
  readonly #now: () => number
  readonly #onEnd: () => void
  #current: Blocked | undefined
  #callOff: (() => void) | undefined

  constructor(now: () => number, onEnd: () => void) {
    this.#now = now
    this.#onEnd = onEnd
  }

  get current(): Blocked | undefined {
    return this.#current
  }

  set(blocked: Blocked): void {
    // Only somebody signing in ends that; a dead network on top of it changes nothing.
    if (this.#current?.reason === 'signed-out') return
    this.clear()
    this.#current = blocked
    if (blocked.until === undefined) return
    this.#callOff = runAt(blocked.until, this.#now, () => {
      this.clear()
      this.#onEnd()
    })
  }

  clear(): void {
    this.#callOff?.()
    this.#callOff = undefined
    this.#current = undefined
  }
}
