/** Lists of ids, ascending, by some key. */

/** Index of the first id greater than `after`. */
export function firstAbove(ids: readonly number[], after: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? 0) > after) high = middle
    else low = middle + 1
  }
  return low
}

export function insert<Key>(index: Map<Key, number[]>, key: Key, id: number): void {
  const ids = index.get(key)
  if (ids) ids.splice(firstAbove(ids, id), 0, id)
  else index.set(key, [id])
}

export function remove<Key>(index: Map<Key, number[]>, key: Key, id: number): void {
  const left = (index.get(key) ?? []).filter((other) => other !== id)
  if (left.length > 0) index.set(key, left)
  else index.delete(key)
}
