import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import { publishedRateLimits } from '#emulator/quirks'
import type { Emulator } from '#emulator/types'
import {
  begin,
  completeCall,
  createCall,
  getCall,
  pause,
  pollToEnd,
  send,
  sendSlices,
  singleCall,
  sliceCall,
} from './client.ts'

let emulator: Emulator
const bytes = Buffer.from('quirky content')

beforeEach(async () => {
  emulator = await startEmulator({ quirks: { sliceSize: 5 } })
})
afterEach(() => emulator.close())

it('sliceSize can be set at the start, and changed', async () => {
  expect((await send(createCall(emulator, bytes))).data).toMatchObject({ sliceSize: 5 })
  emulator.quirks.sliceSize = 7
  expect((await send(createCall(emulator, bytes))).data).toMatchObject({ sliceSize: 7 })
})

it.each([
  { quirk: 'file-appears' as const, files: 2 },
  { quirk: 'file-never-appears' as const, files: 1 },
])('reuseWithoutId, $quirk', async ({ quirk, files }) => {
  await emulator.seed('/old', bytes)
  emulator.quirks.reuseWithoutId = quirk
  expect((await send(createCall(emulator, bytes))).data).toEqual({ reuse: true, fileID: 0 })
  expect(emulator.files()).toHaveLength(files)
})

it('emptyServers', async () => {
  emulator.quirks.emptyServers = true
  expect((await send(createCall(emulator, bytes))).data['servers']).toEqual([])
  expect((await send(getCall(emulator, '/upload/v2/file/domain'))).list).toEqual(emulator.uploadUrls)
})

it('servers', async () => {
  const servers = ['http://openapi-upload.123242.com']
  emulator.quirks.servers = servers
  expect((await send(createCall(emulator, bytes))).data['servers']).toEqual(servers)
  expect((await send(getCall(emulator, '/upload/v2/file/domain'))).list).toEqual(servers)
})

it('numbersAsStrings', async () => {
  await emulator.seed('/old', bytes)
  emulator.quirks.numbersAsStrings = true
  const { code, data } = await send(createCall(emulator, Buffer.from('other')))
  expect({ code, data }).toMatchObject({ code: 0, data: { fileID: '0', sliceSize: '5', reuse: false } })
  const listed = await send(getCall(emulator, '/api/v2/file/list?parentFileId=0&limit=1'))
  expect(listed.data).toMatchObject({ lastFileId: '-1', fileList: [{ type: '0', filename: 'old' }] })
})

it('emptySliceBody', async () => {
  emulator.quirks.emptySliceBody = true
  const preuploadID = await begin(emulator, bytes)
  const answers = await sendSlices(emulator, preuploadID, bytes)
  expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
    Array(3).fill({ status: 200, body: '' }),
  )
  expect((await pollToEnd(emulator, preuploadID)).at(-1)?.data).toMatchObject({ completed: true })
})

it('completion by 20103', async () => {
  emulator.quirks.completion = { kind: 'code-20103', times: 2 }
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes)
  const answers = await pollToEnd(emulator, preuploadID)
  expect(answers.map(({ status, code }) => ({ status, code }))).toEqual([
    { status: 200, code: 20103 },
    { status: 200, code: 20103 },
    { status: 200, code: 0 },
  ])
})

it('forgetsCompleted', async () => {
  emulator.quirks.forgetsCompleted = true
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes)
  await pollToEnd(emulator, preuploadID)
  await pause(1000)
  expect(await send(completeCall(emulator, preuploadID))).toMatchObject({
    code: 1,
    message: expect.stringContaining('preuploadID不存在') as unknown,
  })
})

it('htmlAnswers', async () => {
  emulator.quirks.htmlAnswers = ['create']
  const answer = await send(createCall(emulator, bytes))
  expect(answer).toMatchObject({
    status: 200,
    code: undefined,
    body: expect.stringContaining('<html>') as unknown,
  })
  expect(answer.headers['content-type']).toContain('text/html')
})

it('zeroByteFiles refused', async () => {
  emulator.quirks.zeroByteFiles = 'refused'
  for (const call of [createCall(emulator, Buffer.alloc(0)), singleCall(emulator, Buffer.alloc(0))]) {
    expect(await send(call)).toMatchObject({ code: 1, message: '不支持上传空文件' })
  }
  expect(emulator.violations()).toEqual([])
})

it('chunkedDelayMs', async () => {
  emulator.quirks.chunkedDelayMs = 300
  const call = singleCall(emulator, bytes)
  const start = Date.now()
  expect(await send({ ...call, body: [call.body as Uint8Array] })).toMatchObject({ status: 500, body: '' }) // singleCall gives one piece
  expect(Date.now() - start).toBeGreaterThanOrEqual(295)
})

it('bodyTimeoutMs: the gateway gives up on a slow body', async () => {
  emulator.quirks.bodyTimeoutMs = 200
  const call = singleCall(emulator, bytes)
  const stalled = {
    ...call,
    headers: { ...call.headers, 'Content-Length': '100000' },
    body: [call.body as Uint8Array],
  } // singleCall gives one piece
  const answer = await send(stalled)
  expect(answer).toMatchObject({ status: 500, body: '' })
  expect(emulator.files()).toEqual([])
})

it('rateLimits, as HTTP 429 with Retry-After or in the body', async () => {
  emulator.quirks.rateLimits = publishedRateLimits(3, { kind: 'http-429', retryAfterSeconds: 2 })
  const burst = (times: number, path: string) =>
    Promise.all(Array.from({ length: times }, () => send(getCall(emulator, path))))
  // Twice the limit and one: however the clock second falls, one too many is among them.
  const infos = await burst(21, '/api/v1/user/info')
  const refused = infos.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(infos.length - refused.length).toBeGreaterThanOrEqual(10)
  expect(refused[0]).toMatchObject({ code: 429, headers: { 'retry-after': '2' } })
  expect(
    (await burst(11, '/api/v2/file/list?parentFileId=0&limit=1')).filter(({ status }) => status === 429)
      .length,
  ).toBeGreaterThan(0)
  emulator.quirks.rateLimits = publishedRateLimits(3, { kind: 'body-429' })
  const domains = await burst(7, '/upload/v2/file/domain')
  expect(domains.every(({ status }) => status === 200)).toBe(true)
  expect(domains.some(({ code }) => code === 429)).toBe(true)
  await pause(1100)
  expect(await send(getCall(emulator, '/upload/v2/file/domain'))).toMatchObject({ code: 0 })
  expect(emulator.violations()).toEqual([])
})

it.each([
  { file: 'never-appears' as const, afterwards: 0, third: { code: 0 } },
  {
    file: 'appears' as const,
    afterwards: 1,
    third: { code: 1, message: expect.stringContaining('同名文件') as unknown },
  },
])('singleQueue, the file $file', async ({ file, afterwards, third }) => {
  emulator.quirks.singleQueue = { times: 2, file }
  for (let n = 0; n < 2; n += 1) {
    const answer = await send(singleCall(emulator, bytes))
    expect(answer).toMatchObject({
      status: 200,
      code: 1,
      message: expect.stringContaining('秒传队列') as unknown,
    })
  }
  expect(emulator.files()).toHaveLength(afterwards)
  expect(await send(singleCall(emulator, bytes))).toMatchObject(third)
})

it('folderGapMs', async () => {
  emulator.quirks.folderGapMs = 200
  const first = send(createCall(emulator, bytes, { filename: '/d/a', containDir: true }))
  await pause(100)
  await Promise.all([first, send(createCall(emulator, bytes, { filename: '/d/b', containDir: true }))])
  expect(emulator.folders()).toEqual(['/d', '/d'])
})

it('a slice of an unfinished upload keeps the slice size it was given', async () => {
  const preuploadID = await begin(emulator, bytes)
  emulator.quirks.sliceSize = 7
  expect(
    await send(sliceCall(emulator, { preuploadID, sliceNo: 1, bytes: bytes.subarray(0, 5) })),
  ).toMatchObject({ code: 0 })
})
