import { expect, test } from 'vitest'
import { shortcut, shortcutOf } from '../../../renderer/shortcuts.ts'
import { splitPath } from '../../../renderer/transfer-list.ts'

const pressed = (
  key: string,
  more: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: true,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})

test.each([
  ['1', {}, { kind: 'page', page: 'transfers' }],
  ['5', {}, { kind: 'page', page: 'settings' }],
  [',', {}, { kind: 'page', page: 'settings' }],
  ['f', {}, { kind: 'search' }],
  ['o', {}, { kind: 'upload-files' }],
  ['O', { shiftKey: true }, { kind: 'upload-folder' }],
  ['2', { ctrlKey: false, metaKey: true }, { kind: 'page', page: 'sync' }],
  ['2', { ctrlKey: false }, undefined],
  ['2', { metaKey: true }, undefined],
  ['2', { altKey: true }, undefined],
  ['F', { shiftKey: true }, undefined],
  ['6', {}, undefined],
  ['0', {}, undefined],
  ['c', {}, undefined],
])('%s with %j', (key, more, expected) => {
  expect(shortcut(pressed(key, more))).toEqual(expected)
})

test('is written as the system writes it', () => {
  expect(shortcutOf('issues', false)).toEqual({ aria: 'Control+3', text: 'Ctrl+3' })
  expect(shortcutOf('issues', true)).toEqual({ aria: 'Meta+3', text: '⌘3' })
})

test.each([
  ['/照片/秋/a.raw', '/照片/秋', 'a.raw'],
  ['/a.raw', '/', 'a.raw'],
  ['/home/li/a\\b.txt', '/home/li', 'a\\b.txt'],
  ['C:\\Users\\李\\a.raw', 'C:\\Users\\李', 'a.raw'],
])('%s is %s and %s', (path, folder, name) => {
  expect(splitPath(path)).toEqual({ folder, name })
})
