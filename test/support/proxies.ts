import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { ProxyCredentials, ProxyRoute, ProxyServer } from '#app/proxy'
import { selfSigned } from './certificate.ts'

/** A proxy on loopback, written from the RFCs and not from our client. */
export interface TestProxy {
  readonly server: ProxyServer
  /** The way through it, as somebody whom it lets through. */
  readonly route: ProxyRoute
  /** `host:port` of each tunnel it was asked for by somebody it knows. */
  readonly asked: readonly string[]
  /** Connections that were made to it, whatever became of them. */
  readonly visits: () => number
  /** Logins it did not accept. */
  readonly refusedLogins: () => number
  /** All that came from clients, as text that keeps every byte. */
  received(): string
  /** Tunnels that are there go dead without a word, as over a network that is gone; new ones are made. */
  freeze(): void
  /** Nothing gets through any more, and nobody says so: tunnels go dead, and new ones are not made until it is over. */
  swallow(on: boolean): void
  /** It dies: whatever goes through it breaks. */
  close(): Promise<void>
}

export interface TestProxyOptions {
  readonly credentials?: ProxyCredentials
  readonly port?: number
  /** What it says instead of making a tunnel: a status, or a SOCKS5 reply. */
  readonly refuses?: number
}

/** A name that leads nowhere but through a test proxy, which takes it for loopback. Not on other machines than Linux, but there it fails later. */
const BEHIND_PROXY = '127.77.77.77'

/** The address of a server on loopback as only a proxy knows it. */
export function behind(url: string): string {
  return url.replace('127.0.0.1', BEHIND_PROXY)
}

/** What came of a handshake: where to, and what to say when the tunnel is made. */
interface Wish {
  readonly host: string
  readonly port: number
  readonly granted: Buffer
  readonly failed: Buffer
}

interface Visit {
  readonly socket: Socket
  readonly options: TestProxyOptions
  /** Exactly so many bytes. */
  readonly take: (bytes: number) => Promise<Buffer>
  readonly refuseLogin: () => void
}

export function startHttpProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  return start('http', options, byConnect)
}

/** The same over TLS. */
export function startHttpsProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  return start('https', options, byConnect)
}

export function startSocks5Proxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  return start('socks5', options, bySocks5)
}

async function start(
  protocol: ProxyServer['protocol'],
  options: TestProxyOptions,
  handshake: (visit: Visit) => Promise<Wish | undefined>,
): Promise<TestProxy> {
  const asked: string[] = []
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  let visits = 0
  let refusedLogins = 0
  let swallows = false

  const freeze = (): void => {
    for (const socket of sockets) socket.unpipe().pause()
  }
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
  }
  const visit = async (socket: Socket): Promise<void> => {
    keep(socket)
    visits++
    if (swallows) {
      socket.pause()
      return
    }
    const take = reader(socket, (bytes) => received.push(bytes))
    const refuseLogin = (): void => {
      refusedLogins++
    }
    const wish = await handshake({ socket, options, take, refuseLogin })
    if (!wish) return
    asked.push(`${wish.host}:${wish.port}`)
    if (options.refuses !== undefined) {
      socket.end(wish.failed)
      return
    }
    const upstream = connect({
      host: wish.host === BEHIND_PROXY ? '127.0.0.1' : wish.host,
      port: wish.port,
    })
    keep(upstream)
    upstream.on('error', () => socket.end(wish.failed))
    await once(upstream, 'connect')
    socket.write(wish.granted)
    socket.on('data', (bytes: Buffer) => received.push(bytes))
    socket.pipe(upstream).pipe(socket)
    socket.on('close', () => upstream.destroy())
    upstream.on('close', () => socket.destroy())
  }
  const welcome = (socket: Socket): void => {
    // Clients leave when they like.
    visit(socket).catch(() => socket.destroy())
  }
  const server = protocol === 'https' ? createTlsServer(selfSigned(), welcome) : createServer(welcome)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo
  const at = { protocol, host: '127.0.0.1', port }
  return {
    server: at,
    route: {
      kind: 'proxy',
      server: at,
      ...(options.credentials ? { credentials: options.credentials } : {}),
    },
    asked,
    visits: () => visits,
    refusedLogins: () => refusedLogins,
    received: () => Buffer.concat(received).toString('latin1'),
    freeze,
    swallow(on) {
      swallows = on
      if (on) freeze()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** RFC 9110, CONNECT; RFC 7617, Basic. */
async function byConnect({ socket, options, take, refuseLogin }: Visit): Promise<Wish | undefined> {
  let head = (await take(1)).toString('latin1')
  if (!/[A-Z]/u.test(head)) {
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    return undefined
  }
  while (!head.endsWith('\r\n\r\n')) head += (await take(1)).toString('latin1')
  const [line = '', ...fields] = head.trimEnd().split('\r\n')
  const [, host = '', port = ''] = /^CONNECT (\S+):(\d+) HTTP\/1\.1$/u.exec(line) ?? []
  if (host === '') {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n')
    return undefined
  }
  const given = fields.find((field) => /^proxy-authorization:/iu.test(field))?.replace(/^[^:]*: */u, '')
  if (options.credentials && given !== basicOf(options.credentials)) {
    refuseLogin()
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n')
    return undefined
  }
  return {
    host,
    port: Number(port),
    granted: Buffer.from('HTTP/1.1 200 Connection Established\r\n\r\n'),
    failed: Buffer.from(`HTTP/1.1 ${options.refuses ?? 502} Bad Gateway\r\ncontent-length: 0\r\n\r\n`),
  }
}

function basicOf({ username, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** RFC 1928; RFC 1929. */
async function bySocks5({ socket, options, take, refuseLogin }: Visit): Promise<Wish | undefined> {
  const [version, count = 0] = await take(2)
  const methods = await take(count)
  const method = options.credentials ? 2 : 0
  if (version !== 5 || !methods.includes(method)) {
    refuseLogin()
    socket.end(Buffer.from([5, 0xff]))
    return undefined
  }
  socket.write(Buffer.from([5, method]))
  if (options.credentials) {
    const [, nameLength = 0] = await take(2)
    const username = (await take(nameLength)).toString('utf8')
    const [wordLength = 0] = await take(1)
    const password = (await take(wordLength)).toString('utf8')
    const isRight = username === options.credentials.username && password === options.credentials.password
    if (!isRight) {
      refuseLogin()
      socket.end(Buffer.from([1, 1]))
      return undefined
    }
    socket.write(Buffer.from([1, 0]))
  }
  const [, command, , kind] = await take(4)
  if (command !== 1) throw new Error('Only CONNECT')
  const host = kind === 1 ? (await take(4)).join('.') : (await take((await take(1))[0] ?? 0)).toString()
  const port = (await take(2)).readUInt16BE()
  const reply = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
  return { host, port, granted: reply(0), failed: reply(options.refuses ?? 5) }
}

/** Takes bytes off a socket, and none that come after them. */
function reader(socket: Socket, onBytes: (bytes: Buffer) => void): (bytes: number) => Promise<Buffer> {
  return async (bytes) => {
    for (;;) {
      // A stream of bytes yields Buffers.
      const chunk = (bytes === 0 ? Buffer.alloc(0) : socket.read(bytes)) as Buffer | null
      if (chunk) {
        onBytes(chunk)
        return chunk
      }
      if (socket.readableEnded || socket.destroyed) throw new Error('The client left')
      await Promise.race([once(socket, 'readable'), once(socket, 'close')])
    }
  }
}
