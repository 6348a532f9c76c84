import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readAnswer } from '#main/cloud/answers'
import {
  completeAnswer,
  createAnswer,
  domainAnswer,
  listAnswer,
  nothing,
  singleAnswer,
  tokenAnswer,
  userAnswer,
} from '#main/cloud/wire'
import { answered, envelope } from '#test/builders'
import { failureOf } from '#test/failures'

/** The data of the platform's yes, as our schema takes it. */
const read = <T>(schema: z.ZodType<T>, data: unknown): T =>
  readAnswer(answered({ body: envelope(0, 'ok', data) }), schema, 'create')

describe('create', () => {
  test("the spec's example: an upload to go on with", () => {
    const data = {
      fileID: 0,
      reuse: false,
      preuploadID: 'WvjyUgonimrlBq2',
      sliceSize: 16_777_216,
      servers: ['http://openapi-upload.123242.com'],
    }
    expect(read(createAnswer, data)).toEqual(data)
  })

  test.each([
    {
      name: 'an instant upload that says nothing else',
      data: { reuse: true, fileID: 11522654 },
      fileID: 11522654,
    },
    { name: 'an instant upload that names no file', data: { reuse: true, fileID: 0 }, fileID: 0 },
    { name: 'a 13-digit id', data: { reuse: true, fileID: 1758176091289 }, fileID: 1758176091289 },
    { name: 'numbers as strings', data: { reuse: 'true', fileID: '1758176091289' }, fileID: 1758176091289 },
    {
      name: 'nothing where it has nothing to say',
      data: { reuse: true, fileID: null, servers: null },
      fileID: undefined,
    },
  ])('$name', ({ data, fileID }) => {
    expect(read(createAnswer, data)).toMatchObject({ reuse: true, fileID })
  })

  test.each([
    { name: 'no reuse', data: { fileID: 1 }, field: 'reuse' },
    {
      name: 'an id too large to be kept exactly',
      data: { reuse: true, fileID: '9007199254740993' },
      field: 'fileID',
    },
    { name: 'a negative id', data: { reuse: true, fileID: -1 }, field: 'fileID' },
    { name: 'half a byte', data: { reuse: false, preuploadID: 'x', sliceSize: 0.5 }, field: 'sliceSize' },
    { name: 'servers that are no list', data: { reuse: false, servers: 'https://a' }, field: 'servers' },
    { name: 'no data', data: null, field: 'data' },
  ])('$name is no answer, and the log says which field', async ({ data, field }) => {
    const failure = await failureOf(() => read(createAnswer, data))
    expect(failure).toMatchObject({
      code: 'malformed-answer',
      message: expect.stringContaining(field) as string,
    })
  })
})

test.each([
  {
    name: "the spec's example",
    data: { completed: true, fileID: 11522654 },
    is: { completed: true, fileID: 11522654 },
  },
  { name: 'not yet', data: { completed: false, fileID: 0 }, is: { completed: false, fileID: 0 } },
  {
    name: 'not yet, in strings',
    data: { completed: 'false', fileID: '0' },
    is: { completed: false, fileID: 0 },
  },
  { name: 'not yet, and no id', data: { completed: false }, is: { completed: false } },
])('upload_complete: $name', ({ data, is }) => {
  expect(read(completeAnswer, data)).toEqual(is)
})

test.each([
  {
    name: "the spec's example",
    data: { fileID: 11522653, completed: true },
    is: { fileID: 11522653, completed: true },
  },
  { name: 'nothing is sure', data: {}, is: {} },
])('single/create: $name', ({ data, is }) => {
  expect(read(singleAnswer, data)).toEqual(is)
})

test('a slice that was taken: whatever the data says', () => {
  expect(read(nothing, null)).toBeNull()
  expect(read(nothing, { anything: 1 })).toBeNull()
})

test('upload servers: at least one', async () => {
  expect(read(domainAnswer, ['https://openapi-upload.123pan.com'])).toEqual([
    'https://openapi-upload.123pan.com',
  ])
  expect((await failureOf(() => read(domainAnswer, []))).code).toBe('malformed-answer')
})

describe('access_token', () => {
  test('its end is a moment with an offset', () => {
    const { expiredAt } = read(tokenAnswer, { accessToken: 'eyJ', expiredAt: '2025-03-23T15:48:37+08:00' })
    expect(Date.parse(expiredAt)).toBe(Date.UTC(2025, 2, 23, 7, 48, 37))
  })

  test.each([
    { name: 'an empty token', data: { accessToken: '', expiredAt: '2025-03-23T15:48:37+08:00' } },
    { name: 'no token', data: { expiredAt: '2025-03-23T15:48:37+08:00' } },
    { name: 'no end', data: { accessToken: 'eyJ' } },
    { name: 'an end that is no time', data: { accessToken: 'eyJ', expiredAt: '三十天后' } },
  ])('$name is no answer, and the token is not in the failure', async ({ data }) => {
    const failure = await failureOf(() => read(tokenAnswer, data))
    expect(failure.code).toBe('malformed-answer')
    expect(failure.message).not.toContain('eyJ')
  })
})

describe('user/info', () => {
  const data = {
    uid: 1814435971,
    nickname: '李明',
    passport: '13812345678',
    mail: 'li@example.com',
    spaceUsed: 55_555,
    spacePermanent: 2_199_023_255_552,
    spaceTemp: 0,
    spaceTempExpr: 0,
    vip: false,
    vipInfo: null,
    developerInfo: null,
  }

  test('phone number and mail address are not even read', () => {
    expect(JSON.stringify(read(userAnswer, data))).not.toMatch(/13812345678|example/u)
  })

  test('an account without a nickname or quota is still one', () => {
    expect(read(userAnswer, { uid: '18', nickname: null })).toMatchObject({ uid: '18' })
  })
})

describe('file/list', () => {
  const item = {
    fileId: 1758176091289,
    filename: '测试.mp4',
    parentFileId: 0,
    type: 0,
    etag: '4B5C549C4ABD0A079CAF92D6CAD24127',
    size: 50_650_928,
    category: 10,
    status: 0,
    trashed: 0,
    createAt: '2025-02-28 10:00:00',
  }

  test('an item as documented, a folder with an empty MD5, and an item in strings', () => {
    const folder = { ...item, type: 1, etag: '', size: 0 }
    const strings = { ...item, fileId: '1758176091289', type: '0', size: '50650928', trashed: '1' }
    const { fileList, lastFileId } = read(listAnswer, { lastFileId: -1, fileList: [item, folder, strings] })
    expect(lastFileId).toBe(-1)
    expect(fileList.map(({ fileId, type, size, trashed }) => ({ fileId, type, size, trashed }))).toEqual([
      { fileId: 1758176091289, type: 0, size: 50_650_928, trashed: 0 },
      { fileId: 1758176091289, type: 1, size: 0, trashed: 0 },
      { fileId: 1758176091289, type: 0, size: 50_650_928, trashed: 1 },
    ])
  })

  test('an empty folder may have no list', () => {
    expect(read(listAnswer, { lastFileId: '-1', fileList: null })).toEqual({ lastFileId: -1, fileList: [] })
  })

  test('one item that is none makes the listing fail: half a listing is not believed', async () => {
    const broken = { ...item, filename: null }
    const failure = await failureOf(() => read(listAnswer, { lastFileId: -1, fileList: [item, broken] }))
    expect(failure).toMatchObject({
      code: 'malformed-answer',
      message: expect.stringContaining('fileList.1.filename') as string,
    })
  })
})
