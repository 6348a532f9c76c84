import { expect, test } from 'vitest'
import { launchOf, secondStart, wantsWindow } from '#main/desktop/launch'

const atOnce = (...paths: string[]) => ({ hidden: false, upload: { how: 'at-once', paths } })
const ask = (...paths: string[]) => ({ hidden: false, upload: { how: 'ask', paths } })

test.each([
  { name: 'nothing to upload', argv: ['/opt/123pan'], launch: { hidden: false } },
  { name: 'a login', argv: ['123pan', '--hidden'], launch: { hidden: true } },
  {
    name: 'a file by its whole path',
    argv: ['/opt/123pan', '--upload', '/home/li/a.txt'],
    launch: atOnce('/home/li/a.txt'),
  },
  {
    name: 'files from where it was started',
    argv: ['123pan', '--upload', 'a.txt', '../b'],
    launch: atOnce('/home/li/a.txt', '/home/b'),
  },
  {
    name: "Chromium's own switches among them",
    argv: ['123pan', '--no-sandbox', '--upload', '/a b', '--allow-file-access-from-files', '/照片'],
    launch: atOnce('/a b', '/照片'),
  },
  {
    name: 'names that look like switches, after a separator',
    argv: ['123pan', '--upload', '/a', '--', '--hidden', '--upload-to', '-x'],
    launch: atOnce('/a', '/home/li/--hidden', '/home/li/--upload-to', '/home/li/-x'),
  },
  {
    name: 'odd names',
    argv: ['123pan', '--upload-to', '/a\nb', '/100%.txt', '/it\'s "this"', '/--x'],
    launch: ask('/a\nb', '/100%.txt', '/it\'s "this"', '/--x'),
  },
  {
    name: 'a destination to be chosen',
    argv: ['123pan', '--upload-to', '/a', 'b'],
    launch: ask('/a', '/home/li/b'),
  },
  {
    name: 'an upload that shows no window',
    argv: ['123pan', '--hidden', '--upload', '/a'],
    launch: { hidden: true, upload: { how: 'at-once', paths: ['/a'] } },
  },
  { name: 'the word and no path', argv: ['123pan', '--upload', ''], launch: { hidden: false } },
])('a start with $name', ({ argv, launch }) => {
  expect(launchOf(argv, '/home/li')).toEqual(launch)
})

test.each([
  { argv: [], raise: true },
  { argv: ['--hidden'], raise: false },
  { argv: ['--upload', '/a'], raise: false },
  { argv: ['--upload-to', '/a'], raise: false },
])('a second start with $argv wants the window: $raise', ({ argv, raise }) => {
  expect(wantsWindow(secondStart(launchOf(argv, '/')))).toBe(raise)
})

test('a second start of a version that says nothing of it wants the window', () => {
  expect([undefined, null, {}, { raise: 'no' }].map(wantsWindow)).toEqual([true, true, true, true])
})
