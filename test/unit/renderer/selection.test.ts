import { describe, expect, test } from 'vitest'
import type { TransferId } from '#app/transfer'
import {
  follow,
  NOTHING_SELECTED,
  pick,
  pickAll,
  step,
  type Picking,
  type Selection,
} from '../../../renderer/selection.ts'
import { id } from './samples.ts'

const ROWS = ['a', 'b', 'c', 'd', 'e'].map(id)

const ids = (text: string): TransferId[] => Array.from(text, id)

/** `bc` with the cursor at c, ranges from b. */
function selected(text: string, cursor?: string, anchor = cursor): Selection {
  return {
    ids: new Set(ids(text)),
    cursor: cursor === undefined ? undefined : id(cursor),
    anchor: anchor === undefined ? undefined : id(anchor),
  }
}

describe('a click', () => {
  test.each<{ how: Picking; from: Selection; on: string; gives: Selection }>([
    { how: 'only', from: selected('ab', 'b'), on: 'd', gives: selected('d', 'd') },
    { how: 'toggle', from: selected('ab', 'b'), on: 'd', gives: selected('abd', 'd') },
    { how: 'toggle', from: selected('ab', 'b'), on: 'a', gives: selected('b', 'a') },
    { how: 'range', from: selected('b', 'b'), on: 'd', gives: selected('bcd', 'd', 'b') },
    { how: 'range', from: selected('bcd', 'd', 'b'), on: 'a', gives: selected('ab', 'a', 'b') },
    { how: 'range', from: NOTHING_SELECTED, on: 'c', gives: selected('c', 'c') },
    { how: 'range', from: selected('x', 'x'), on: 'c', gives: selected('c', 'c', 'x') },
    { how: 'range-too', from: selected('ae', 'c'), on: 'd', gives: selected('acde', 'd', 'c') },
    { how: 'none', from: selected('a', 'a'), on: 'c', gives: selected('a', 'c', 'a') },
  ])('$how on $on', ({ how, from, on, gives }) => {
    expect(pick(from, ROWS, id(on), how)).toEqual(gives)
  })
})

describe('an arrow key', () => {
  test.each<{ name: string; from: Selection; by: number; how: Picking; gives: Selection }>([
    { name: 'down', from: selected('b', 'b'), by: 1, how: 'only', gives: selected('c', 'c') },
    { name: 'up', from: selected('b', 'b'), by: -1, how: 'only', gives: selected('a', 'a') },
    { name: 'down from nowhere', from: NOTHING_SELECTED, by: 1, how: 'only', gives: selected('a', 'a') },
    { name: 'up from nowhere', from: NOTHING_SELECTED, by: -1, how: 'only', gives: selected('e', 'e') },
    { name: 'past the end', from: selected('d', 'd'), by: 10, how: 'only', gives: selected('e', 'e') },
    {
      name: 'to the end',
      from: selected('b', 'b'),
      by: Infinity,
      how: 'range',
      gives: selected('bcde', 'e', 'b'),
    },
    { name: 'to the start', from: selected('b', 'b'), by: -Infinity, how: 'only', gives: selected('a', 'a') },
    {
      name: 'a range grows',
      from: selected('bc', 'c', 'b'),
      by: 1,
      how: 'range',
      gives: selected('bcd', 'd', 'b'),
    },
    {
      name: 'a range shrinks',
      from: selected('bc', 'c', 'b'),
      by: -1,
      how: 'range',
      gives: selected('b', 'b'),
    },
    { name: 'only the cursor', from: selected('b', 'b'), by: 1, how: 'none', gives: selected('b', 'c', 'b') },
  ])('$name', ({ from, by, how, gives }) => {
    expect(step(from, ROWS, by, how)).toEqual(gives)
  })

  test('in an empty list does nothing', () => {
    expect(step(NOTHING_SELECTED, [], 1, 'only')).toBe(NOTHING_SELECTED)
  })
})

test('all of 15,000 rows, and the cursor stays', () => {
  const rows = Array.from({ length: 15_000 }, (_, index) => id(`f${index}`))
  const { ids: all, cursor } = pickAll(selected('', 'f9'), rows)
  expect(all.size).toBe(15_000)
  expect(cursor).toBe('f9')
  expect(pickAll(NOTHING_SELECTED, rows).cursor).toBe('f0')
})

describe('rows that come and go', () => {
  test.each<{ name: string; from: Selection; after: string; gives: Selection }>([
    {
      name: 'what went is not selected',
      from: selected('bc', 'c', 'b'),
      after: 'acde',
      gives: { ...selected('c', 'c'), anchor: undefined },
    },
    {
      name: 'the cursor stays at its height',
      from: selected('c', 'c'),
      after: 'abde',
      gives: { ...selected('', 'd'), anchor: undefined },
    },
    {
      name: 'or at the end',
      from: selected('e', 'e'),
      after: 'abc',
      gives: { ...selected('', 'c'), anchor: undefined },
    },
    { name: 'or nowhere', from: selected('e', 'e'), after: '', gives: selected('') },
    {
      name: 'it goes with a row that moves',
      from: selected('b', 'b'),
      after: 'acdeb',
      gives: selected('b', 'b'),
    },
  ])('$name', ({ from, after, gives }) => {
    expect(follow(from, ROWS, ids(after))).toEqual(gives)
  })

  test('nothing changes when nothing of it went', () => {
    const from = selected('bc', 'c')
    expect(follow(from, ROWS, ids('zabcde'))).toBe(from)
    expect(follow(NOTHING_SELECTED, ROWS, [])).toBe(NOTHING_SELECTED)
  })
})
