import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { begin, type FormPart, formCall, md5, pollToEnd, send, sendSlices, sliceCall } from './client.ts'

const SLICE_SIZE = 400_000
/** Three slices, the last one shorter; above the size up to which bytes are packed. */
const bytes = Buffer.from(
  Uint8Array.from({ length: 2 * SLICE_SIZE + 300_001 }, (_, index) => (index * 7919) >>> 5),
)
const first = bytes.subarray(0, SLICE_SIZE)
const last = bytes.subarray(2 * SLICE_SIZE)

let emulator: Emulator
let store: string
let preuploadID: string
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'emulator-test-'))
  emulator = await startEmulator({
    store,
    quirks: { sliceSize: SLICE_SIZE, completion: { kind: 'completed-false', times: 0 } },
  })
  preuploadID = await begin(emulator, bytes)
})
afterEach(async () => {
  await emulator.close()
  await rm(store, { recursive: true })
})

/** Slices on disk; the pack is always there. */
const blobCount = async () => (await readdir(join(store, 'blobs'))).length - 1

const rightParts: () => FormPart[] = () => [
  ['preuploadID', preuploadID],
  ['sliceNo', '1'],
  ['sliceMD5', md5(first)],
  ['slice', first],
]

/** The right parts with some replaced. */
const replaced = (parts: Readonly<Record<string, string | Uint8Array>>): FormPart[] =>
  rightParts().map(([name, value]) => [name, parts[name] ?? value])

describe('slice', () => {
  it('takes a right slice and answers null', async () => {
    const answer = await send(formCall(emulator, '/upload/v2/file/slice', rightParts()))
    expect(answer).toMatchObject({ status: 200, code: 0, message: 'ok' })
    expect(answer.body).toContain('"data":null')
    expect(emulator.requests().at(-1)).toMatchObject({
      endpoint: 'slice',
      sliceNo: 1,
      preuploadID,
      authorized: true,
    })
  })

  it.each([
    {
      name: 'no preuploadID',
      parts: () => rightParts().filter(([name]) => name !== 'preuploadID'),
      message: 'preuploadID',
    },
    {
      name: 'no sliceNo',
      parts: () => rightParts().filter(([name]) => name !== 'sliceNo'),
      message: 'sliceNo',
    },
    {
      name: 'no sliceMD5',
      parts: () => rightParts().filter(([name]) => name !== 'sliceMD5'),
      message: 'sliceMD5',
    },
    {
      name: 'no slice',
      parts: () => rightParts().filter(([name]) => name !== 'slice'),
      message: 'slice must be a file',
    },
    { name: 'the slice as text', parts: () => replaced({ slice: 'text' }), message: 'slice must be a file' },
    { name: 'a field as a file', parts: () => replaced({ sliceNo: Buffer.from('1') }), message: 'sliceNo' },
    { name: 'a field twice', parts: () => [...rightParts().slice(0, 1), ...rightParts()], message: 'twice' },
    {
      name: 'a field that is not in the spec',
      parts: () => [['extra', '1'] as const, ...rightParts()],
      message: 'extra',
    },
    { name: 'the slice first', parts: () => rightParts().reverse(), message: 'in this order' },
    {
      name: 'the number before the id',
      parts: () =>
        [rightParts()[1], rightParts()[0], ...rightParts().slice(2)].filter((part) => part !== undefined),
      message: 'in this order',
    },
    { name: 'slice 0', parts: () => replaced({ sliceNo: '0' }), message: 'sliceNo must be 1 to 3' },
    {
      name: 'a slice after the last',
      parts: () => replaced({ sliceNo: '4' }),
      message: 'sliceNo must be 1 to 3',
    },
    { name: 'a slice number in hexadecimal', parts: () => replaced({ sliceNo: '0x1' }), message: 'sliceNo' },
    { name: 'a slice number with a sign', parts: () => replaced({ sliceNo: '+1' }), message: 'sliceNo' },
    {
      name: 'an MD5 in capitals',
      parts: () => replaced({ sliceMD5: md5(first).toUpperCase() }),
      message: 'sliceMD5',
    },
    {
      name: 'a short first slice',
      parts: () => replaced({ slice: last, sliceMD5: md5(last) }),
      message: '分片大小错误',
    },
    { name: 'a long last slice', parts: () => replaced({ sliceNo: '3' }), message: '分片大小错误' },
  ])('refuses $name, as a broken rule', async ({ parts, message }) => {
    const answer = await send(formCall(emulator, '/upload/v2/file/slice', parts()))
    expect(answer).toMatchObject({
      status: 200,
      code: 1,
      message: expect.stringContaining(message) as unknown,
    })
    expect(emulator.violations()).toHaveLength(1)
    expect(await blobCount()).toBe(0)
  })

  it.each([
    {
      name: 'bytes that do not have the MD5',
      parts: () => replaced({ sliceMD5: md5('other') }),
      message: '分片md5不一致',
    },
    {
      name: 'an unknown preuploadID',
      parts: () => replaced({ preuploadID: 'unknown' }),
      message: 'preuploadID不存在',
    },
  ])('refuses $name', async ({ parts, message }) => {
    const answer = await send(formCall(emulator, '/upload/v2/file/slice', parts()))
    expect(answer).toMatchObject({
      status: 200,
      code: 1,
      message: expect.stringContaining(message) as unknown,
    })
    expect(await blobCount()).toBe(0)
  })

  it('refuses a multipart body that ends too early', async () => {
    const call = formCall(emulator, '/upload/v2/file/slice', rightParts())
    const body = (call.body as Uint8Array).subarray(0, 1000) // formCall gives one piece
    expect(await send({ ...call, body })).toMatchObject({
      code: 1,
      message: expect.stringContaining('malformed') as unknown,
    })
    expect(await blobCount()).toBe(0)
  })

  it('answers HTTP 500 with nothing to a body without Content-Length', async () => {
    const call = formCall(emulator, '/upload/v2/file/slice', rightParts())
    const answer = await send({ ...call, body: [call.body as Uint8Array] }) // formCall gives one piece
    expect(answer).toMatchObject({ status: 500, body: '' })
    expect(emulator.violations()).toEqual(['slice: a multipart body without Content-Length'])
  })

  it('takes slices in any order, from either host, and the bytes that arrive are the file', async () => {
    const other = { ...emulator, uploadUrls: [...emulator.uploadUrls].reverse() }
    const slice = bytes.subarray(SLICE_SIZE, 2 * SLICE_SIZE)
    expect(await send(sliceCall(other, { preuploadID, sliceNo: 2, bytes: slice }))).toMatchObject({ code: 0 })
    await sendSlices(emulator, preuploadID, bytes, [3, 1])
    await pollToEnd(emulator, preuploadID)
    expect(emulator.files()).toMatchObject([
      { path: '/a.txt', size: bytes.length, md5: md5(bytes), method: 'sliced' },
    ])
  })

  it('takes a slice again: the later one counts', async () => {
    const wrong = Buffer.alloc(SLICE_SIZE, 'w')
    await sendSlices(emulator, preuploadID, bytes, [2, 3])
    for (const slice of [wrong, first, first]) {
      expect(await send(sliceCall(emulator, { preuploadID, sliceNo: 1, bytes: slice }))).toMatchObject({
        code: 0,
      })
    }
    expect(await blobCount()).toBe(3)
    expect((await pollToEnd(emulator, preuploadID)).at(-1)?.data).toMatchObject({ completed: true })
  })

  it('keeps the earlier slice when a later one is refused', async () => {
    await sendSlices(emulator, preuploadID, bytes)
    const wrong = Buffer.alloc(SLICE_SIZE, 'w')
    expect(
      await send(sliceCall(emulator, { preuploadID, sliceNo: 1, sliceMD5: md5(first), bytes: wrong })),
    ).toMatchObject({ code: 1 })
    expect((await pollToEnd(emulator, preuploadID)).at(-1)?.data).toMatchObject({ completed: true })
  })
})
