import type { ProxyRoute } from '#app/proxy'
import type { RawAnswer } from './answers.ts'
import type * as Requests from './requests.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
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

/** The library weighs a megabyte: an engine that starts does not wait for it, nor a window for the engine. */
let requests: typeof Requests | undefined

/** One request and its whole answer. Fails as `offline`, `proxy-failed`, `connection-lost`, `timeout` or `cancelled`; any status is an answer. */
export async function send(request: HttpRequest): Promise<RawAnswer> {
  requests ??= await import('./requests.ts')
  return requests.send(request)
}

/** What is open leads nowhere any more: requests under way fail as `connection-lost`, the next ones connect anew. */
export function forgetConnections(): void {
  requests?.connections.forget()
}
