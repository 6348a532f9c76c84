import type { ArrivedBytes } from '#emulator/types'

interface Arrival {
  /** Milliseconds, of `performance.now()`. */
  readonly at: number
  /** All bytes up to and with this one. */
  readonly total: number
}

/** File content as it came in at the platform: the meter of the speed tests. Rates are bytes per second. */
export class Arrivals {
  readonly #arrivals: Arrival[] = []
  readonly #requests = new Map<object, { readonly first: number; last: number }>()
  readonly #waiting = new Set<() => void>()

  /** For the emulator's `onBodyBytes`. */
  readonly hear = ({ request, bytes, endpoint }: ArrivedBytes): void => {
    if (endpoint !== 'slice' && endpoint !== 'single_create') return
    const at = performance.now()
    this.#arrivals.push({ at, total: this.total + bytes })
    const known = this.#requests.get(request)
    if (known) known.last = at
    else this.#requests.set(request, { first: at, last: at })
    for (const look of this.#waiting) look()
  }

  get total(): number {
    return this.#arrivals.at(-1)?.total ?? 0
  }

  get lastAt(): number {
    return this.#arrivals.at(-1)?.at ?? -Infinity
  }

  /** When the first and the last byte of each request came, in the order in which they began. */
  get requests(): readonly { readonly first: number; readonly last: number }[] {
    return [...this.#requests.values()]
  }

  /** Resolves when so many bytes have come in all. */
  reached(total: number): Promise<void> {
    return this.#until(() => this.total >= total)
  }

  /** Resolves when something comes at that time or later. */
  past(time: number): Promise<void> {
    return this.#until(() => this.lastAt >= time)
  }

  rateBetween(from: number, to: number): number {
    return ((this.#totalAt(to) - this.#totalAt(from)) * 1000) / (to - from)
  }

  /** In every stretch of so long that begins with an arrival and ends before the last one. */
  ratesOver(ms: number): readonly number[] {
    const begins = this.#arrivals.filter(({ at }) => at + ms <= this.lastAt)
    return begins.map(({ at }) => this.rateBetween(at, at + ms))
  }

  #totalAt(time: number): number {
    return this.#arrivals.findLast(({ at }) => at <= time)?.total ?? 0
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
}
