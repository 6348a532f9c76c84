import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
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
const bytes = Buffer.from('0123456789')

beforeEach(async () => {
  emulator = await startEmulator({ quirks: { sliceSize: 5 } })
})
afterEach(() => emulator.close())

const slice = (preuploadID: string, sliceNo: number) =>
  sliceCall(emulator, { preuploadID, sliceNo, bytes: bytes.subarray((sliceNo - 1) * 5, sliceNo * 5) })

describe('before', () => {
  it.each([
    {
      name: 'an HTTP status',
      fault: { status: 503 },
      expected: { status: 503, code: 503, message: 'fault' },
    },
    {
      name: 'a code',
      fault: { code: 20103, message: 'wait' },
      expected: { status: 200, code: 20103, message: 'wait' },
    },
    {
      name: 'both',
      fault: { status: 401, code: 401, message: 'token is invalid' },
      expected: { status: 401, code: 401 },
    },
    {
      name: 'headers',
      fault: { status: 429, headers: { 'retry-after': '7' } },
      expected: { status: 429, headers: { 'retry-after': '7' } },
    },
    {
      name: 'a page',
      fault: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' },
      expected: { status: 502, body: '<html>', code: undefined },
    },
    { name: 'nothing', fault: { body: '' }, expected: { status: 500, body: '' } },
  ])('answers with $name, once, and applies nothing', async ({ fault, expected }) => {
    emulator.fault({ on: 'single_create', kind: 'before', ...fault })
    expect(await send(singleCall(emulator, bytes))).toMatchObject(expected)
    expect(emulator.files()).toEqual([])
    expect(await send(singleCall(emulator, bytes))).toMatchObject({ code: 0 })
    expect(emulator.violations()).toEqual([])
  })

  it('skips and repeats as told, on its endpoint only', async () => {
    emulator.fault({ on: 'domain', kind: 'before', status: 500, skip: 1, times: 2 })
    const statuses: number[] = []
    for (let n = 0; n < 5; n += 1) {
      statuses.push((await send(getCall(emulator, '/upload/v2/file/domain'))).status)
      expect((await send(getCall(emulator, '/api/v1/user/info'))).status).toBe(200)
    }
    expect(statuses).toEqual([200, 500, 500, 200, 200])
  })

  it('strikes a slice by its number', async () => {
    const preuploadID = await begin(emulator, bytes)
    emulator.fault({ on: 'slice', sliceNo: 2, kind: 'before', status: 500, body: '' })
    const answers = await sendSlices(emulator, preuploadID, bytes, [1, 2, 2])
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200])
    expect((await pollToEnd(emulator, preuploadID)).at(-1)?.data).toMatchObject({ completed: true })
  })

  it('queues up', async () => {
    emulator.fault({ on: 'domain', kind: 'before', status: 500 })
    emulator.fault({ on: 'domain', kind: 'before', status: 502 })
    const statuses = [1, 2, 3].map(
      async () => (await send(getCall(emulator, '/upload/v2/file/domain'))).status,
    )
    expect((await Promise.all(statuses)).sort()).toEqual([200, 500, 502])
  })
})

describe('lost-answer', () => {
  it('applies a single-step upload and answers nothing', async () => {
    emulator.fault({ on: 'single_create', kind: 'lost-answer' })
    await expect(send(singleCall(emulator, bytes))).rejects.toThrow('socket hang up')
    expect(emulator.files()).toHaveLength(1)
    expect(emulator.requests().at(-1)).toMatchObject({ endpoint: 'single_create', status: 0, code: 0 })
  })

  it('applies a slice by its number', async () => {
    const preuploadID = await begin(emulator, bytes)
    emulator.fault({ on: 'slice', sliceNo: 1, kind: 'lost-answer' })
    expect(await send(slice(preuploadID, 2))).toMatchObject({ code: 0 })
    await expect(send(slice(preuploadID, 1))).rejects.toThrow('socket hang up')
    expect((await pollToEnd(emulator, preuploadID)).at(-1)?.data).toMatchObject({ completed: true })
  })

  it('is not an answer that the next poll must keep a second away from', async () => {
    emulator.quirks.completion = { kind: 'completed-false', times: 0 }
    const preuploadID = await begin(emulator, bytes)
    await sendSlices(emulator, preuploadID, bytes)
    emulator.fault({ on: 'upload_complete', kind: 'lost-answer' })
    await expect(send(completeCall(emulator, preuploadID))).rejects.toThrow('socket hang up')
    expect((await send(completeCall(emulator, preuploadID))).data).toMatchObject({ completed: true })
    expect(emulator.files()).toHaveLength(1)
  })
})

describe('cut', () => {
  it.each([0, 100, 1_000_000, 9_999_999])(
    'destroys the socket after %i bytes and applies nothing',
    async (afterBytes) => {
      emulator.fault({ on: 'single_create', kind: 'cut', afterBytes })
      await expect(send(singleCall(emulator, Buffer.alloc(3_000_000)))).rejects.toThrow(
        /socket hang up|EPIPE|ECONNRESET/u,
      )
      expect(emulator.files()).toEqual([])
      const [record] = emulator.requests()
      expect(record).toMatchObject({ endpoint: 'single_create', status: 0, code: undefined })
      expect(record?.bodyBytes).toBeGreaterThanOrEqual(Math.min(afterBytes, 3_000_000))
      expect(record?.bodyBytes).toBeLessThan(afterBytes === 9_999_999 ? Infinity : afterBytes + 100_000)
    },
  )

  it('cuts a slice by its number, and a request without a body', async () => {
    const preuploadID = await begin(emulator, bytes)
    emulator.fault({ on: 'slice', sliceNo: 2, kind: 'cut', afterBytes: 300 })
    expect(await send(slice(preuploadID, 1))).toMatchObject({ code: 0 })
    await expect(send(slice(preuploadID, 2))).rejects.toThrow('socket hang up')
    emulator.fault({ on: 'domain', kind: 'cut', afterBytes: 10 })
    await expect(send(getCall(emulator, '/upload/v2/file/domain'))).rejects.toThrow('socket hang up')
  })
})

it('delay waits, then goes on', async () => {
  emulator.fault({ on: 'create', kind: 'delay', ms: 300 })
  const start = Date.now()
  expect(await send(createCall(emulator, bytes))).toMatchObject({ code: 0 })
  expect(Date.now() - start).toBeGreaterThanOrEqual(295)
})

describe('hang', () => {
  it('never answers, and does not keep the emulator from closing', async () => {
    emulator.fault({ on: 'single_create', kind: 'hang' })
    const hanging = expect(send(singleCall(emulator, bytes))).rejects.toThrow('socket hang up')
    await pause(200)
    await emulator.close()
    await hanging
  })

  it('goes on hanging when the gateway would give up', async () => {
    emulator.quirks.bodyTimeoutMs = 100
    const preuploadID = await begin(emulator, bytes)
    emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await expect(send(slice(preuploadID, 1), AbortSignal.timeout(400))).rejects.toThrow('aborted')
    await expect
      .poll(() => emulator.requests().at(-1))
      .toMatchObject({ endpoint: 'slice', sliceNo: 1, status: 0 })
  })
})

describe('randomFaults', () => {
  const outcomes = async (seed: number) => {
    emulator.randomFaults({ seed, rate: 0.5 })
    const seen: string[] = []
    for (let n = 0; n < 20; n += 1) {
      seen.push(
        await send(getCall(emulator, '/upload/v2/file/domain')).then(
          ({ status }) => String(status),
          () => 'cut',
        ),
      )
    }
    return seen
  }

  it('are the same for the same seed, and end when told', async () => {
    const first = await outcomes(7)
    expect(await outcomes(7)).toEqual(first)
    expect(await outcomes(8)).not.toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(2)
    emulator.randomFaults(undefined)
    for (let n = 0; n < 5; n += 1)
      expect(await send(getCall(emulator, '/upload/v2/file/domain'))).toMatchObject({ code: 0 })
  })
})

it('a client that leaves in the middle of a body leaves nothing behind', async () => {
  const call = singleCall(emulator, Buffer.alloc(2_000_000))
  const endless = {
    ...call,
    headers: { ...call.headers, 'Content-Length': '9000000' },
    body: [call.body as Uint8Array],
  } // singleCall gives one piece
  await expect(send(endless, AbortSignal.timeout(300))).rejects.toThrow('aborted')
  await expect.poll(() => emulator.requests().at(-1)).toMatchObject({ endpoint: 'single_create', status: 0 })
  expect(emulator.files()).toEqual([])
})
