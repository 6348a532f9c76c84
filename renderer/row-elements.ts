import type { TransferId } from '#app/transfer'

/** Which element of the page shows which row, by a number each. */
export type RowElements = ReadonlyMap<TransferId, number>

/**
 * A row that stays keeps its element; one that comes gets that of one that has gone, which costs a tenth of a new one: when files are done
 * by the dozen, all rows are others several times a second. But not an element that somebody is about to use, `inUse`: it means the row that
 * they saw there, and goes with it.
 */
export function elementsFor(
  rows: readonly TransferId[],
  before: RowElements,
  inUse: (id: TransferId) => boolean,
): RowElements {
  const stay = new Set(rows)
  const free = [...before].flatMap(([id, element]) => (stay.has(id) || inUse(id) ? [] : [element]))
  let next = Math.max(-1, ...before.values()) + 1
  return new Map(rows.map((id) => [id, before.get(id) ?? free.shift() ?? next++]))
}
