import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { Emulator } from '#emulator/types'

/** What came back: `undefined` fields when it was not the envelope. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly code: number | undefined
  readonly message: string | undefined
  readonly traceID: string | undefined
  /** As is: tests say what they expect in it. */
  readonly data: Readonly<Record<string, unknown>>
  readonly list: readonly unknown[]
}

export type FormPart = readonly [name: string, value: string | Uint8Array]

export interface Call {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** A list is sent as chunks, without Content-Length. */
  readonly body?: Uint8Array | readonly Uint8Array[]
}

export const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex')

export function headersFor(emulator: Emulator): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${emulator.token}`, Platform: 'open_platform' }
}

export function getCall(emulator: Emulator, path: string): Call {
  return { url: emulator.url + path, method: 'GET', headers: headersFor(emulator) }
}

export function jsonCall(
  emulator: Emulator,
  path: string,
  body: unknown,
  method: 'POST' | 'PUT' = 'POST',
): Call {
  const headers = { ...headersFor(emulator), 'Content-Type': 'application/json' }
  return { url: emulator.url + path, method, headers, body: Buffer.from(JSON.stringify(body)) }
}

/** Bytes go as a file, text as a field; in this order. */
export function formCall(emulator: Emulator, path: string, parts: readonly FormPart[]): Call {
  const boundary = 'boundary-4f9a'
  const chunks = parts.flatMap(([name, value]) => {
    const file =
      typeof value === 'string' ? '' : '; filename="x.bin"\r\nContent-Type: application/octet-stream'
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`
    return [Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')]
  })
  const headers = { ...headersFor(emulator), 'Content-Type': `multipart/form-data; boundary=${boundary}` }
  const body = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
  return { url: (emulator.uploadUrls[0] ?? '') + path, method: 'POST', headers, body }
}

export interface SliceFields {
  readonly preuploadID: string
  readonly sliceNo: number | string
  readonly sliceMD5?: string
  readonly bytes: Uint8Array
}

export function sliceCall(emulator: Emulator, { preuploadID, sliceNo, sliceMD5, bytes }: SliceFields): Call {
  return formCall(emulator, '/upload/v2/file/slice', [
    ['preuploadID', preuploadID],
    ['sliceNo', String(sliceNo)],
    ['sliceMD5', sliceMD5 ?? md5(bytes)],
    ['slice', bytes],
  ])
}

export function singleCall(
  emulator: Emulator,
  bytes: Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): Call {
  const all = {
    parentFileID: '0',
    filename: 'a.txt',
    etag: md5(bytes),
    size: String(bytes.length),
    ...fields,
  }
  return formCall(emulator, '/upload/v2/file/single/create', [...Object.entries(all), ['file', bytes]])
}

export function createCall(
  emulator: Emulator,
  bytes: Uint8Array,
  fields: Readonly<Record<string, unknown>> = {},
): Call {
  const body = { parentFileID: 0, filename: 'a.txt', etag: md5(bytes), size: bytes.length, ...fields }
  return jsonCall(emulator, '/upload/v2/file/create', body)
}

export function completeCall(emulator: Emulator, preuploadID: string): Call {
  return jsonCall(emulator, '/upload/v2/file/upload_complete', { preuploadID })
}

/** Sends it as it is, right or wrong; rejects when the connection ends without an answer. */
export function send(call: Call, signal?: AbortSignal): Promise<Answered> {
  const { url, method, headers, body } = call
  return new Promise((resolve, reject) => {
    const length = body instanceof Uint8Array ? { 'Content-Length': String(body.length) } : {}
    const outgoing = request(url, {
      method,
      headers: { ...length, ...headers },
      agent: false,
      ...(signal ? { signal } : {}),
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        resolve(parse(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString('utf8')))
      })
    })
    for (const chunk of body instanceof Uint8Array ? [body] : (body ?? [])) outgoing.write(chunk)
    outgoing.end()
  })
}

function parse(status: number, headers: Answered['headers'], body: string): Answered {
  const isJson = String(headers['content-type']).startsWith('application/json')
  const envelope = isJson ? asRecord(JSON.parse(body)) : {}
  const { code, message, data } = envelope
  const traceID = envelope['x-traceID']
  return {
    status,
    headers,
    body,
    code: typeof code === 'number' ? code : undefined,
    message: typeof message === 'string' ? message : undefined,
    traceID: typeof traceID === 'string' ? traceID : undefined,
    data: asRecord(data),
    list: Array.isArray(data) ? data : [],
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Creates an upload of these bytes and gives its preuploadID. */
export async function begin(
  emulator: Emulator,
  bytes: Uint8Array,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { data, message } = await send(createCall(emulator, bytes, fields))
  if (typeof data['preuploadID'] !== 'string') throw new Error(`No preuploadID: ${message ?? ''}`)
  return data['preuploadID']
}

/** Sends all slices, in the given order. */
export async function sendSlices(
  emulator: Emulator,
  preuploadID: string,
  bytes: Uint8Array,
  order?: readonly number[],
): Promise<readonly Answered[]> {
  const { sliceSize } = emulator.quirks
  const count = Math.ceil(bytes.length / sliceSize)
  const answers: Answered[] = []
  for (const sliceNo of order ?? Array.from({ length: count }, (_, index) => index + 1)) {
    const slice = bytes.subarray((sliceNo - 1) * sliceSize, sliceNo * sliceSize)
    answers.push(await send(sliceCall(emulator, { preuploadID, sliceNo, bytes: slice })))
  }
  return answers
}

/** Polls once a second until the answer is neither "not yet" nor 20103. All answers, the last one deciding. */
export async function pollToEnd(emulator: Emulator, preuploadID: string): Promise<readonly Answered[]> {
  const answers: Answered[] = []
  for (;;) {
    const answer = await send(completeCall(emulator, preuploadID))
    answers.push(answer)
    const notYet = answer.code === 20103 || (answer.code === 0 && answer.data['completed'] === false)
    if (!notYet) return answers
    await pause(1000)
  }
}

/** The platform's own rule: a second between polls. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
