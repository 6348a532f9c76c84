import { expect, test } from 'vitest'
import { PositionedSet } from '../../../renderer/positioned-set.ts'
import { id } from './samples.ts'

function filled(count: number): PositionedSet {
  const set = new PositionedSet()
  for (let position = count - 1; position >= 0; position--) set.put(id(`f${position}`), position)
  return set
}

test('ids come in ascending order of their positions, and stay as they came where those are the same', () => {
  const set = new PositionedSet()
  for (const [name, position] of [
    ['b', 2],
    ['x', 1],
    ['y', 1],
    ['a', -3],
  ] as const)
    set.put(id(name), position)
  expect(set.ids()).toEqual(['a', 'x', 'y', 'b'])
})

test('nothing is put in order again until something came, went or moved', () => {
  const set = filled(15_000)
  const before = set.ids()
  expect(set.put(id('f7'), 7)).toBe(false)
  set.delete(id('never was'))
  expect(set.ids()).toBe(before)
  expect(set.put(id('f7'), 20_000)).toBe(true)
  expect(set.ids()).not.toBe(before)
  expect(set.ids().at(-1)).toBe('f7')
})

test('what leaves leaves the rest as it was, also when more come before anybody asks', () => {
  const set = filled(4)
  expect(set.ids()).toEqual(['f0', 'f1', 'f2', 'f3'])
  set.delete(id('f1'))
  expect(set.ids()).toEqual(['f0', 'f2', 'f3'])
  set.delete(id('f0'))
  set.put(id('f9'), 2.5)
  set.delete(id('f3'))
  expect(set.ids()).toEqual(['f2', 'f9'])
})
