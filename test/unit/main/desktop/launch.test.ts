import { expect, test } from 'vitest'
import { uploadPaths } from '#main/desktop/launch'

test.each([
  { name: 'nothing to upload', argv: ['/opt/123pan'], paths: [] },
  {
    name: 'a file by its whole path',
    argv: ['/opt/123pan', '--upload', '/home/li/a.txt'],
    paths: ['/home/li/a.txt'],
  },
  {
    name: 'files from where it was started',
    argv: ['123pan', '--upload', 'a.txt', '../b'],
    paths: ['/home/li/a.txt', '/home/b'],
  },
  {
    name: "Chromium's own switches among them",
    argv: ['123pan', '--no-sandbox', '--upload', '/a b', '--allow-file-access-from-files', '/照片'],
    paths: ['/a b', '/照片'],
  },
  { name: 'the word and no path', argv: ['123pan', '--upload'], paths: [] },
])('a start with $name', ({ argv, paths }) => {
  expect(uploadPaths(argv, '/home/li')).toEqual(paths)
})
