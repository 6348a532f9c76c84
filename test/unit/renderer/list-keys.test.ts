import { expect, test } from 'vitest'
import { listKey, type ListKey } from '../../../renderer/list-keys.ts'

const NONE = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
const ctrl = { ctrlKey: true }
const meta = { metaKey: true }
const shift = { shiftKey: true }

test.each<[string, Partial<typeof NONE>, ListKey | undefined]>([
  ['ArrowDown', {}, { kind: 'step', by: 1, how: 'only' }],
  ['ArrowUp', shift, { kind: 'step', by: -1, how: 'range' }],
  ['ArrowUp', ctrl, { kind: 'step', by: -1, how: 'none' }],
  ['PageDown', {}, { kind: 'step', by: 7, how: 'only' }],
  ['PageUp', {}, { kind: 'step', by: -7, how: 'only' }],
  ['Home', {}, { kind: 'step', by: -Infinity, how: 'only' }],
  ['End', shift, { kind: 'step', by: Infinity, how: 'range' }],
  ['a', ctrl, { kind: 'all' }],
  ['A', meta, { kind: 'all' }],
  ['a', {}, undefined],
  [' ', {}, { kind: 'details' }],
  ['Enter', {}, { kind: 'details' }],
  [' ', ctrl, { kind: 'pick', how: 'toggle' }],
  [' ', shift, { kind: 'pick', how: 'range' }],
  ['Escape', {}, { kind: 'none' }],
  ['Delete', {}, { kind: 'remove' }],
  ['Backspace', {}, undefined],
  ['Delete', ctrl, undefined],
  ['p', {}, { kind: 'hold' }],
  ['P', shift, { kind: 'hold' }],
  ['p', ctrl, undefined],
  ['ArrowDown', { altKey: true }, undefined],
  ['Tab', {}, undefined],
])('%s %o', (key, modifiers, asks) => {
  expect(listKey({ key, ...NONE, ...modifiers }, 7)).toEqual(asks)
})

test('a page is a row at least', () => {
  expect(listKey({ key: 'PageDown', ...NONE }, 0)).toEqual({ kind: 'step', by: 1, how: 'only' })
})
