import type { RawAnswer } from './answers.ts'
import type * as Requests from './requests.ts'

/** The library weighs a megabyte: an engine that starts does not wait for it, nor a window for the engine. Threads that send have it from the start. */
let requests: typeof Requests | undefined

/** One request and its whole answer. Fails as `offline`, `proxy-failed`, `connection-lost`, `timeout` or `cancelled`; any status is an answer. */
export async function send(request: Requests.HttpRequest): Promise<RawAnswer> {
  requests ??= await import('./requests.ts')
  return requests.send(request)
}

/** What is open leads nowhere any more: requests under way fail as `connection-lost`, the next ones connect anew. */
export function forgetConnections(): void {
  requests?.connections.forget()
}
