import { DriveError } from '#app/errors'

/** So many at once, first come first served. The number may change while some are out. */
export class Slots {
  #limit: number
  #taken = 0
  readonly #waiting = new Set<() => void>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get limit(): number {
    return this.#limit
  }

  resize(limit: number): void {
    this.#limit = Math.max(1, limit)
    this.#admit()
  }

  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.#take(signal)
    try {
      return await task()
    } finally {
      this.#taken--
      this.#admit()
    }
  }

  #take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new DriveError('cancelled', 'Cancelled while waiting'))
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave)
        this.#taken++
        resolve()
      }
      const leave = (): void => {
        this.#waiting.delete(enter)
        reject(new DriveError('cancelled', 'Cancelled while waiting'))
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(enter)
      this.#admit()
    })
  }

  #admit(): void {
    for (const enter of this.#waiting) {
      if (this.#taken >= this.#limit) return
      this.#waiting.delete(enter)
      enter()
    }
  }
}
