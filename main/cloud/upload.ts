import { randomUUID } from 'node:crypto'
import { DriveError, type Failure } from '#app/errors'
import type { Carried, SingleFields, Target } from '../workers/jobs.ts'
import { readAnswer, type RawAnswer } from './answers.ts'
import { trustUploadServer } from './hosts.ts'
import { send, type HttpBody } from './requests.ts'
import { Pace, Throttle } from './throttle.ts'
import { nothing, singleAnswer } from './wire.ts'

/** The two calls that carry file content, made where the file is read. */

type SendTo = Target & {
  readonly signal: AbortSignal
  readonly report: (progress: { bytes: number }) => void
}

/** Spec, 步骤二：上传分片. Field order as there. An empty 200 is success too (platform-facts 3.3). */
export async function postSlice(
  fields: { readonly preuploadID: string; readonly sliceNo: number; readonly sliceMD5: string },
  content: HttpBody,
  to: SendTo,
): Promise<Carried> {
  const texts = [
    ['preuploadID', fields.preuploadID],
    ['sliceNo', String(fields.sliceNo)],
    ['sliceMD5', fields.sliceMD5],
  ] as const
  const { answer, busyMs } = await postMultipart('/upload/v2/file/slice', texts, 'slice', content, to)
  if (answer.status !== 200 || answer.body.trim() !== '') readAnswer(answer, nothing, 'slice')
  return { busyMs }
}

/** Spec, 二、单步上传. */
export async function postSingle(
  fields: SingleFields,
  content: HttpBody,
  to: SendTo,
): Promise<Carried & { readonly fileID: number; readonly completed: boolean }> {
  const texts: (readonly [string, string])[] = [
    ['parentFileID', String(fields.parentFileID)],
    ['filename', fields.filename],
    ['etag', fields.etag],
    ['size', String(fields.size)],
  ]
  if (fields.duplicate !== undefined) texts.push(['duplicate', String(fields.duplicate)])
  if (fields.containDir) texts.push(['containDir', 'true'])
  const { answer, busyMs } = await postMultipart('/upload/v2/file/single/create', texts, 'file', content, to)
  const { fileID, completed } = readAnswer(answer, singleAnswer, 'single upload')
  return { fileID: fileID ?? 0, completed: completed ?? false, busyMs }
}

async function postMultipart(
  path: string,
  texts: readonly (readonly [string, string])[],
  fileField: string,
  content: HttpBody,
  to: SendTo,
): Promise<Carried & { readonly answer: RawAnswer }> {
  const { origin, upgraded } = trustUploadServer(to.host)
  const boundary = `----pan123-${randomUUID()}`
  const head = Buffer.from(
    texts
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('') +
      // The real name travels in a text field: this one needs no quoting rules.
      `--${boundary}\r\nContent-Disposition: form-data; name="${fileField}"; filename="${fileField}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const { bytes } = content
  const pace = new Pace(new Throttle(to.throttle), { bytes, stretchMs: to.stretchMs })
  await pace.begin(head.length + tail.length, to.signal)
  try {
    const answer = await send({
      method: 'POST',
      url: `${origin}${path}`,
      route: to.route,
      connection: 'kept',
      headers: {
        authorization: `Bearer ${to.token}`,
        platform: 'open_platform',
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: {
        bytes: head.length + bytes + tail.length,
        read: (sending) => join(head, pace.pieces(content.read(sending), sending), tail, to.report),
      },
      signal: to.signal,
      stallMs: to.stallMs,
    })
    return { answer, busyMs: answer.elapsedMs - pace.waitedMs }
  } catch (thrown) {
    throw upgraded ? explainUpgrade(thrown, origin) : thrown
  }
}

async function* join(
  head: Buffer,
  pieces: AsyncIterable<Buffer>,
  tail: Buffer,
  report: (progress: { bytes: number }) => void,
): AsyncGenerator<Buffer, void> {
  yield head
  let bytes = 0
  for await (const piece of pieces) {
    yield piece
    // Asked for the next one, so the socket has taken this one.
    bytes += piece.length
    report({ bytes })
  }
  yield tail
}

/** A server named as http that does not answer as https is not given the token (design 3, Hosts). */
function explainUpgrade(thrown: unknown, origin: string): unknown {
  if (!(thrown instanceof DriveError)) return thrown
  const { code, detail }: Failure = thrown.failure
  if (code !== 'insecure-server' && detail !== 'ECONNREFUSED') return thrown
  const host = new URL(origin).host
  return new DriveError(
    'insecure-server',
    `The platform named an upload server without encryption, and https fails: ${host}`,
    {
      cause: thrown,
      detail: host,
    },
  )
}
