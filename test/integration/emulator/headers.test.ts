import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import {
  begin,
  type Call,
  completeCall,
  createCall,
  getCall,
  jsonCall,
  send,
  singleCall,
  sliceCall,
} from './client.ts'

let emulator: Emulator
const bytes = Buffer.from('content')

/** A right request for each endpoint that needs a token. */
const RIGHT: readonly { readonly name: string; readonly call: () => Promise<Call> | Call }[] = [
  { name: 'user_info', call: () => getCall(emulator, '/api/v1/user/info') },
  { name: 'list', call: () => getCall(emulator, '/api/v2/file/list?parentFileId=0&limit=100') },
  { name: 'domain', call: () => getCall(emulator, '/upload/v2/file/domain') },
  { name: 'create', call: () => createCall(emulator, Buffer.from('for create'), { duplicate: 1 }) },
  {
    name: 'slice',
    call: async () => {
      const preuploadID = await begin(emulator, Buffer.from('for slice'), { duplicate: 1 })
      return sliceCall(emulator, { preuploadID, sliceNo: 1, bytes: Buffer.from('for slice') })
    },
  },
  {
    name: 'upload_complete',
    call: async () => {
      const content = Buffer.from('for complete')
      const preuploadID = await begin(emulator, content, { duplicate: 1 })
      await send(sliceCall(emulator, { preuploadID, sliceNo: 1, bytes: content }))
      return completeCall(emulator, preuploadID)
    },
  },
  { name: 'single_create', call: () => singleCall(emulator, bytes, { duplicate: '1' }) },
  {
    name: 'mkdir',
    call: () => jsonCall(emulator, '/upload/v1/file/mkdir', { name: randomUUID(), parentID: 0 }),
  },
  {
    name: 'move',
    call: async () =>
      jsonCall(emulator, '/api/v1/file/move', { fileIDs: [await seeded()], toParentFileID: 0 }),
  },
  {
    name: 'rename',
    call: async () =>
      jsonCall(emulator, '/api/v1/file/name', { fileId: await seeded(), fileName: randomUUID() }, 'PUT'),
  },
  {
    name: 'trash',
    call: async () => jsonCall(emulator, '/api/v1/file/trash', { fileIDs: [await seeded()] }),
  },
  {
    name: 'recover',
    call: async () => jsonCall(emulator, '/api/v1/file/recover', { fileIDs: [await seeded()] }),
  },
  {
    name: 'detail',
    call: async () => getCall(emulator, `/api/v1/file/detail?fileID=${await seeded()}`),
  },
]

const seeded = async (): Promise<number> => (await emulator.seed(`/${randomUUID()}`, bytes)).fileID

beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

describe.each(RIGHT)('$name', ({ name, call }) => {
  it('takes a right request', async () => {
    const answer = await send(await call())
    expect(answer).toMatchObject({ status: 200, code: 0, message: 'ok' })
  })

  it.each([
    { title: 'no Authorization', headers: { Authorization: '' } },
    { title: 'a token without Bearer', headers: () => ({ Authorization: emulator.token }) },
    { title: 'bearer in lower case', headers: () => ({ Authorization: `bearer ${emulator.token}` }) },
    { title: 'an unknown token', headers: { Authorization: 'Bearer nobody' } },
  ])('answers HTTP 401 and code 401 to $title', async ({ headers }) => {
    const right = await call()
    const changed = typeof headers === 'function' ? headers() : headers
    const answer = await send({ ...right, headers: { ...right.headers, ...changed } })
    expect(answer).toMatchObject({ status: 401, code: 401 })
    expect(emulator.requests().at(-1)).toMatchObject({
      endpoint: name,
      authorized: false,
      status: 401,
      code: 401,
    })
  })

  it.each(['', 'web', 'open_platform ,', 'Open_Platform'])('refuses Platform: %j', async (platform) => {
    const right = await call()
    const answer = await send({ ...right, headers: { ...right.headers, Platform: platform } })
    expect(answer).toMatchObject({ status: 200, code: 1, message: 'Platform must be open_platform' })
    expect(emulator.violations().at(-1)).toBe(`${name}: Platform must be open_platform`)
  })

  it('refuses a body of the wrong Content-Type', async () => {
    const right = await call()
    if (right.method === 'GET') return
    for (const contentType of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/mixed; boundary=x',
    ]) {
      const answer = await send({ ...right, headers: { ...right.headers, 'Content-Type': contentType } })
      expect(answer).toMatchObject({
        code: 1,
        message: expect.stringContaining('Content-Type must be') as unknown,
      })
    }
  })
})

it('gives every answer an x-traceID of its own', async () => {
  const calls = [
    getCall(emulator, '/upload/v2/file/domain'),
    getCall(emulator, '/nowhere'),
    jsonCall(emulator, '/upload/v2/file/create', {}),
  ]
  const answers = await Promise.all([...calls, ...calls].map((call) => send(call)))
  expect(new Set(answers.map(({ traceID }) => traceID)).size).toBe(6)
  expect(answers.every(({ traceID }) => traceID !== undefined && traceID !== '')).toBe(true)
})

it.each([
  { name: 'an unknown path', call: () => getCall(emulator, '/api/v9/file/list') },
  { name: 'a wrong method', call: () => getCall(emulator, '/upload/v2/file/create') },
  {
    name: 'slice on the API host',
    call: () => ({
      ...sliceCall(emulator, { preuploadID: 'x', sliceNo: 1, bytes }),
      url: `${emulator.url}/upload/v2/file/slice`,
    }),
  },
  {
    name: 'single/create on the API host',
    call: () => ({ ...singleCall(emulator, bytes), url: `${emulator.url}/upload/v2/file/single/create` }),
  },
  {
    name: 'create on an upload host',
    call: () => ({
      ...createCall(emulator, bytes),
      url: `${emulator.uploadUrls[0] ?? ''}/upload/v2/file/create`,
    }),
  },
  {
    name: 'list on an upload host',
    call: () => ({
      ...getCall(emulator, ''),
      url: `${emulator.uploadUrls[1] ?? ''}/api/v2/file/list?parentFileId=0&limit=1`,
    }),
  },
])('answers 404 as JSON to $name', async ({ call }) => {
  expect(await send(call())).toMatchObject({ status: 404, code: 404 })
  expect(emulator.requests().at(-1)).toMatchObject({ endpoint: 'unknown', status: 404 })
})
