import { runAt } from '../transfers/far-timer.ts'

export interface LoopOptions {
  /** One look; says when to look again, and undefined is at once. */
  readonly turn: () => Promise<number | undefined>
  /** The time that a turn has named has come: comes before the next turn. */
  readonly onDue: () => void
  readonly now: () => number
}

/** Turns one after another, until one says that there is time; then a timer, or whoever kicks. */
export class Loop {
  readonly #options: LoopOptions
  #running: Promise<void> | undefined
  #callOff: (() => void) | undefined
  #stopped = false
  #kicked = false

  constructor(options: LoopOptions) {
    this.#options = options
  }

  /** Another turn, after the one that is under way. */
  kick(): void {
    if (this.#stopped) return
    this.#kicked = true
    this.#callOff?.()
    this.#callOff = undefined
    this.#running ??= this.#run()
  }

  /** No further turn; `ended` is when the last one has. */
  stop(): void {
    this.#stopped = true
    this.#callOff?.()
  }

  async ended(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#kicked = false
      const nextAt = await this.#options.turn()
      if (!this.#isStopped() && (this.#wasKicked() || nextAt === undefined)) continue
      // From here on, whoever kicks starts another run.
      this.#running = undefined
      if (nextAt !== undefined && !this.#isStopped()) this.#wait(nextAt)
      return
    }
  }

  // Asked for, since both change while a turn is waited for.
  #isStopped(): boolean {
    return this.#stopped
  }

  #wasKicked(): boolean {
    return this.#kicked
  }

  #wait(nextAt: number): void {
    this.#callOff?.()
    this.#callOff = runAt(nextAt, this.#options.now, () => {
      this.#options.onDue()
      this.kick()
    })
  }
}
