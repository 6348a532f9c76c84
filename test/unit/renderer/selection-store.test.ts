import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { useSelection } from '../../../renderer/stores/selection.ts'
import { id } from './samples.ts'

const ROWS = ['a', 'b', 'c', 'd'].map(id)

beforeEach(() => {
  setActivePinia(createPinia())
})

test('what is selected comes in the order of the rows, and goes with them', () => {
  const selection = useSelection()
  selection.show(ROWS)
  selection.pick(id('c'), 'only')
  selection.pick(id('a'), 'toggle')
  expect(selection.ids).toEqual(['a', 'c'])
  selection.show(['d', 'c', 'b'].map(id))
  expect(selection.ids).toEqual(['c'])
})

test('nothing is gathered anew while only the cursor goes', () => {
  const selection = useSelection()
  selection.show(ROWS)
  selection.pickAll()
  const before = selection.ids
  selection.step(1, 'none')
  expect(selection.cursor).toBe('b')
  expect(selection.ids).toBe(before)
})
