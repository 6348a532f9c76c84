import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCloud, type Cloud } from '#main/cloud/client'
import { Limiter } from '#main/cloud/limiter'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { directly } from '#test/builders'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal

let emulator: Emulator
let cloud: Cloud
beforeEach(async () => {
  emulator = await startEmulator({ quirks: { folderGapMs: 0 } })
  const limiter = new Limiter({ off: true })
  cloud = createCloud({ apiUrl: emulator.url, limiter, routes: directly, stallMs: 5000 })
})
afterEach(async () => {
  expect(emulator.violations()).toEqual([])
  await emulator.close()
})

const paths = (): readonly string[] => emulator.tree().map(({ path }) => path)
const idOf = (path: string): number => emulator.tree().find((entry) => entry.path === path)?.fileID ?? -1
const calls = (endpoint: string): number =>
  emulator.requests().filter((request) => request.endpoint === endpoint).length

async function seedMany(folder: string, count: number): Promise<readonly number[]> {
  const content = Buffer.from('x')
  for (let n = 0; n < count; n++) await emulator.seed(`${folder}/${n}.txt`, content)
  return emulator
    .tree()
    .filter(({ kind }) => kind === 'file')
    .map(({ fileID }) => fileID)
}

describe('mkdir', () => {
  test('gives the id of a folder that can be used at once', async () => {
    const id = await cloud.mkdir(emulator.token, 0, '照片', forever)
    await cloud.mkdir(emulator.token, id, '秋', forever)
    expect(paths()).toEqual(['/照片', '/照片/秋'])
  })

  test('of a name that is taken fails as such', async () => {
    await emulator.seedFolder('/a')
    expect((await failureOf(cloud.mkdir(emulator.token, 0, 'a', forever))).code).toBe('name-taken')
  })

  test('in a folder that is gone fails as such', async () => {
    await emulator.seedFolder('/a')
    const id = idOf('/a')
    emulator.remove('/a')
    expect((await failureOf(cloud.mkdir(emulator.token, id, 'b', forever))).code).toBe('parent-missing')
  })

  test('finds the id where the platform does not say it', async () => {
    emulator.quirks.mkdirWithoutId = true
    await emulator.seed('/b', Buffer.from('a file'))
    expect(await cloud.mkdir(emulator.token, 0, 'a', forever)).toBe(idOf('/a'))
  })
})

describe('move and rename', () => {
  test('a folder goes with what is in it', async () => {
    await emulator.seed('/a/b/c.txt', Buffer.from('c'))
    await emulator.seedFolder('/d')
    await cloud.move(emulator.token, [idOf('/a/b')], idOf('/d'), forever)
    await cloud.rename(emulator.token, idOf('/d/b'), 'e', forever)
    expect(paths()).toEqual(['/a', '/d', '/d/e', '/d/e/c.txt'])
  })

  test.each([
    { what: 'to a name that is taken', act: () => cloud.rename(emulator.token, idOf('/a'), 'b', forever) },
    { what: 'to where its name is taken', act: () => cloud.move(emulator.token, [idOf('/b/a')], 0, forever) },
  ])('$what is refused, and nothing is changed', async ({ act }) => {
    await emulator.seedFolder('/a')
    await emulator.seedFolder('/b/a')
    expect((await failureOf(act())).code).toBe('name-taken')
    expect(paths()).toEqual(['/a', '/b', '/b/a'])
  })

  test('a folder does not go into itself', async () => {
    await emulator.seedFolder('/a/b')
    expect((await failureOf(cloud.move(emulator.token, [idOf('/a')], idOf('/a/b'), forever))).code).toBe(
      'refused',
    )
    expect(paths()).toEqual(['/a', '/a/b'])
  })

  test('of what is gone says so', async () => {
    expect((await failureOf(cloud.rename(emulator.token, 4711, 'a', forever))).code).toBe('not-found')
  })

  test('a hundred at once, and no more', async () => {
    const ids = await seedMany('/a', 230)
    await emulator.seedFolder('/b')
    await cloud.move(emulator.token, ids, idOf('/b'), forever)
    expect(calls('move')).toBe(3)
    expect(paths().filter((path) => path.startsWith('/b/'))).toHaveLength(230)
  })
})

describe('the bin', () => {
  test('takes a folder with all that is in it, and gives it back', async () => {
    await emulator.seed('/a/b/c.txt', Buffer.from('c'))
    const id = idOf('/a')
    await cloud.trash(emulator.token, [id], forever)
    expect(paths()).toEqual([])
    expect(emulator.files().every(({ trashed }) => trashed)).toBe(true)
    expect(await cloud.recover(emulator.token, [id], forever)).toEqual([])
    expect(paths()).toEqual(['/a', '/a/b', '/a/b/c.txt'])
  })

  test('minds nothing that is in it already, or nowhere', async () => {
    await emulator.seedFolder('/a')
    const id = idOf('/a')
    await cloud.trash(emulator.token, [id, 4711], forever)
    await cloud.trash(emulator.token, [id], forever)
    expect(paths()).toEqual([])
  })

  test('says what can’t go back because its folder is gone', async () => {
    await emulator.seed('/a/b.txt', Buffer.from('b'))
    const file = idOf('/a/b.txt')
    await cloud.trash(emulator.token, [file], forever)
    emulator.remove('/a')
    expect(await cloud.recover(emulator.token, [file], forever)).toEqual([file])
  })

  test('takes a hundred at once, and no more', async () => {
    const ids = await seedMany('/a', 101)
    await cloud.trash(emulator.token, ids, forever)
    expect(calls('trash')).toBe(2)
    expect(paths()).toEqual(['/a'])
  })

  test('holds no room', async () => {
    await emulator.seed('/a/b.txt', Buffer.alloc(1000))
    await cloud.trash(emulator.token, [idOf('/a')], forever)
    expect((await cloud.account(emulator.token, forever)).usedBytes).toBe(0)
    await cloud.recover(emulator.token, [emulator.files()[0]?.fileID ?? 0], forever)
  })
})

describe('detail', () => {
  test('of a file, of one in the bin, and of none', async () => {
    const { fileID, md5 } = await emulator.seed('/a/b.txt', Buffer.from('b'))
    const parentFileID = idOf('/a')
    const found = { fileID, name: 'b.txt', kind: 'file', size: 1, md5, parentFileID }
    expect(await cloud.detail(emulator.token, fileID, forever)).toEqual({ ...found, trashed: false })
    emulator.remove('/a')
    expect(await cloud.detail(emulator.token, fileID, forever)).toEqual({ ...found, trashed: true })
    expect(await cloud.detail(emulator.token, 4711, forever)).toBeUndefined()
  })
})

describe('a listing', () => {
  test('in which an entry moved from one page to the next is none', async () => {
    await seedMany('/a', 150)
    emulator.quirks.listingDrifts = true
    expect((await failureOf(cloud.list(emulator.token, idOf('/a'), forever))).code).toBe('malformed-answer')
    emulator.quirks.listingDrifts = false
    expect(await cloud.list(emulator.token, idOf('/a'), forever)).toHaveLength(150)
  })

  test('of a folder in the bin, or in a folder in the bin, is none', async () => {
    await emulator.seedFolder('/a/b')
    const [outer, inner] = [idOf('/a'), idOf('/a/b')]
    emulator.remove('/a')
    for (const id of [outer, inner])
      expect((await failureOf(cloud.list(emulator.token, id, forever))).code).toBe('parent-missing')
  })
})
