import type { FinishedTransfer, HistoryPage } from '#app/history'

/** As many rows as are asked for at once: some screens full. */
export const PAGE_ROWS = 100

/** The parts of a long answer that are here, by their number. */
export type Pages = ReadonlyMap<number, readonly FinishedTransfer[]>

export function rowAt(pages: Pages, index: number): FinishedTransfer | undefined {
  return pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
}

/** The parts that hold these rows. */
export function pagesFor(first: number, last: number): readonly number[] {
  const [from, to] = [Math.floor(Math.max(0, first) / PAGE_ROWS), Math.floor(Math.max(0, last) / PAGE_ROWS)]
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** No more than are near what is shown: somebody who scrolls through everything does not gather everything. */
export function withPage(pages: Pages, no: number, { rows }: HistoryPage, most = 12): Pages {
  const kept = [...pages].filter(([other]) => other !== no && Math.abs(other - no) < most)
  return new Map([...kept, [no, rows]])
}
