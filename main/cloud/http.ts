import { Agent, request, type Dispatcher } from 'undici'
import { DriveError } from '#app/errors'
import { redact } from '#app/redact'
import type { RawAnswer } from './answers.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
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

/** One a thread: sockets are kept open and shared. Its own time limits are off, the stall watch below replaces them. */
const agent = new Agent({
  connections: 32,
  pipelining: 1,
  keepAliveTimeout: 30_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 15_000 },
})

/** One request and its whole answer. Fails as `offline`, `connection-lost`, `timeout` or `cancelled`; any status is an answer. */
export async function send(input: HttpRequest): Promise<RawAnswer> {
  const startedAt = performance.now()
  const watch = watchStall(input.stallMs, input.signal)
  const over = new AbortController()
  try {
    const response = await request(input.url, {
      dispatcher: agent,
      method: input.method,
      headers: { ...input.headers, ...lengthOf(input.body) },
      body: bodyOf(input.body, { over: over.signal, pause: watch.pause }, watch.moved),
      signal: watch.signal,
    })
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
  }
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

/** The code of the error, of its cause, or of the first of several (happy eyeballs tries all addresses). */
function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0])
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return codeOf(thrown.cause)
}
