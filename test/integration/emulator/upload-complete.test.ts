import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { begin, completeCall, jsonCall, md5, pause, pollToEnd, send, sendSlices } from './client.ts'

let emulator: Emulator
const bytes = Buffer.from('0123456789ab')

beforeEach(async () => {
  emulator = await startEmulator({ quirks: { sliceSize: 5 } })
})
afterEach(() => emulator.close())

it('says "not completed" once, then gives the id of the file', async () => {
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes)
  const answers = await pollToEnd(emulator, preuploadID)
  const fileID = emulator.files()[0]?.fileID
  expect(answers.map(({ data }) => data)).toEqual([
    { completed: false, fileID: 0 },
    { completed: true, fileID },
  ])
  expect(emulator.files()).toEqual([
    { fileID, path: '/a.txt', size: 12, md5: md5(bytes), method: 'sliced', trashed: false },
  ])
  expect(emulator.violations()).toEqual([])
})

it('gives the same answer again, for a client that lost the first', async () => {
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes)
  const [end] = (await pollToEnd(emulator, preuploadID)).slice(-1)
  await pause(1000)
  expect((await send(completeCall(emulator, preuploadID))).data).toEqual(end?.data)
  expect(emulator.files()).toHaveLength(1)
  expect((await sendSlices(emulator, preuploadID, bytes, [1]))[0]).toMatchObject({
    code: 1,
    message: expect.stringContaining('preuploadID不存在') as unknown,
  })
})

it.each([
  { name: 'no preuploadID', body: {}, message: 'preuploadID' },
  { name: 'a number as preuploadID', body: { preuploadID: 5 }, message: 'preuploadID' },
  { name: 'an empty preuploadID', body: { preuploadID: '' }, message: 'preuploadID' },
  { name: 'an unknown preuploadID', body: { preuploadID: 'unknown' }, message: 'preuploadID不存在' },
])('refuses $name', async ({ body, message }) => {
  const answer = await send(jsonCall(emulator, '/upload/v2/file/upload_complete', body))
  expect(answer).toMatchObject({ status: 200, code: 1, message: expect.stringContaining(message) as unknown })
})

it('refuses while slices are missing', async () => {
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes, [1, 3])
  const answer = await send(completeCall(emulator, preuploadID))
  expect(answer).toMatchObject({ code: 1, message: expect.stringContaining('分片未全部上传') as unknown })
  expect(emulator.violations()).toHaveLength(1)
  expect(emulator.files()).toEqual([])
})

it('answers 429 to a poll sooner than a second after the last answer', async () => {
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes)
  await send(completeCall(emulator, preuploadID))
  await pause(800)
  expect(await send(completeCall(emulator, preuploadID))).toMatchObject({ status: 429, code: 429 })
  expect(emulator.violations()).toEqual([
    expect.stringMatching(/^upload_complete: asked \d+ ms after the previous answer$/u),
  ])
  await pause(1000)
  expect((await send(completeCall(emulator, preuploadID))).data).toMatchObject({ completed: true })
})

it('ends a file that does not have its MD5: one 20103, then 文件上传失败 for good', async () => {
  const preuploadID = await begin(emulator, bytes, { etag: md5('other') })
  await sendSlices(emulator, preuploadID, bytes)
  const answers = await pollToEnd(emulator, preuploadID)
  expect(answers.map(({ status, code, message }) => ({ status, code, message }))).toEqual([
    { status: 200, code: 20103, message: '文件正在校验中,请间隔1秒后再试' },
    { status: 200, code: 1, message: '文件上传失败' },
  ])
  await pause(1000)
  expect(await send(completeCall(emulator, preuploadID))).toMatchObject({ code: 1, message: '文件上传失败' })
  expect((await sendSlices(emulator, preuploadID, bytes, [1]))[0]).toMatchObject({ code: 1 })
  expect(emulator.files()).toEqual([])
})

it('refuses when the name has been taken meanwhile', async () => {
  emulator.quirks.completion = { kind: 'completed-false', times: 0 }
  const preuploadID = await begin(emulator, bytes)
  await sendSlices(emulator, preuploadID, bytes)
  await emulator.seed('/a.txt', Buffer.from('other'))
  expect(await send(completeCall(emulator, preuploadID))).toMatchObject({
    code: 1,
    message: expect.stringContaining('同名文件') as unknown,
  })
})

it('completes an empty file without a slice', async () => {
  const preuploadID = await begin(emulator, Buffer.alloc(0))
  expect((await pollToEnd(emulator, preuploadID)).at(-1)?.data).toMatchObject({ completed: true })
  expect(emulator.files()).toMatchObject([{ size: 0, md5: md5('') }])
})
