import type { TransferId } from '#app/transfer'

/** Two ways through, so that many small files do not wait for a big one (design 4). */
export type Lane = 'small' | 'big'

const LANES = ['small', 'big'] as const satisfies readonly Lane[]

/** Who is next in each lane, by their places on the list, and how many are under way. */
export class Lanes {
  readonly #limits: Readonly<Record<Lane, number>>
  readonly #waiting: Readonly<Record<Lane, Line>> = { small: new Line(), big: new Line() }
  readonly #running: Record<Lane, number> = { small: 0, big: 0 }

  constructor(limits: Readonly<Record<Lane, number>>) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running.small + this.#running.big
  }

  push(lane: Lane, id: TransferId, position: number): void {
    this.#waiting[lane].put(id, position)
  }

  /** It has another place on the list; if it waits, it waits there. */
  move(id: TransferId, position: number): void {
    for (const lane of LANES) if (this.#waiting[lane].remove(id)) this.#waiting[lane].put(id, position)
  }

  /** Takes the next that still wants to run, if its lane has room; it counts as running until `leave`. */
  next(
    wantsToRun: (id: TransferId) => boolean,
  ): { readonly id: TransferId; readonly lane: Lane } | undefined {
    for (const lane of LANES) {
      if (this.#running[lane] >= this.#limits[lane]) continue
      for (let id = this.#waiting[lane].shift(); id !== undefined; id = this.#waiting[lane].shift()) {
        if (!wantsToRun(id)) continue
        this.#running[lane]++
        return { id, lane }
      }
    }
    return undefined
  }

  leave(lane: Lane): void {
    this.#running[lane]--
  }
}

/** Ids in ascending order of their positions, each once. */
class Line {
  readonly #places: { readonly id: TransferId; readonly position: number }[] = []
  readonly #positions = new Map<TransferId, number>()

  put(id: TransferId, position: number): void {
    if (this.#positions.get(id) === position) return
    this.remove(id)
    this.#positions.set(id, position)
    this.#places.splice(this.#firstAt(position), 0, { id, position })
  }

  /** Whether it was there. */
  remove(id: TransferId): boolean {
    const position = this.#positions.get(id)
    if (position === undefined) return false
    this.#positions.delete(id)
    let index = this.#firstAt(position)
    while (this.#places[index]?.id !== id) index++
    this.#places.splice(index, 1)
    return true
  }

  shift(): TransferId | undefined {
    const id = this.#places.shift()?.id
    if (id !== undefined) this.#positions.delete(id)
    return id
  }

  /** Where the first one is that is not before that position. */
  #firstAt(position: number): number {
    let low = 0
    let high = this.#places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#places[middle]?.position ?? Infinity) < position) low = middle + 1
      else high = middle
    }
    return low
  }
}
