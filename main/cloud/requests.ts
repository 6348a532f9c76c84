import { request, type Dispatcher } from 'undici'
import { DriveError } from '#app/errors'
import type { ProxyRoute } from '#app/proxy'
import { redact } from '#app/redact'
import type { RawAnswer } from './answers.ts'
import { Connections, newAgent } from './connections.ts'
import { codeOf } from './proxy-failure.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly route: ProxyRoute
  /** `new`: of its own, closed afterwards. One that was kept may be dead without anybody knowing. */
  readonly connection: 'kept' | 'new'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | HttpBody
  readonly signal: AbortSignal
  /** Give up as `timeout` when nothing moves for this long, in either direction. */
  readonly stallMs: number
}

/** A body of known length, read as it is sent. */
export interface HttpBody {
  readonly bytes: number
  read(sending: Sending): AsyncIterable<Buffer>
}

/** What a body that is being read knows of its request. */
export interface Sending {
  /** Aborts when the request has ended, however it did: nobody wants the rest. */
  readonly over: AbortSignal
  /** Waits for something of our own: that no byte moves meanwhile is no stall. */
  readonly pause: <T>(wait: Promise<T>) => Promise<T>
}

/** An answer is a few hundred bytes of JSON, a page of a listing some tens of kilobytes: more than this is not the platform's. */
const MAX_ANSWER_BYTES = 8 * 1024 ** 2

/** Those of this thread. */
export const connections = new Connections()

/** One request and its whole answer. Fails as `offline`, `proxy-failed`, `connection-lost`, `timeout` or `cancelled`; any status is an answer. */
export async function send(input: HttpRequest): Promise<RawAnswer> {
  const startedAt = performance.now()
  const watch = watchStall(input.stallMs, input.signal)
  const over = new AbortController()
  const own = input.connection === 'new' ? newAgent(input.route) : undefined
  try {
    const answer = request(input.url, {
      dispatcher: own ?? connections.along(input.route),
      method: input.method,
      headers: { ...input.headers, ...lengthOf(input.body) },
      body: bodyOf(input.body, { over: over.signal, pause: watch.pause }, watch.moved),
      signal: watch.signal,
    })
    const response = await unlessAborted(answer, watch.signal)
    const body = await readBody(response.body, watch.moved)
    return {
      status: response.statusCode,
      headers: response.headers,
      body,
      elapsedMs: performance.now() - startedAt,
    }
  } catch (thrown) {
    if (input.signal.aborted) throw new DriveError('cancelled', 'Request cancelled', { cause: thrown })
    if (watch.stalled())
      throw new DriveError('timeout', `No byte moved for ${input.stallMs} ms`, { cause: thrown })
    throw connectionError(thrown)
  } finally {
    watch.stop()
    over.abort()
    void own?.destroy()
  }
}

/** undici itself hears of an abort only once it has a connection, and that may take long. */
function unlessAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new Error('Aborted'))
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    task.then(resolve, reject)
  })
}

type RequestBody = NonNullable<Dispatcher.DispatchOptions['body']> | null

function lengthOf(body: string | HttpBody | undefined): Record<string, string> {
  return typeof body === 'object' ? { 'content-length': String(body.bytes) } : {}
}

function bodyOf(body: string | HttpBody | undefined, sending: Sending, moved: () => void): RequestBody {
  if (typeof body !== 'object') return body ?? null
  // undici takes any async iterable and writes no more than the socket drains.
  return watched(body.read(sending), moved) as unknown as RequestBody
}

async function* watched(chunks: AsyncIterable<Buffer>, moved: () => void): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    moved()
    yield chunk
  }
  moved()
}

async function readBody(body: AsyncIterable<Buffer>, moved: () => void): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    moved()
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new DriveError('malformed-answer', 'The answer is far too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

interface StallWatch {
  readonly signal: AbortSignal
  readonly moved: () => void
  readonly pause: Sending['pause']
  stalled(): boolean
  stop(): void
}

function watchStall(stallMs: number, outer: AbortSignal): StallWatch {
  const controller = new AbortController()
  let stalled = false
  let paused = false
  const timer = setTimeout(() => {
    if (paused) return
    stalled = true
    controller.abort()
  }, stallMs)
  const abort = (): void => {
    controller.abort()
  }
  outer.addEventListener('abort', abort, { once: true })
  if (outer.aborted) abort()
  return {
    signal: controller.signal,
    moved: () => void timer.refresh(),
    pause: async (wait) => {
      paused = true
      try {
        return await wait
      } finally {
        paused = false
        timer.refresh()
      }
    },
    stalled: () => stalled,
    stop: () => {
      clearTimeout(timer)
      outer.removeEventListener('abort', abort)
    },
  }
}

const OFFLINE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
])
const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_ABORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
])
/** What a TLS handshake with something that does not speak TLS, or not as itself, ends in. */
const NOT_TLS = /^(?:EPROTO|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_)/u

/** The one place where undici's and the socket's codes become ours. */
function connectionError(thrown: unknown): DriveError {
  if (thrown instanceof DriveError) return thrown
  const code = codeOf(thrown)
  const message = `${code}: ${redact(thrown instanceof Error ? thrown.message : String(thrown))}`
  const options = { cause: thrown, detail: code }
  if (OFFLINE.has(code)) return new DriveError('offline', message, options)
  if (NOT_TLS.test(code)) return new DriveError('insecure-server', message, options)
  if (LOST.has(code)) return new DriveError('connection-lost', message, options)
  if (code.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return new DriveError('malformed-answer', message, options)
  return new DriveError('internal', message, options)
}
