import type { TransferId } from '#app/transfer'

/** Two ways through, so that many small files do not wait for a big one (design 4). */
export type Lane = 'small' | 'big'

/** Who is next in each lane, and how many are under way. Age is the order. */
export class Lanes {
  readonly #limits: Readonly<Record<Lane, number>>
  readonly #queued: Record<Lane, Set<TransferId>> = { small: new Set(), big: new Set() }
  /** Those that come again go before those that never went: what was begun is ended first. */
  readonly #again: Record<Lane, Set<TransferId>> = { small: new Set(), big: new Set() }
  readonly #running: Record<Lane, number> = { small: 0, big: 0 }

  constructor(limits: Readonly<Record<Lane, number>>) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running.small + this.#running.big
  }

  push(lane: Lane, id: TransferId, comesAgain = false): void {
    const place = comesAgain ? this.#again : this.#queued
    place[lane].add(id)
  }

  /** Takes the oldest that still wants to run, if its lane has room; it counts as running until `leave`. */
  next(
    wantsToRun: (id: TransferId) => boolean,
  ): { readonly id: TransferId; readonly lane: Lane } | undefined {
    return this.#nextIn('small', wantsToRun) ?? this.#nextIn('big', wantsToRun)
  }

  leave(lane: Lane): void {
    this.#running[lane]--
  }

  #nextIn(
    lane: Lane,
    wantsToRun: (id: TransferId) => boolean,
  ): { readonly id: TransferId; readonly lane: Lane } | undefined {
    if (this.#running[lane] >= this.#limits[lane]) return undefined
    for (const place of [this.#again[lane], this.#queued[lane]]) {
      for (const id of place) {
        place.delete(id)
        if (!wantsToRun(id)) continue
        this.#running[lane]++
        return { id, lane }
      }
    }
    return undefined
  }
}
