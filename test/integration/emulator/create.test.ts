import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { type Call, createCall, jsonCall, md5, send, singleCall } from './client.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

const bytes = Buffer.from('some content')

/** Both ways of uploading know the same rules for name and place; here each way as a function of the fields. */
const WAYS = [
  {
    way: 'create',
    call: (fields: Readonly<Record<string, unknown>>): Call => createCall(emulator, bytes, fields),
  },
  {
    way: 'single/create',
    call: (fields: Readonly<Record<string, unknown>>): Call => {
      const texts = Object.entries(fields).map(([name, value]) => [name, String(value)] as const)
      return singleCall(emulator, bytes, Object.fromEntries(texts))
    },
  },
]

const FORBIDDEN = ['"', '\\', '/', ':', '*', '?', '|', '>', '<', '\n']
const LONG = 'x'.repeat(256)

describe.each(WAYS)('$way', ({ call }) => {
  it.each(FORBIDDEN)('refuses %j in a name', async (character) => {
    const answer = await send(call({ filename: `a${character}b` }))
    expect(answer).toMatchObject({
      status: 200,
      code: 1,
      message: expect.stringContaining('文件名要小于256个字符') as unknown,
    })
  })

  it.each([
    { name: 'an empty name', fields: { filename: '' }, message: '空格' },
    { name: 'a name of blanks', fields: { filename: '  ' }, message: '空格' },
    { name: 'a name of 256 characters', fields: { filename: LONG }, message: '文件名要小于256个字符' },
    {
      name: 'a forbidden character in a folder of the path',
      fields: { filename: '/a:b/c', containDir: true },
      message: '文件名要小于256个字符',
    },
    {
      name: 'an over-long folder of the path',
      fields: { filename: `/${LONG}/c`, containDir: true },
      message: '文件名要小于256个字符',
    },
    { name: 'a blank folder of the path', fields: { filename: '/a/ /c', containDir: true }, message: '空格' },
    { name: 'a path that ends in a slash', fields: { filename: '/a/', containDir: true }, message: '空格' },
    { name: 'a path without containDir', fields: { filename: '/a/b' }, message: '文件名要小于256个字符' },
    {
      name: 'a path with containDir false',
      fields: { filename: '/a/b', containDir: false },
      message: '文件名要小于256个字符',
    },
    { name: 'an etag in capitals', fields: { etag: md5(bytes).toUpperCase() }, message: 'etag' },
    { name: 'an etag of 31 digits', fields: { etag: md5(bytes).slice(1) }, message: 'etag' },
    { name: 'duplicate 0', fields: { duplicate: 0 }, message: 'duplicate' },
    { name: 'duplicate 3', fields: { duplicate: 3 }, message: 'duplicate' },
    { name: 'a negative size', fields: { size: -1 }, message: 'size' },
    { name: 'a fraction as the parent', fields: { parentFileID: 0.5 }, message: 'parentFileID' },
    { name: 'a field that is not in the spec', fields: { parentFileId: 0 }, message: 'parentFileId' },
  ])('refuses $name', async ({ fields, message }) => {
    const answer = await send(call(fields))
    expect(answer).toMatchObject({
      status: 200,
      code: 1,
      message: expect.stringContaining(message) as unknown,
    })
    expect(emulator.violations()).toHaveLength(1)
    expect(emulator.files()).toEqual([])
  })

  it.each(['x'.repeat(255), '你'.repeat(255), '😀'.repeat(255), ' a ', '.', "it's 100% ~ok; (1).txt"])(
    'takes the name %j',
    async (filename) => {
      expect(await send(call({ filename }))).toMatchObject({ code: 0 })
    },
  )

  it('refuses a parent that does not exist, or is a file', async () => {
    const file = await emulator.seed('/f.txt', Buffer.from('x'))
    for (const parentFileID of [77, file.fileID]) {
      expect(await send(call({ parentFileID }))).toMatchObject({ code: 1, message: 'parentFileID不存在' })
    }
    expect(emulator.violations()).toEqual([])
  })

  it('refuses a name that is there, unless told what to do', async () => {
    await emulator.seed('/a.txt', Buffer.from('old'))
    const answer = await send(call({ filename: 'a.txt' }))
    expect(answer).toMatchObject({ code: 1, message: expect.stringContaining('同名文件') as unknown })
    expect(await send(call({ filename: 'A.txt' }))).toMatchObject({ code: 0 })
  })

  it('refuses the name of a folder, even to overwrite it', async () => {
    await emulator.seed('/name/x', Buffer.from('x'))
    const answer = await send(call({ filename: 'name', duplicate: 2 }))
    expect(answer).toMatchObject({ code: 1, message: expect.stringContaining('同名文件夹') as unknown })
  })

  it('makes missing folders of the path, once, with and without a leading slash', async () => {
    expect(await send(call({ filename: '/你好/123/测试文件.mp4', containDir: true }))).toMatchObject({
      code: 0,
    })
    expect(await send(call({ filename: '你好/456/b', containDir: true }))).toMatchObject({ code: 0 })
    expect(emulator.folders()).toEqual(['/你好', '/你好/123', '/你好/456'])
  })

  it('makes a missing folder twice for two at the same time', async () => {
    await Promise.all([
      send(call({ filename: '/new/a', containDir: true })),
      send(call({ filename: '/new/b', containDir: true })),
    ])
    expect(emulator.folders()).toEqual(['/new', '/new'])
  })
})

describe('the JSON body of create', () => {
  const right = { parentFileID: 0, filename: 'a.txt', etag: md5(bytes), size: bytes.length }

  it.each(Object.keys(right))('needs %s', async (field) => {
    const body = Object.fromEntries(Object.entries(right).filter(([name]) => name !== field))
    const answer = await send(jsonCall(emulator, '/upload/v2/file/create', body))
    expect(answer).toMatchObject({ code: 1, message: expect.stringContaining(field) as unknown })
  })

  it.each([
    { name: 'a parent as text', fields: { parentFileID: '0' } },
    { name: 'a size as text', fields: { size: '12' } },
    { name: 'a name as a number', fields: { filename: 12 } },
    { name: 'a duplicate as text', fields: { duplicate: '1' } },
    { name: 'a duplicate of null', fields: { duplicate: null } },
    { name: 'containDir as text', fields: { containDir: 'true' } },
    { name: 'containDir as a number', fields: { containDir: 1 } },
  ])('refuses $name', async ({ fields }) => {
    expect(await send(createCall(emulator, bytes, fields))).toMatchObject({ code: 1 })
  })

  it.each(['', '{', '[]', 'null', '"x"'])('refuses the body %j', async (body) => {
    const call = jsonCall(emulator, '/upload/v2/file/create', {})
    expect(await send({ ...call, body: Buffer.from(body) })).toMatchObject({ status: 200, code: 1 })
  })

  it('takes 10 GiB, and not a byte more', async () => {
    const most = 10 * 1024 ** 3
    expect(await send(createCall(emulator, bytes, { size: most }))).toMatchObject({ code: 0 })
    const answer = await send(createCall(emulator, bytes, { size: most + 1 }))
    expect(answer).toMatchObject({
      code: 1,
      message: expect.stringContaining('单文件大小限制10GB') as unknown,
    })
  })

  it('answers what the spec says', async () => {
    const { data } = await send(createCall(emulator, bytes))
    expect(data).toEqual({
      fileID: 0,
      reuse: false,
      preuploadID: expect.any(String) as unknown,
      sliceSize: 16 * 1024 * 1024,
      servers: emulator.uploadUrls,
    })
    expect(emulator.uploadUrls.length).toBeGreaterThanOrEqual(2)
  })
})

describe('instant upload', () => {
  it('happens when MD5 and size are there already, and says nothing of slices', async () => {
    await emulator.seed('/old.txt', bytes)
    const { data } = await send(createCall(emulator, bytes, { filename: '/dir/new.txt', containDir: true }))
    expect(data).toEqual({ reuse: true, fileID: expect.any(Number) as unknown })
    expect(emulator.files().at(-1)).toEqual({
      fileID: data['fileID'],
      path: '/dir/new.txt',
      size: bytes.length,
      md5: md5(bytes),
      method: 'instant',
      trashed: false,
    })
  })

  it('does not happen for the same MD5 with another size', async () => {
    await emulator.seed('/old.txt', bytes)
    expect((await send(createCall(emulator, bytes, { size: 1 }))).data).toMatchObject({ reuse: false })
  })

  it('holds to the name rules too', async () => {
    await emulator.seed('/a.txt', bytes)
    expect(await send(createCall(emulator, bytes, { filename: 'a.txt' }))).toMatchObject({ code: 1 })
  })
})

describe('duplicate', () => {
  it('1 keeps both, the new one with a suffix', async () => {
    await emulator.seed('/a.tar.gz', Buffer.from('old'))
    await send(singleCall(emulator, bytes, { filename: 'a.tar.gz', duplicate: '1' }))
    await send(singleCall(emulator, bytes, { filename: 'a.tar.gz', duplicate: '1' }))
    expect(emulator.files().map(({ path, trashed }) => ({ path, trashed }))).toEqual([
      { path: '/a.tar.gz', trashed: false },
      { path: '/a.tar(1).gz', trashed: false },
      { path: '/a.tar(2).gz', trashed: false },
    ])
  })

  it('2 replaces: a new id, and the old file goes to the bin', async () => {
    const old = await emulator.seed('/a.txt', Buffer.from('old'))
    const { data } = await send(singleCall(emulator, bytes, { filename: 'a.txt', duplicate: '2' }))
    expect(data['fileID']).not.toBe(old.fileID)
    expect(emulator.files().map(({ fileID, md5, trashed }) => ({ fileID, md5, trashed }))).toEqual([
      { fileID: old.fileID, md5: old.md5, trashed: true },
      { fileID: data['fileID'], md5: md5(bytes), trashed: false },
    ])
  })
})
