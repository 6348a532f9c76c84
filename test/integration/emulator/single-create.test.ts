import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { formCall, type FormPart, md5, send, singleCall } from './client.ts'

let emulator: Emulator
const bytes = Buffer.from('single-step content')

beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

const parts: FormPart[] = [
  ['parentFileID', '0'],
  ['filename', 'a.txt'],
  ['etag', md5(bytes)],
  ['size', String(bytes.length)],
  ['file', bytes],
]
const path = '/upload/v2/file/single/create'

it.each([
  { name: 'with the file last', order: parts },
  { name: 'with the file first, as in the sample', order: [...parts].reverse() },
])('takes a right file $name', async ({ order }) => {
  const { data } = await send(formCall(emulator, path, order))
  expect(data).toEqual({ fileID: expect.any(Number) as unknown, completed: true })
  const { fileID } = data
  expect(emulator.files()).toEqual([
    { fileID, path: '/a.txt', size: bytes.length, md5: md5(bytes), method: 'single', trashed: false },
  ])
})

it('takes a file of some megabytes', async () => {
  const large = Buffer.alloc(3_000_001, 'large')
  expect(await send(singleCall(emulator, large))).toMatchObject({ code: 0 })
  expect(emulator.files()).toMatchObject([{ size: large.length, md5: md5(large) }])
})

it.each(parts.map(([field]) => field))('needs %s', async (field) => {
  const answer = await send(
    formCall(
      emulator,
      path,
      parts.filter(([name]) => name !== field),
    ),
  )
  expect(answer).toMatchObject({ code: 1, message: expect.stringContaining(field) as unknown })
})

it.each([
  {
    name: 'a size that is not the file’s',
    fields: { size: String(bytes.length + 1) },
    message: '文件大小不一致',
  },
  { name: 'an etag that is not the file’s', fields: { etag: md5('other') }, message: '文件md5不一致' },
  { name: 'more than 1 GB', fields: { size: '1000000001' }, message: '单文件大小限制1GB' },
  { name: 'a size with a decimal point', fields: { size: `${bytes.length}.0` }, message: 'size' },
  { name: 'a size with a blank', fields: { size: ` ${bytes.length}` }, message: 'size' },
  { name: 'an empty size', fields: { size: '' }, message: 'size' },
  { name: 'containDir as 1', fields: { containDir: '1' }, message: 'containDir' },
  { name: 'an empty duplicate', fields: { duplicate: '' }, message: 'duplicate' },
])('refuses $name', async ({ fields, message }) => {
  const answer = await send(singleCall(emulator, bytes, fields))
  expect(answer).toMatchObject({ status: 200, code: 1, message: expect.stringContaining(message) as unknown })
  expect(emulator.files()).toEqual([])
})

it('keeps a file whose content is there already, as the same content', async () => {
  await emulator.seed('/first.txt', bytes)
  expect(await send(singleCall(emulator, bytes))).toMatchObject({ code: 0 })
  expect(emulator.files()).toMatchObject([{ md5: md5(bytes) }, { md5: md5(bytes), method: 'single' }])
})

it('answers HTTP 500 with nothing to a body without Content-Length', async () => {
  const call = formCall(emulator, path, parts)
  expect(await send({ ...call, body: [call.body as Uint8Array] })).toMatchObject({ status: 500, body: '' }) // formCall gives one piece
})

it('takes an empty file', async () => {
  expect(await send(singleCall(emulator, Buffer.alloc(0)))).toMatchObject({ code: 0 })
  expect(emulator.files()).toMatchObject([{ size: 0, md5: md5('') }])
})
