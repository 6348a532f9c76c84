import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { addressOf, type Address, type ProxyCredentials, type ProxyHop } from '#app/proxy'
import { refused, wrongCredentials } from './proxy-failure.ts'

/** A tunnel by CONNECT (RFC 9110, 9.3.6). */
export function connectByHttp(hop: ProxyHop, target: Address, signal: AbortSignal): Promise<Socket> {
  const { server, credentials } = hop
  const authority = addressOf(target)
  return new Promise((resolve, reject) => {
    const asked = (server.protocol === 'https' ? httpsRequest : httpRequest)({
      host: server.host,
      port: server.port,
      method: 'CONNECT',
      path: authority,
      agent: false,
      signal,
      headers: {
        host: authority,
        connection: 'keep-alive',
        ...(credentials ? { 'proxy-authorization': basic(credentials) } : {}),
      },
    })
    // Any status comes this way: to a CONNECT nothing else is an answer.
    asked.once('connect', ({ statusCode = 0 }, socket, head) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
        return
      }
      socket.destroy()
      reject(statusCode === 407 ? wrongCredentials(hop) : refused(hop, String(statusCode)))
    })
    asked.once('error', reject)
    asked.end()
  })
}

/** RFC 7617, in UTF-8. */
function basic({ username, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
