import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { type Answered, begin, completeCall, getCall, jsonCall, pause, send, sendSlices } from './client.ts'

let emulator: Emulator
const bytes = Buffer.from('0123456789')

beforeEach(async () => {
  emulator = await startEmulator({ quirks: { folderGapMs: 0 } })
})
afterEach(() => emulator.close())

const mkdir = (body: unknown) => send(jsonCall(emulator, '/upload/v1/file/mkdir', body))
const move = (body: unknown) => send(jsonCall(emulator, '/api/v1/file/move', body))
const rename = (body: unknown) => send(jsonCall(emulator, '/api/v1/file/name', body, 'PUT'))
const trash = (body: unknown) => send(jsonCall(emulator, '/api/v1/file/trash', body))
const recover = (body: unknown) => send(jsonCall(emulator, '/api/v1/file/recover', body))
const detail = (query: string) => send(getCall(emulator, `/api/v1/file/detail?${query}`))
const list = (id: number, limit = 100) =>
  send(getCall(emulator, `/api/v2/file/list?parentFileId=${id}&limit=${limit}`))

const paths = (): readonly string[] => emulator.tree().map(({ path }) => path)
const usedBytes = async () => (await send(getCall(emulator, '/api/v1/user/info'))).data['spaceUsed']
const saying = (part: string): unknown => expect.stringContaining(part)

function idOf(path: string): number {
  const found = emulator.tree().find((entry) => entry.path === path)
  if (!found) throw new Error(`Not there: ${path}`)
  return found.fileID
}

const GONE = { status: 200, code: 5066, message: '文件不存在' }
const TAKEN = { status: 200, code: 1, message: saying('同名') }
const NO_PARENT = { status: 200, code: 1, message: 'parentFileID不存在' }

describe('mkdir', () => {
  it('gives the id of the new folder', async () => {
    const { code, data } = await mkdir({ name: '照片', parentID: 0 })
    expect({ code, data }).toEqual({ code: 0, data: { dirID: idOf('/照片') } })
  })

  it.each([
    {
      title: 'a folder',
      seed: () => emulator.seedFolder('/a'),
      message: '该目录下已经有同名文件夹,无法进行创建',
    },
    { title: 'a file', seed: () => emulator.seed('/a', bytes), message: saying('同名文件') },
  ])('refuses a name that $title has, and that is no breach', async ({ seed, message }) => {
    await seed()
    expect(await mkdir({ name: 'a', parentID: 0 })).toMatchObject({ status: 200, code: 1, message })
    expect(paths()).toEqual(['/a'])
    expect(emulator.violations()).toEqual([])
  })

  it('takes the name of one that is in the bin', async () => {
    await emulator.seedFolder('/a')
    emulator.remove('/a')
    expect(await mkdir({ name: 'a', parentID: 0 })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/a'])
  })

  it('refuses a parent that is nowhere, a file, or in the bin with its own', async () => {
    const { fileID } = await emulator.seed('/file', bytes)
    await emulator.seedFolder('/a/b')
    const inner = idOf('/a/b')
    emulator.remove('/a')
    for (const parentID of [4711, fileID, inner])
      expect(await mkdir({ name: 'c', parentID })).toMatchObject(NO_PARENT)
  })

  it('mkdirWithoutId', async () => {
    emulator.quirks.mkdirWithoutId = true
    expect((await mkdir({ name: 'a', parentID: 0 })).data).toEqual({})
    expect(paths()).toEqual(['/a'])
  })

  it('makes nothing in a folder that went into the bin meanwhile', async () => {
    emulator.quirks.folderGapMs = 200
    await emulator.seedFolder('/a')
    const made = mkdir({ name: 'b', parentID: idOf('/a') })
    await pause(50)
    emulator.remove('/a')
    expect(await made).toMatchObject(NO_PARENT)
  })

  it('makes it twice for two who ask at once', async () => {
    emulator.quirks.folderGapMs = 100
    await Promise.all([mkdir({ name: 'a', parentID: 0 }), mkdir({ name: 'a', parentID: 0 })])
    expect(paths()).toEqual(['/a', '/a'])
  })
})

describe('move', () => {
  it('takes files and folders, with what is below', async () => {
    await emulator.seed('/a/b/c.txt', bytes)
    await emulator.seed('/d.txt', bytes)
    await emulator.seedFolder('/to')
    const fileIDs = [idOf('/a/b'), idOf('/d.txt')]
    expect(await move({ fileIDs, toParentFileID: idOf('/to') })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/a', '/to', '/to/b', '/to/b/c.txt', '/to/d.txt'])
    expect((await list(idOf('/a'))).data).toMatchObject({ fileList: [] })
    expect(await usedBytes()).toBe(20)
  })

  it('to where it is changes nothing', async () => {
    await emulator.seed('/a.txt', bytes)
    expect(await move({ fileIDs: [idOf('/a.txt')], toParentFileID: 0 })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/a.txt'])
  })

  it.each([
    { title: 'a name that is taken there', ids: () => [idOf('/x'), idOf('/a/n')], to: () => 0, is: TAKEN },
    {
      title: 'two of one name at once',
      ids: () => [idOf('/a/m'), idOf('/b/m')],
      to: () => 0,
      is: TAKEN,
    },
    { title: 'a folder into itself', ids: () => [idOf('/a')], to: () => idOf('/a'), is: { code: 1 } },
    { title: 'a folder below itself', ids: () => [idOf('/a')], to: () => idOf('/a/deep'), is: { code: 1 } },
    { title: 'what is not there', ids: () => [idOf('/x'), 4711], to: () => idOf('/b'), is: GONE },
    { title: 'to where nothing is', ids: () => [idOf('/x')], to: () => 4711, is: NO_PARENT },
    { title: 'into a file', ids: () => [idOf('/x')], to: () => idOf('/n'), is: NO_PARENT },
  ])('refuses $title, and moves nothing', async ({ ids, to, is }) => {
    for (const path of ['/n', '/x', '/a/n', '/a/m', '/b/m']) await emulator.seed(path, bytes)
    await emulator.seedFolder('/a/deep')
    const before = paths()
    expect(await move({ fileIDs: ids(), toParentFileID: to() })).toMatchObject({ status: 200, ...is })
    expect(paths()).toEqual(before)
    expect(emulator.violations()).toEqual([])
  })

  it('takes an id that is named twice as one', async () => {
    await emulator.seed('/a.txt', bytes)
    await emulator.seedFolder('/to')
    const id = idOf('/a.txt')
    expect(await move({ fileIDs: [id, id], toParentFileID: idOf('/to') })).toMatchObject({ code: 0 })
    expect((await list(idOf('/to'))).data['fileList']).toHaveLength(1)
    expect(await usedBytes()).toBe(10)
  })

  it('refuses what is in the bin, be it with its folder', async () => {
    const { fileID } = await emulator.seed('/a/b.txt', bytes)
    emulator.remove('/a')
    expect(await move({ fileIDs: [fileID], toParentFileID: 0 })).toMatchObject(GONE)
  })
})

describe('name', () => {
  it('renames a file or a folder, with what is below', async () => {
    await emulator.seed('/a/b.txt', bytes)
    expect(await rename({ fileId: idOf('/a'), fileName: 'A' })).toMatchObject({ code: 0 })
    expect(await rename({ fileId: idOf('/A/b.txt'), fileName: 'c.txt' })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/A', '/A/c.txt'])
  })

  it('refuses a name that is taken, and takes its own', async () => {
    await emulator.seed('/a', bytes)
    await emulator.seedFolder('/b')
    expect(await rename({ fileId: idOf('/a'), fileName: 'b' })).toMatchObject(TAKEN)
    expect(await rename({ fileId: idOf('/b'), fileName: 'a' })).toMatchObject(TAKEN)
    expect(await rename({ fileId: idOf('/a'), fileName: 'a' })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/a', '/b'])
  })

  it('refuses what is not there, or in the bin', async () => {
    const { fileID } = await emulator.seed('/a', bytes)
    emulator.remove('/a')
    for (const fileId of [fileID, 4711]) expect(await rename({ fileId, fileName: 'b' })).toMatchObject(GONE)
  })
})

describe('trash', () => {
  it('takes a folder with all below: nothing in it counts, or can be listed', async () => {
    await emulator.seed('/a/b/c.txt', bytes)
    await emulator.seed('/d.txt', bytes)
    const [outer, inner] = [idOf('/a'), idOf('/a/b')]
    expect(await trash({ fileIDs: [outer] })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/d.txt'])
    expect(emulator.folders()).toEqual([])
    expect(emulator.files().map(({ path, trashed }) => [path, trashed])).toEqual([
      ['/a/b/c.txt', true],
      ['/d.txt', false],
    ])
    expect(await usedBytes()).toBe(10)
    for (const id of [outer, inner]) expect(await list(id)).toMatchObject(NO_PARENT)
  })

  it('shows in a search what is in the bin with its folder as trashed', async () => {
    await emulator.seed('/a/b.txt', bytes)
    emulator.remove('/a')
    const query = 'parentFileId=0&limit=100&searchData=b.txt'
    const { data } = await send(getCall(emulator, `/api/v2/file/list?${query}`))
    expect(data).toMatchObject({ fileList: [{ filename: 'b.txt', trashed: 1 }] })
  })

  it.each([
    { title: 'twice', ids: () => [idOf('/a'), idOf('/a')] },
    { title: 'after its folder', ids: () => [idOf('/a'), idOf('/a/b'), idOf('/a/b/c.txt')] },
    { title: 'before its folder', ids: () => [idOf('/a/b/c.txt'), idOf('/a/b'), idOf('/a')] },
    { title: 'beside what is nowhere', ids: () => [4711, idOf('/a')] },
  ])('counts nothing doubly: $title', async ({ ids }) => {
    await emulator.seed('/a/b/c.txt', bytes)
    await emulator.seed('/d.txt', bytes)
    const fileIDs = ids()
    for (let n = 0; n < 2; n += 1) expect(await trash({ fileIDs })).toMatchObject({ code: 0 })
    expect(paths()).toEqual(['/d.txt'])
    expect(await usedBytes()).toBe(10)
  })

  it('of a folder ends the uploads into it', async () => {
    emulator.quirks.completion = { kind: 'completed-false', times: 0 }
    await emulator.seedFolder('/a')
    const id = await begin(emulator, bytes, { parentFileID: idOf('/a') })
    await sendSlices(emulator, id, bytes)
    emulator.remove('/a')
    expect(await send(completeCall(emulator, id))).toMatchObject(NO_PARENT)
    expect(emulator.files()).toEqual([])
  })
})

describe('recover', () => {
  it('brings back what was trashed, and not what had been before it', async () => {
    await emulator.seed('/a/b.txt', bytes)
    await emulator.seed('/a/c.txt', bytes)
    const id = idOf('/a')
    emulator.remove('/a/b.txt')
    emulator.remove('/a')
    expect((await recover({ fileIDs: [id] })).data).toEqual({ abnormalFileIDs: [] })
    expect(paths()).toEqual(['/a', '/a/c.txt'])
    expect(await usedBytes()).toBe(10)
  })

  it('names those it cannot bring back: their folder is in the bin, or they are nowhere', async () => {
    await emulator.seed('/a/own.txt', bytes)
    await emulator.seed('/a/with.txt', bytes)
    await emulator.seed('/e.txt', bytes)
    const [own, along, fine] = [idOf('/a/own.txt'), idOf('/a/with.txt'), idOf('/e.txt')]
    for (const path of ['/a/own.txt', '/a', '/e.txt']) emulator.remove(path)
    const { data } = await recover({ fileIDs: [own, along, 4711, fine] })
    expect(data).toEqual({ abnormalFileIDs: [own, along, 4711] })
    expect(paths()).toEqual(['/e.txt'])
    expect(await usedBytes()).toBe(10)
  })

  it('minds nothing that is not in the bin', async () => {
    await emulator.seed('/a.txt', bytes)
    expect((await recover({ fileIDs: [idOf('/a.txt')] })).data).toEqual({ abnormalFileIDs: [] })
    expect(await usedBytes()).toBe(10)
  })
})

describe('detail', () => {
  it('describes a file and a folder', async () => {
    const { fileID, md5 } = await emulator.seed('/a/b.txt', bytes)
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u) as unknown
    const shared = { status: 0, createAt: time, trashed: 0 }
    expect((await detail(`fileID=${fileID}`)).data).toEqual({
      ...shared,
      fileID,
      filename: 'b.txt',
      type: 0,
      size: 10,
      etag: md5,
      parentFileID: idOf('/a'),
    })
    expect((await detail(`fileID=${idOf('/a')}`)).data).toMatchObject({ ...shared, type: 1, parentFileID: 0 })
  })

  it('says of what is in the bin, be it with its folder, that it is there', async () => {
    const { fileID } = await emulator.seed('/a/b.txt', bytes)
    emulator.remove('/a')
    expect((await detail(`fileID=${fileID}`)).data).toMatchObject({ filename: 'b.txt', trashed: 1 })
  })

  it('refuses what is nowhere', async () => {
    expect(await detail('fileID=4711')).toMatchObject(GONE)
  })
})

describe('a request that breaks the rules', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  const breaks: readonly { readonly title: string; readonly call: () => Promise<Answered> }[] = [
    ...['', '   ', 'a/b', 'a\\b', 'a:b', 'a*', 'a?', '"a"', 'a|b', '<a>', 'x'.repeat(256)].flatMap((name) => [
      { title: `mkdir of ${JSON.stringify(name).slice(0, 12)}`, call: () => mkdir({ name, parentID: 0 }) },
      {
        title: `rename to ${JSON.stringify(name).slice(0, 12)}`,
        call: () => rename({ fileId: idOf('/there'), fileName: name }),
      },
    ]),
    { title: 'mkdir without a parent', call: () => mkdir({ name: 'a' }) },
    { title: 'mkdir with an id as text', call: () => mkdir({ name: 'a', parentID: '0' }) },
    { title: 'mkdir with a field too many', call: () => mkdir({ name: 'a', parentID: 0, x: 1 }) },
    { title: 'move of none', call: () => move({ fileIDs: [], toParentFileID: 0 }) },
    { title: 'move of 101', call: () => move({ fileIDs: ids(101), toParentFileID: 0 }) },
    { title: 'move of one id alone', call: () => move({ fileIDs: 1, toParentFileID: 0 }) },
    { title: 'move to nowhere', call: () => move({ fileIDs: [1] }) },
    {
      title: 'rename in the spelling of others',
      call: () => rename({ fileID: idOf('/there'), filename: 'a' }),
    },
    { title: 'trash of none', call: () => trash({ fileIDs: [] }) },
    { title: 'trash of 101', call: () => trash({ fileIDs: ids(101) }) },
    { title: 'trash of text', call: () => trash({ fileIDs: ['1'] }) },
    { title: 'recover of 101', call: () => recover({ fileIDs: ids(101) }) },
    { title: 'recover of half an id', call: () => recover({ fileIDs: [1.5] }) },
    { title: 'detail of nothing', call: () => detail('') },
    { title: 'detail with a small d', call: () => detail(`fileId=${idOf('/there')}`) },
    { title: 'detail of text', call: () => detail('fileID=x') },
  ]

  it.each(breaks)('$title', async ({ call }) => {
    await emulator.seed('/there', bytes)
    expect(await call()).toMatchObject({ status: 200, code: 1 })
    expect(emulator.violations()).toHaveLength(1)
    expect(paths()).toEqual(['/there'])
  })

  it.each([
    { title: 'rename by POST', method: 'POST', path: '/api/v1/file/name' },
    { title: 'trash by PUT', method: 'PUT', path: '/api/v1/file/trash' },
  ] as const)('$title is not found', async ({ method, path }) => {
    expect(await send(jsonCall(emulator, path, {}, method))).toMatchObject({ status: 404 })
  })
})

describe('what goes wrong', () => {
  it('strikes these calls too: before, applying nothing; or with the answer lost, having applied', async () => {
    await emulator.seed('/a.txt', bytes)
    const fileIDs = [idOf('/a.txt')]
    emulator.fault({ on: 'trash', kind: 'before', status: 502 })
    expect(await trash({ fileIDs })).toMatchObject({ status: 502 })
    expect(paths()).toEqual(['/a.txt'])
    emulator.fault({ on: 'trash', kind: 'lost-answer' })
    await expect(trash({ fileIDs })).rejects.toThrow()
    expect(paths()).toEqual([])
    emulator.fault({ on: 'mkdir', kind: 'cut', afterBytes: 5 })
    await expect(mkdir({ name: 'a', parentID: 0 })).rejects.toThrow()
    expect(paths()).toEqual([])
  })

  it('limits each of them by itself', async () => {
    emulator.quirks.rateLimits = {
      perSecond: { mkdir: 1, move: 1, rename: 1, trash: 1, recover: 1, detail: 1 },
      answer: { kind: 'http-429' },
    }
    const calls = [
      () => mkdir({ name: 'a', parentID: 0 }),
      () => move({ fileIDs: [1], toParentFileID: 0 }),
      () => rename({ fileId: 1, fileName: 'a' }),
      () => trash({ fileIDs: [1] }),
      () => recover({ fileIDs: [1] }),
      () => detail('fileID=1'),
    ]
    for (const call of calls) {
      // One more than two clock seconds let pass.
      const statuses = (await Promise.all([call(), call(), call()])).map(({ status }) => status)
      expect(statuses).toContain(200)
      expect(statuses).toContain(429)
    }
  })
})

describe('listingDrifts', () => {
  it('shows the last entry of a page on the next again, and no page longer than asked for', async () => {
    for (let n = 0; n < 8; n += 1) await emulator.seed(`/${n}`, bytes)
    emulator.quirks.listingDrifts = true
    const names: string[][] = []
    for (let last = 0; last !== -1;) {
      const { data } = await send(
        getCall(emulator, `/api/v2/file/list?parentFileId=0&limit=3&lastFileId=${last}`),
      )
      names.push((data['fileList'] as readonly { filename: string }[]).map(({ filename }) => filename)) // test data
      last = Number(data['lastFileId'])
    }
    expect(names).toEqual([
      ['0', '1', '2'],
      ['2', '3', '4'],
      ['4', '5', '6'],
      ['6', '7'],
    ])
  })
})

describe('another client', () => {
  it('is seen in the tree, sorted, with what the bin holds left out', async () => {
    await emulator.seedFolder('/b/empty')
    const { fileID, md5 } = await emulator.seed('/a/x.txt', bytes)
    await emulator.seed('/a/old.txt', bytes)
    emulator.remove('/a/old.txt')
    expect(emulator.tree()).toEqual([
      { path: '/a', kind: 'folder', size: 0, md5: '', fileID: idOf('/a') },
      { path: '/a/x.txt', kind: 'file', size: 10, md5, fileID },
      { path: '/b', kind: 'folder', size: 0, md5: '', fileID: idOf('/b') },
      { path: '/b/empty', kind: 'folder', size: 0, md5: '', fileID: idOf('/b/empty') },
    ])
    expect(emulator.requests()).toEqual([])
  })

  it('moves and renames at once, also where one of the two alone would meet a name that is taken', async () => {
    const { fileID } = await emulator.seed('/a/x', bytes)
    await emulator.seed('/a/y', bytes)
    await emulator.seed('/b/x', bytes)
    emulator.moveTo('/a/x', '/b/y')
    expect(paths()).toEqual(['/a', '/a/y', '/b', '/b/x', '/b/y'])
    expect(idOf('/b/y')).toBe(fileID)
    emulator.moveTo('/b/y', '/top')
    expect(idOf('/top')).toBe(fileID)
  })

  it('cannot do what the platform refuses', async () => {
    await emulator.seed('/a', bytes)
    await emulator.seedFolder('/b')
    expect(() => {
      emulator.moveTo('/a', '/b')
    }).toThrow('同名')
    expect(() => {
      emulator.moveTo('/b', '/b/c')
    }).toThrow()
    expect(() => {
      emulator.remove('/c')
    }).toThrow('/c')
    expect(paths()).toEqual(['/a', '/b'])
  })
})
