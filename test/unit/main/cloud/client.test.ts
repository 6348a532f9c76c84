import { describe, expect, test } from 'vitest'
import { createCloud } from '#main/cloud/client'
import { Limiter } from '#main/cloud/limiter'
import { directly, envelope } from '#test/builders'
import { cannedServer } from '#test/canned-server'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal

/** A client of a server that answers this. */
async function asking(...data: readonly unknown[]) {
  const { url, asked } = await cannedServer(...data.map((one) => envelope(0, 'ok', one)))
  return {
    asked,
    cloud: createCloud({ apiUrl: url, limiter: new Limiter({ off: true }), routes: directly, stallMs: 5000 }),
  }
}

const item = (fileId: number, more: object = {}) => ({
  fileId,
  filename: `${fileId}.txt`,
  type: 0,
  size: 3,
  etag: 'ABC',
  trashed: 0,
  ...more,
})

describe('a folder is listed', () => {
  test('from all its pages, each asked for from where the last one ended', async () => {
    const { cloud, asked } = await asking(
      { lastFileId: 2, fileList: [item(1), item(2)] },
      { lastFileId: -1, fileList: [item(3)] },
    )
    expect((await cloud.list('token', 7, forever)).map(({ fileID }) => fileID)).toEqual([1, 2, 3])
    expect(asked.map(({ url }) => url)).toEqual([
      '/api/v2/file/list?parentFileId=7&limit=100',
      '/api/v2/file/list?parentFileId=7&limit=100&lastFileId=2',
    ])
  })

  test('without what is in the bin, and with MD5s in lower case', async () => {
    const { cloud } = await asking({
      lastFileId: -1,
      fileList: [item(1, { trashed: 1 }), item(2), item(3, { type: 1, etag: '', size: 0 })],
    })
    expect(await cloud.list('token', 0, forever)).toEqual([
      { fileID: 2, name: '2.txt', kind: 'file', size: 3, md5: 'abc' },
      { fileID: 3, name: '3.txt', kind: 'folder', size: 0, md5: '' },
    ])
  })

  test('to its end also where the platform marks that by 0 rather than -1', async () => {
    const { cloud } = await asking({ lastFileId: 0, fileList: [item(1)] })
    expect(await cloud.list('token', 0, forever)).toHaveLength(1)
  })

  test('but not from pages that lead back to themselves', async () => {
    const { cloud } = await asking({ lastFileId: 2, fileList: [item(2)] })
    expect((await failureOf(cloud.list('token', 0, forever))).code).toBe('malformed-answer')
  })
})

describe('an upload is created', () => {
  const request = {
    parentFileID: 0,
    filename: '测试.mp4',
    etag: 'abc',
    size: 5,
    duplicate: undefined,
    containDir: false,
  }
  const open = { reuse: false, fileID: 0, preuploadID: 'pre', sliceSize: 16, servers: ['http://a'] }

  test('with the headers and fields of the spec, and those that are optional left out', async () => {
    const { cloud, asked } = await asking(open)
    await cloud.create('the-token', request, forever)
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/upload/v2/file/create',
      headers: {
        authorization: 'Bearer the-token',
        platform: 'open_platform',
        'content-type': 'application/json',
      },
    })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      parentFileID: 0,
      filename: '测试.mp4',
      etag: 'abc',
      size: 5,
    })
  })

  test('with a path and a policy where they are asked for', async () => {
    const { cloud, asked } = await asking(open)
    await cloud.create(
      'token',
      { ...request, filename: '/秋/测试.mp4', duplicate: 2, containDir: true },
      forever,
    )
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      filename: '/秋/测试.mp4',
      duplicate: 2,
      containDir: true,
    })
  })

  test.each([
    {
      name: 'an upload to go on with',
      data: open,
      is: {
        reuse: false,
        fileID: undefined,
        upload: { preuploadID: 'pre', sliceSize: 16, servers: ['http://a'] },
      },
    },
    {
      name: 'an instant upload',
      data: { reuse: true, fileID: 9 },
      is: { reuse: true, fileID: 9, upload: undefined },
    },
    {
      name: 'an instant upload that names no file is not one yet',
      data: { ...open, reuse: true },
      is: { reuse: true, fileID: undefined },
    },
    {
      name: 'a file id without an instant upload means nothing',
      data: { ...open, fileID: 9 },
      is: { reuse: false, fileID: undefined },
    },
    { name: 'no servers', data: { ...open, servers: null }, is: { upload: { servers: [] } } },
  ])('answered by $name', async ({ data, is }) => {
    const { cloud } = await asking(data)
    expect(await cloud.create('token', request, forever)).toMatchObject(is)
  })

  test.each([
    { name: 'neither', data: { reuse: false } },
    { name: 'slices of no bytes', data: { ...open, sliceSize: 0 } },
  ])('but $name is no answer', async ({ data }) => {
    const { cloud } = await asking(data)
    expect((await failureOf(cloud.create('token', request, forever))).code).toBe('malformed-answer')
  })
})

test.each([
  {
    name: 'completed',
    body: envelope(0, 'ok', { completed: true, fileID: 9 }),
    is: { kind: 'completed', fileID: 9 },
  },
  { name: 'not yet', body: envelope(0, 'ok', { completed: false, fileID: 0 }), is: { kind: 'verifying' } },
  {
    name: 'completed, but no file named',
    body: envelope(0, 'ok', { completed: true, fileID: 0 }),
    is: { kind: 'verifying' },
  },
  { name: 'code 20103', body: envelope(20103, '文件正在校验中,请间隔1秒后再试'), is: { kind: 'verifying' } },
])('upload_complete answered by $name', async ({ body, is }) => {
  const { url } = await cannedServer(body)
  const cloud = createCloud({
    apiUrl: url,
    limiter: new Limiter({ off: true }),
    routes: directly,
    stallMs: 5000,
  })
  expect(await cloud.complete('token', 'pre', forever)).toEqual(is)
})

test('a token is asked for without one, and its end is read', async () => {
  const { cloud, asked } = await asking({ accessToken: 'eyJ', expiredAt: '2025-03-23T15:48:37+08:00' })
  expect(await cloud.issueToken('id', 'secret', forever)).toEqual({
    token: 'eyJ',
    expiresAt: Date.UTC(2025, 2, 23, 7, 48, 37),
  })
  expect(asked[0]).toMatchObject({ url: '/api/v1/access_token', headers: { platform: 'open_platform' } })
  expect(asked[0]?.headers.authorization).toBeUndefined()
})

test('the account adds up its space', async () => {
  const { cloud } = await asking({
    uid: 18,
    nickname: '李明',
    spaceUsed: 5,
    spacePermanent: 10,
    spaceTemp: '2',
    vip: true,
  })
  expect(await cloud.account('token', forever)).toEqual({
    uid: '18',
    nickname: '李明',
    usedBytes: 5,
    totalBytes: 12,
    vip: true,
  })
})

test('a client for an address that must not be given the token is not even made', async () => {
  const make = () =>
    createCloud({
      apiUrl: 'http://evil.com',
      limiter: new Limiter({ off: true }),
      routes: directly,
      stallMs: 1,
    })
  expect((await failureOf(make)).code).toBe('insecure-server')
})
