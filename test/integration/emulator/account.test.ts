import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { begin, createCall, getCall, headersFor, jsonCall, send, sendSlices, singleCall } from './client.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

const credentials = () => ({ clientID: emulator.clientID, clientSecret: emulator.clientSecret })
const tokenCall = (body: unknown) => {
  const call = jsonCall(emulator, '/api/v1/access_token', body)
  return { ...call, headers: { Platform: 'open_platform', 'Content-Type': 'application/json' } }
}
const newToken = async () => String((await send(tokenCall(credentials()))).data['accessToken'])
const infoWith = (token: string) =>
  send({
    ...getCall(emulator, '/api/v1/user/info'),
    headers: { ...headersFor(emulator), Authorization: `Bearer ${token}` },
  })

describe('access_token', () => {
  it('gives a token that works, and when it ends', async () => {
    const { data } = await send(tokenCall(credentials()))
    expect(data['expiredAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/u)
    const days = (Date.parse(String(data['expiredAt'])) - Date.now()) / 24 / 3600 / 1000
    expect(days).toBeCloseTo(90, 1)
    expect(await infoWith(String(data['accessToken']))).toMatchObject({ code: 0 })
  })

  it.each([
    { name: 'no clientID', change: { clientID: undefined } },
    { name: 'no clientSecret', change: { clientSecret: undefined } },
    { name: 'an empty clientID', change: { clientID: '' } },
    { name: 'a number as clientSecret', change: { clientSecret: 1 } },
    { name: 'a wrong clientID', change: { clientID: 'x' } },
    { name: 'a wrong clientSecret', change: { clientSecret: 'x' } },
  ])('refuses $name', async ({ change }) => {
    expect(await send(tokenCall({ ...credentials(), ...change }))).toMatchObject({ status: 200, code: 1 })
  })

  it('needs Platform', async () => {
    const call = tokenCall(credentials())
    expect(await send({ ...call, headers: { 'Content-Type': 'application/json' } })).toMatchObject({
      code: 1,
    })
  })

  it('lets three live at once: a fourth kicks out the oldest', async () => {
    const tokens = [await newToken(), await newToken(), await newToken()]
    for (const token of tokens) expect(await infoWith(token)).toMatchObject({ code: 0 })
    const fourth = await newToken()
    expect(await infoWith(tokens[0] ?? '')).toMatchObject({
      status: 200,
      code: 401,
      message: 'tokens number has exceeded the limit',
    })
    for (const token of [...tokens.slice(1), fourth, emulator.token])
      expect(await infoWith(token)).toMatchObject({ code: 0 })
  })

  it('gives tokens that end', async () => {
    emulator.quirks.tokenLifetimeMs = 0
    expect(await infoWith(await newToken())).toMatchObject({ status: 401, code: 401 })
  })

  it('gives tokens that can be revoked', async () => {
    emulator.revoke(emulator.token)
    expect(await infoWith(emulator.token)).toMatchObject({ status: 401, code: 401 })
    expect(await infoWith(await newToken())).toMatchObject({ code: 0 })
  })
})

it('user/info has every documented field, and counts the bytes', async () => {
  await emulator.seed('/a.txt', Buffer.from('12345'))
  await emulator.seed('/a.txt', Buffer.from('123456'))
  const { data } = await send(getCall(emulator, '/api/v1/user/info'))
  const term = {
    startTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u) as unknown,
    endTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u) as unknown,
  }
  expect(data).toEqual({
    uid: expect.any(Number) as unknown,
    nickname: '测试用户',
    headImage: expect.any(String) as unknown,
    passport: '13800138000',
    mail: 'someone.private@example.com',
    spaceUsed: 6,
    spacePermanent: 2 * 1024 ** 4,
    spaceTemp: 0,
    spaceTempExpr: 0,
    vip: true,
    directTraffic: 0,
    isHideUID: false,
    httpsCount: 0,
    vipInfo: [{ vipLevel: 1, vipLabel: 'VIP', ...term }],
    developerInfo: term,
  })
})

describe('list', () => {
  const page = async (query: string) => {
    const { data } = await send(getCall(emulator, `/api/v2/file/list?${query}`))
    const items = Array.isArray(data['fileList'])
      ? (data['fileList'] as readonly { filename: string; trashed: number }[])
      : [] // test data
    return { lastFileId: Number(data['lastFileId']), items }
  }

  it('describes files and folders', async () => {
    const { fileID, md5 } = await emulator.seed('/dir/a.mp4', Buffer.from('video'))
    const [folder] = (await page('parentFileId=0&limit=100')).items
    expect(folder).toMatchObject({ filename: 'dir', parentFileId: 0, type: 1, etag: '', size: 0, trashed: 0 })
    const parent = (folder as unknown as { fileId: number }).fileId // test data
    const [file] = (await page(`parentFileId=${parent}&limit=100`)).items
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u) as unknown
    expect(file).toEqual({
      fileId: fileID,
      filename: 'a.mp4',
      parentFileId: parent,
      type: 0,
      etag: md5,
      size: 5,
      category: 2,
      status: 0,
      punishFlag: 0,
      s3KeyFlag: expect.any(String) as unknown,
      storageNode: expect.any(String) as unknown,
      trashed: 0,
      createAt: time,
      updateAt: time,
    })
  })

  it('writes times in UTC+8', async () => {
    await emulator.seed('/a', Buffer.from('x'))
    const [item] = (await page('parentFileId=0&limit=1')).items
    const at = Date.parse(`${(item as unknown as { createAt: string }).createAt.replace(' ', 'T')}+08:00`) // test data
    expect(Math.abs(at - Date.now())).toBeLessThan(60_000)
  })

  it('gives pages by lastFileId, and -1 with the last', async () => {
    for (let n = 0; n < 7; n += 1) await emulator.seed(`/f${n}`, Buffer.from(`${n}`))
    const names: string[] = []
    const cursors: number[] = []
    for (let last = 0; last !== -1;) {
      const { lastFileId, items } = await page(`parentFileId=0&limit=3&lastFileId=${last}`)
      names.push(...items.map(({ filename }) => filename))
      cursors.push((last = lastFileId))
    }
    expect(names).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'])
    expect(cursors).toHaveLength(3)
    // A full last page is the last one.
    expect((await page('parentFileId=0&limit=7')).lastFileId).toBe(-1)
    expect((await page('parentFileId=0&limit=6')).lastFileId).not.toBe(-1)
  })

  it('has trashed items among the others, whatever `trashed` says', async () => {
    await emulator.seed('/a.txt', Buffer.from('old'))
    await send(singleCall(emulator, Buffer.from('new'), { duplicate: '2' }))
    const { items } = await page('parentFileId=0&limit=100&trashed=false')
    expect(items.map(({ filename, trashed }) => ({ filename, trashed }))).toEqual([
      { filename: 'a.txt', trashed: 1 },
      { filename: 'a.txt', trashed: 0 },
    ])
  })

  it('searches everywhere, by part of the name or the whole', async () => {
    await emulator.seed('/d/report.txt', Buffer.from('1'))
    await emulator.seed('/report.txt.bak', Buffer.from('2'))
    expect((await page('parentFileId=0&limit=100&searchData=report.txt')).items).toHaveLength(2)
    expect((await page('parentFileId=0&limit=100&searchData=report.txt&searchMode=1')).items).toHaveLength(1)
  })

  it.each([
    '',
    'parentFileId=0',
    'limit=10',
    'parentFileId=0&limit=101',
    'parentFileId=0&limit=0',
    'parentFileId=x&limit=1',
    'parentFileId=0&limit=1&limit=2',
    'parentFileId=0&limit=1&lastFileId=-1',
    'parentFileId=77&limit=1',
    'parentFileId=0&limit=1&searchMode=2',
  ])('refuses ?%s', async (query) => {
    expect(await send(getCall(emulator, `/api/v2/file/list?${query}`))).toMatchObject({
      status: 200,
      code: 1,
    })
  })

  it('does not have files that are still being uploaded', async () => {
    const bytes = Buffer.from('x')
    await sendSlices(emulator, await begin(emulator, bytes), bytes)
    expect((await page('parentFileId=0&limit=100')).items).toEqual([])
  })
})

it('domain gives the upload hosts', async () => {
  const { list } = await send(getCall(emulator, '/upload/v2/file/domain'))
  expect(list).toEqual(emulator.uploadUrls)
  expect((await send(createCall(emulator, Buffer.from('x')))).data['servers']).toEqual(list)
})
