import type { TransferId } from '#app/transfer'

/** Ids in ascending order of their positions; they are put in order when somebody asks, and only if one came or moved since. */
export class PositionedSet {
  /** Those in one position stay as they came. */
  readonly #positions = new Map<TransferId, number>()
  #ids: readonly TransferId[] = []
  #stale: 'no' | 'some-left' | 'some-came' = 'no'

  /** Whether it is new here, or has another position than before. */
  put(id: TransferId, position: number): boolean {
    if (this.#positions.get(id) === position) return false
    this.#positions.set(id, position)
    this.#stale = 'some-came'
    return true
  }

  delete(id: TransferId): void {
    if (this.#positions.delete(id) && this.#stale === 'no') this.#stale = 'some-left'
  }

  /** The same array for as long as nothing changed. */
  ids(): readonly TransferId[] {
    if (this.#stale === 'some-left') this.#ids = this.#ids.filter((id) => this.#positions.has(id))
    if (this.#stale === 'some-came') this.#ids = this.#sorted()
    this.#stale = 'no'
    return this.#ids
  }

  #sorted(): readonly TransferId[] {
    return [...this.#positions].sort(([, one], [, other]) => one - other).map(([id]) => id)
  }
}
