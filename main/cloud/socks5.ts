import { connect, isIPv4, type Socket } from 'node:net'
import type { Address, ProxyCredentials, ProxyHop } from '#app/proxy'
import { refused, wrongCredentials } from './proxy-failure.ts'

const VERSION = 5
const METHOD = { none: 0, password: 2, noneIsGood: 0xff } as const
const CONNECT = 1
const KIND = { ipv4: 1, name: 3, ipv6: 4 } as const

/** A tunnel by SOCKS5 (RFC 1928), with a user name and a password (RFC 1929) where the proxy wants them. */
export async function connectBySocks5(hop: ProxyHop, target: Address, signal: AbortSignal): Promise<Socket> {
  const { server } = hop
  const socket = connect({ host: server.host, port: server.port, signal })
  try {
    return await shakeHands(socket, hop, target)
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
}

async function shakeHands(socket: Socket, hop: ProxyHop, target: Address): Promise<Socket> {
  const { credentials } = hop
  socket.write(
    credentials
      ? Buffer.from([VERSION, 2, METHOD.none, METHOD.password])
      : Buffer.from([VERSION, 1, METHOD.none]),
  )
  const [version, method] = await take(socket, 2, hop)
  if (version !== VERSION) throw refused(hop, 'it speaks no SOCKS5')
  if (method === METHOD.noneIsGood) throw wrongCredentials(hop)
  if (method === METHOD.password && credentials) {
    const login = loginOf(credentials)
    if (!login) throw wrongCredentials(hop)
    socket.write(login)
    const [, status] = await take(socket, 2, hop)
    if (status !== 0) throw wrongCredentials(hop)
  } else if (method !== METHOD.none) throw refused(hop, `method ${method}`)

  socket.write(requestOf(target))
  const [, reply, , kind] = await take(socket, 4, hop)
  if (reply !== 0) throw refused(hop, `SOCKS5 reply ${reply}`)
  // Where it is bound says nothing to us, but stands before what the server sends.
  const [length = 0] = kind === KIND.name ? await take(socket, 1, hop) : [kind === KIND.ipv6 ? 16 : 4]
  await take(socket, length + 2, hop)
  return socket
}

/** Undefined where it does not fit: 255 bytes each. */
function loginOf({ username, password }: ProxyCredentials): Buffer | undefined {
  const [name, word] = [Buffer.from(username), Buffer.from(password)]
  if (name.length > 255 || word.length > 255) return undefined
  return Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([word.length]), word])
}

/** Names go as they are: the proxy resolves them, and so it does with the rare IPv6 address in letters. */
function requestOf({ host, port }: Address): Buffer {
  const address = isIPv4(host)
    ? Buffer.from([KIND.ipv4, ...host.split('.').map(Number)])
    : Buffer.concat([Buffer.from([KIND.name, Buffer.byteLength(host)]), Buffer.from(host)])
  return Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), address, Buffer.from([port >> 8, port & 0xff])])
}

/** So many bytes, and none of those that come after them. */
function take(socket: Socket, bytes: number, hop: ProxyHop): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const end = (then: () => void): void => {
      socket.off('readable', look).off('error', fail).off('close', lose)
      then()
    }
    const fail = (error: Error): void => {
      end(() => {
        reject(error)
      })
    }
    const lose = (): void => {
      fail(refused(hop, 'it hung up'))
    }
    const look = (): void => {
      // At the end of the stream it is what there is.
      const chunk = socket.read(bytes) as Buffer | null
      if (chunk?.length === bytes)
        end(() => {
          resolve(chunk)
        })
      else if (chunk) lose()
    }
    socket.on('readable', look).on('error', fail).on('close', lose)
    if (socket.destroyed) lose()
    else look()
  })
}
