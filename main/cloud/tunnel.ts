import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import { DriveError } from '#app/errors'
import { addressOf, type Address, type ProxyHop } from '#app/proxy'
import { isLoopback } from './hosts.ts'
import { connectByHttp } from './http-connect.ts'
import { codeOf, unreachable } from './proxy-failure.ts'
import { connectBySocks5 } from './socks5.ts'

/** To reach a server, or a proxy and through it a server. */
export const CONNECT_MS = 15_000

/**
 * What goes by a proxy goes through a tunnel, CONNECT or SOCKS5: the proxy sees where to, and nothing of what is sent over TLS.
 * undici's own proxy agents are not used: what a proxy answered they say only in words, a refusal of its looks like one of the
 * platform's, and the one for SOCKS5 has no limits and no codes yet and calls itself an experiment on stderr.
 */
export function throughProxy(hop: ProxyHop): buildConnector.connector {
  const secure = buildConnector({ timeout: CONNECT_MS })
  return (options, callback) => {
    const isSecure = options.protocol === 'https:'
    if (!isSecure && !isLoopback(hop.server.host)) {
      callback(inTheClear(hop), null)
      return
    }
    const target = {
      host: options.hostname.replace(/^\[(.*)\]$/u, '$1'),
      port: Number(options.port) || (isSecure ? 443 : 80),
    }
    openTunnel(hop, target).then(
      (socket) => {
        if (isSecure) secure({ ...options, httpSocket: socket }, callback)
        else callback(null, socket)
      },
      (thrown: unknown) => {
        callback(thrown instanceof Error ? thrown : new Error(String(thrown)), null)
      },
    )
  }
}

/** Without TLS is for this machine alone (hosts.ts), and by such a proxy it would leave it. */
function inTheClear({ server }: ProxyHop): DriveError {
  return new DriveError('insecure-server', 'The token is not sent to a proxy in the clear', {
    detail: addressOf(server),
  })
}

/** Fails as `proxy-failed`, or as `offline` where this machine has no network. */
async function openTunnel(hop: ProxyHop, target: Address): Promise<Socket> {
  const open = hop.server.protocol === 'socks5' ? connectBySocks5 : connectByHttp
  // Not AbortSignal.timeout: it would still fire when the tunnel is in use.
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort()
  }, CONNECT_MS)
  try {
    const socket = await open(hop, target, late.signal)
    return socket.setNoDelay(true).setKeepAlive(true, 60_000)
  } catch (thrown) {
    if (thrown instanceof DriveError) throw thrown
    throw unreachable(hop, late.signal.aborted ? `no answer in ${CONNECT_MS} ms` : codeOf(thrown))
  } finally {
    clearTimeout(timer)
  }
}
