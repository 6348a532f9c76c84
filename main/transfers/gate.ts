import { DriveError } from '#app/errors'

/**
 * Remote paths that somebody is making right now. The platform makes the folders of a path on the way, so two first files of a new
 * folder sent at once would make it twice (design 3, Destinations): the second waits until the first is through.
 */
export class Gate {
  readonly #held = new Set<string>()
  readonly #waiting = new Set<() => void>()

  /** Takes all the paths, or none; returns how to give them back, each once. */
  tryEnter(paths: readonly string[]): ((some: readonly string[]) => void) | undefined {
    if (paths.some((path) => this.#held.has(path))) return undefined
    for (const path of paths) this.#held.add(path)
    return (some) => {
      for (const path of some) this.#held.delete(path)
      const waiting = [...this.#waiting]
      this.#waiting.clear()
      for (const wake of waiting) wake()
    }
  }

  /** Until somebody has left. */
  changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new DriveError('cancelled', 'Cancelled while waiting'))
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.delete(wake)
        reject(new DriveError('cancelled', 'Cancelled while waiting'))
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
