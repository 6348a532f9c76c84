import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { leavePaths, takePaths, uploadPaths } from '#main/desktop/launch'

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

describe('paths that a second start leaves', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'pan123-launch-'))
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  test('are taken whole, whatever their names, and only once', async () => {
    const odd = ['/照片/假期视频 - 副本.mp4', '/a\nb', '/emoji 🎬', '/x '.repeat(5)]
    await leavePaths(dataDir, odd)
    expect(await takePaths(dataDir)).toEqual(odd)
    expect(await takePaths(dataDir)).toEqual([])
  })

  test('by several starts at once all arrive', async () => {
    const starts = Array.from({ length: 20 }, (_, index) => [`/${index}/a`, `/${index}/b`])
    await Promise.all(starts.map((paths) => leavePaths(dataDir, paths)))
    expect([...(await takePaths(dataDir))].sort()).toEqual(starts.flat().sort())
  })

  test('ten thousand of them', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `/文件夹/${index}.bin`)
    await leavePaths(dataDir, many)
    expect(await takePaths(dataDir)).toEqual(many)
  })

  test('half written, or not ours, are not taken for paths', async () => {
    await mkdir(join(dataDir, 'handover'))
    await writeFile(join(dataDir, 'handover/x.part'), '["/half')
    await writeFile(join(dataDir, 'handover/y.json'), '{"upload": "/etc/passwd"}')
    expect(await takePaths(dataDir)).toEqual([])
  })

  test('are for their owner’s eyes only', async () => {
    await leavePaths(dataDir, ['/a'])
    expect((await stat(join(dataDir, 'handover'))).mode & 0o077).toBe(0)
  })

  test('nothing to leave leaves nothing', async () => {
    await leavePaths(join(dataDir, 'absent'), [])
    expect(await takePaths(join(dataDir, 'absent'))).toEqual([])
  })
})
