import { describe, expect, test } from 'vitest'
import type { FinishedTransfer } from '#app/history'
import { PAGE_ROWS, pagesFor, rowAt, withPage, type Pages } from '../../../renderer/history-pages.ts'
import { done, transfer } from './samples.ts'

const page = (no: number, rows = PAGE_ROWS) => ({
  total: 10_000,
  rows: Array.from(
    { length: rows },
    (_, index) => transfer(`${no * PAGE_ROWS + index}`, done()) as FinishedTransfer, // It is done.
  ),
})

const NONE: Pages = new Map()

test.each([
  { first: 0, last: 0, pages: [0] },
  { first: 0, last: 99, pages: [0] },
  { first: 95, last: 105, pages: [0, 1] },
  { first: 250, last: 452, pages: [2, 3, 4] },
])('rows $first to $last are in parts $pages', ({ first, last, pages }) => {
  expect(pagesFor(first, last)).toEqual(pages)
})

describe('a row', () => {
  test('is found in its part, and is missing while that is on its way', () => {
    const pages = withPage(withPage(NONE, 0, page(0)), 3, page(3))
    expect(rowAt(pages, 7)?.id).toBe('7')
    expect(rowAt(pages, 399)?.id).toBe('399')
    expect(rowAt(pages, 150)).toBeUndefined()
  })

  test('beyond the end of a part that is not full is none', () => {
    expect(rowAt(withPage(NONE, 0, page(0, 3)), 3)).toBeUndefined()
  })
})

test('parts far from the last one that came are let go', () => {
  let pages = NONE
  for (let no = 0; no < 50; no++) pages = withPage(pages, no, page(no), 5)
  expect([...pages.keys()].sort((one, other) => one - other)).toEqual([45, 46, 47, 48, 49])
})
