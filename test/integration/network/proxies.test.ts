import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Failure } from '#app/errors'
import type { ProxyHop, ProxyRoute } from '#app/proxy'
import { createCloud, type Cloud } from '#main/cloud/client'
import { Limiter } from '#main/cloud/limiter'
import { envelope } from '#test/builders'
import { cannedServer } from '#test/canned-server'
import { selfSigned } from '#test/certificate'
import { failureOf } from '#test/failures'
import {
  behind,
  startHttpProxy,
  startHttpsProxy,
  startSocks5Proxy,
  type TestProxy,
  type TestProxyOptions,
} from '#test/proxies'

const forever = new AbortController().signal
const USER = { username: '李明', password: 'geheim:100%' }
const TOKEN = 'token-nobody-may-see'
const ACCOUNT = envelope(0, 'ok', { uid: 1, nickname: '李明', spaceUsed: 5 })

async function started(
  start: (options: TestProxyOptions) => Promise<TestProxy>,
  options: TestProxyOptions = {},
): Promise<TestProxy> {
  const proxy = await start(options)
  onTestFinished(() => proxy.close())
  return proxy
}

function cloudAt(apiUrl: string, route: ProxyRoute): Cloud {
  return createCloud({
    apiUrl,
    limiter: new Limiter({ off: true }),
    routes: { routeFor: () => Promise.resolve(route) },
    stallMs: 5000,
  })
}

const as = (route: ProxyRoute, credentials: ProxyHop['credentials']): ProxyRoute =>
  route.kind === 'direct'
    ? route
    : { kind: 'proxy', server: route.server, ...(credentials ? { credentials } : {}) }

/** A platform that speaks TLS, with a certificate that is believed for this one test. */
async function secureServer(): Promise<{ readonly url: string; readonly tokens: readonly string[] }> {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const tokens: string[] = []
  const server = createHttpsServer(selfSigned(), ({ headers }, response) => {
    tokens.push(headers.authorization ?? '')
    response.end(ACCOUNT)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has such an address.
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens }
}

const KINDS = [
  { kind: 'HTTP', start: startHttpProxy },
  { kind: 'SOCKS5', start: startSocks5Proxy },
] as const

describe.each(KINDS)('through a proxy by $kind', ({ start }) => {
  test.each([
    { who: 'anybody', credentials: undefined },
    { who: 'somebody with a password', credentials: USER },
  ])('that lets in $who, calls reach the platform, many over few tunnels', async ({ credentials }) => {
    const proxy = await started(start, credentials ? { credentials } : {})
    const { url, asked } = await cannedServer(ACCOUNT)
    const cloud = cloudAt(behind(url), proxy.route)
    for (let call = 0; call < 5; call++) await cloud.account(TOKEN, forever)
    expect(asked).toHaveLength(5)
    expect(new Set(proxy.asked)).toEqual(new Set([behind(url).replace('http://', '')]))
    // undici opens a second one while the first has not quite ended its turn, with a proxy or without.
    expect(proxy.asked.length).toBeLessThanOrEqual(2)
  })

  test('many at once each have a tunnel of their own', async () => {
    const proxy = await started(start)
    const { url, asked } = await cannedServer(ACCOUNT)
    const cloud = cloudAt(behind(url), proxy.route)
    await Promise.all(Array.from({ length: 8 }, () => cloud.account(TOKEN, forever)))
    expect(asked).toHaveLength(8)
    expect(proxy.asked).toHaveLength(8)
  })

  test('over TLS, the proxy sees where to and nothing else', async () => {
    const proxy = await started(start, { credentials: USER })
    const { url, tokens } = await secureServer()
    const cloud = cloudAt(url.replace('127.0.0.1', 'localhost'), proxy.route)
    await cloud.account(TOKEN, forever)
    await cloud.account(TOKEN, forever)
    expect(tokens).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`])
    expect(new Set(proxy.asked)).toEqual(new Set([url.replace('https://127.0.0.1', 'localhost')]))
    expect(proxy.received().length).toBeGreaterThan(500)
    expect(proxy.received()).not.toMatch(/nobody-may-see|Bearer|user\/info/u)
  })

  test.each([
    { name: 'a wrong password', credentials: { ...USER, password: 'falsch' } },
    { name: 'a wrong user', credentials: { ...USER, username: 'wang' } },
    { name: 'none', credentials: undefined },
    { name: 'a password that no proxy takes', credentials: { ...USER, password: 'x'.repeat(300) } },
  ])('with $name: it says so, and nothing of what was given', async ({ credentials }) => {
    const proxy = await started(start, { credentials: USER })
    const { url, asked } = await cannedServer(ACCOUNT)
    const failure = await failureOf(
      cloudAt(behind(url), as(proxy.route, credentials)).account(TOKEN, forever),
    )
    expect(failure).toMatchObject({ code: 'proxy-failed', detail: `127.0.0.1:${proxy.server.port}` })
    expect(failure.message).toContain('credentials')
    // Asked at once again and again, a company's proxy would lock the account.
    expect(failure.retryAfterMs).toBe(60_000)
    expect(said(failure)).not.toMatch(/falsch|geheim|xxx|nobody-may-see/u)
    expect(asked).toEqual([])
  })

  test('that is not there', async () => {
    const proxy = await start()
    await proxy.close()
    const { url } = await cannedServer(ACCOUNT)
    const failure = await failureOf(cloudAt(url, proxy.route).account(TOKEN, forever))
    expect(failure).toMatchObject({ code: 'proxy-failed', detail: `127.0.0.1:${proxy.server.port}` })
    expect(failure.message).toContain('ECONNREFUSED')
    expect(failure.retryAfterMs).toBeUndefined()
  })

  test('that speaks another language', async () => {
    const proxy = await started(start)
    const other = await started(start === startHttpProxy ? startSocks5Proxy : startHttpProxy)
    const route: ProxyRoute = { kind: 'proxy', server: { ...proxy.server, port: other.server.port } }
    const { url } = await cannedServer(ACCOUNT)
    expect((await failureOf(cloudAt(url, route).account(TOKEN, forever))).code).toBe('proxy-failed')
  })

  test('behind which the platform is not there', async () => {
    const proxy = await started(start)
    const gone = await start()
    await gone.close()
    const url = `http://127.0.0.1:${gone.server.port}`
    expect((await failureOf(cloudAt(url, proxy.route).account(TOKEN, forever))).code).toBe('proxy-failed')
  })

  test('that is left when the person is tired of waiting', async () => {
    const proxy = await started(start)
    proxy.swallow(true)
    const { url } = await cannedServer(ACCOUNT)
    const cancelled = new AbortController()
    const task = cloudAt(url, proxy.route).account(TOKEN, cancelled.signal)
    await vi.waitFor(() => {
      expect(proxy.visits()).toBe(1)
    })
    const at = Date.now()
    cancelled.abort()
    expect((await failureOf(task)).code).toBe('cancelled')
    // Not when the time to connect in is over.
    expect(Date.now() - at).toBeLessThan(4000)
  })

  test('that dies and comes back', async () => {
    const first = await start()
    const { url } = await cannedServer(ACCOUNT)
    const cloud = cloudAt(url, first.route)
    await cloud.account(TOKEN, forever)
    await first.close()
    expect((await failureOf(cloud.account(TOKEN, forever))).code).toMatch(/proxy-failed|connection-lost/u)
    await started(start, { port: first.server.port })
    expect(await cloud.account(TOKEN, forever)).toMatchObject({ uid: '1' })
  })
})

test.each([401, 403, 429, 500, 502])(
  'what a proxy answers is not taken for the platform’s word: %d',
  async (status) => {
    const proxy = await started(startHttpProxy, { refuses: status })
    const { url } = await cannedServer(ACCOUNT)
    const failure = await failureOf(cloudAt(url, proxy.route).account(TOKEN, forever))
    expect(failure).toMatchObject({ code: 'proxy-failed' })
    expect(failure.message).toContain(String(status))
  },
)

test.each([1, 2, 3, 4, 5, 6, 7, 8, 99])('nor SOCKS5 reply %d', async (reply) => {
  const proxy = await started(startSocks5Proxy, { refuses: reply })
  const { url } = await cannedServer(ACCOUNT)
  expect(await failureOf(cloudAt(url, proxy.route).account(TOKEN, forever))).toMatchObject({
    code: 'proxy-failed',
    message: expect.stringContaining(`reply ${reply}`) as string,
  })
})

describe('a proxy that is spoken to over TLS', () => {
  test('is not told the password in the clear, nor the token', async () => {
    const { url, tokens } = await secureServer()
    const proxy = await started(startHttpsProxy, { credentials: USER })
    await cloudAt(behind(url), proxy.route).account(TOKEN, forever)
    expect(tokens).toEqual([`Bearer ${TOKEN}`])
    expect(proxy.received()).not.toContain('nobody-may-see')
  })

  test('is not told the password at all when it is not who it says', async () => {
    const proxy = await started(startHttpsProxy, { credentials: USER })
    const { url } = await cannedServer(ACCOUNT)
    const failure = await failureOf(cloudAt(url, proxy.route).account(TOKEN, forever))
    expect(failure).toMatchObject({ code: 'proxy-failed' })
    expect(failure.message).toContain('SELF_SIGNED')
    expect(proxy.received()).toBe('')
  })
})

test('what is not sent over TLS does not leave this machine by a proxy', async () => {
  const { url } = await cannedServer(ACCOUNT)
  const route: ProxyRoute = {
    kind: 'proxy',
    server: { protocol: 'http', host: 'proxy.invalid', port: 8080 },
  }
  expect(await failureOf(cloudAt(url, route).account(TOKEN, forever))).toMatchObject({
    code: 'insecure-server',
    detail: 'proxy.invalid:8080',
  })
})

test('whether the platform is there is asked without saying who asks, on a connection of its own', async () => {
  const proxy = await started(startHttpProxy)
  const { url, asked } = await cannedServer(ACCOUNT)
  const cloud = cloudAt(behind(url), proxy.route)
  await cloud.account(TOKEN, forever)
  await cloud.reach(forever)
  await cloud.reach(forever)
  expect(asked.slice(1)).toMatchObject([
    { method: 'GET', url: '/' },
    { method: 'GET', url: '/' },
  ])
  expect(asked.slice(1).map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
  expect(proxy.asked).toHaveLength(3)
})

test('nothing warns on stderr of what is nobody’s business', async () => {
  const warned: Error[] = []
  const hear = (warning: Error): void => void warned.push(warning)
  process.on('warning', hear)
  onTestFinished(() => {
    process.off('warning', hear)
  })
  const proxy = await started(startSocks5Proxy)
  const { url } = await cannedServer(ACCOUNT)
  await cloudAt(behind(url), proxy.route).account(TOKEN, forever)
  await new Promise((resolve) => setImmediate(resolve))
  expect(warned).toEqual([])
})

/** All of a failure that anybody may get to see, its stack and causes among them. */
function said(failure: Failure): string {
  return JSON.stringify(failure)
}
