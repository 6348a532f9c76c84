import { expect, test } from 'vitest'
import { elementsFor, type RowElements } from '../../../renderer/row-elements.ts'
import { id } from './samples.ts'

const nobody = (): boolean => false
const rows = (names: string) => Array.from(names, id)
const shown = (elements: RowElements) => [...elements].map(([name, element]) => `${name}${element}`).join(' ')

const three = elementsFor(rows('abc'), new Map(), nobody)

test('each row has an element of its own', () => {
  expect(shown(three)).toBe('a0 b1 c2')
})

test('a row that stays keeps its element, wherever it goes', () => {
  expect(shown(elementsFor(rows('cab'), three, nobody))).toBe('c2 a0 b1')
})

test('a row that comes gets the element of one that went, and a new one only when there is none', () => {
  const after = elementsFor(rows('bxyz'), three, nobody)
  expect(shown(after)).toBe('b1 x0 y2 z3')
  expect(shown(elementsFor(rows('xz'), after, nobody))).toBe('x0 z3')
})

test('an element that is in use when its row goes shows no other row, then or later', () => {
  const after = elementsFor(rows('xbc'), three, (name) => name === id('a'))
  expect(shown(after)).toBe('x3 b1 c2')
  expect(shown(elementsFor(rows('xyz'), after, nobody))).toBe('x3 y1 z2')
})
