import { beforeEach, describe, expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'
import type { ManualProxy } from '#app/proxy'
import { Proxies } from '#main/desktop/proxies'
import type { Keychain } from '#main/session/keychain'
import { failureOf } from '#test/failures'

const ORIGIN = 'https://open-api.123pan.com'
const MANUAL: ManualProxy = { kind: 'manual', protocol: 'socks5', host: 'p', port: 1080, username: 'li' }
const SERVER = { protocol: 'socks5', host: 'p', port: 1080 }

let settings: Settings
let stored: Map<string, string>
let broken: boolean
let answer: string
let resolved: string[]
let proxies: Proxies

beforeEach(() => {
  settings = DEFAULT_SETTINGS
  stored = new Map()
  broken = false
  answer = 'DIRECT'
  resolved = []
  proxies = newProxies()
})

function newProxies(): Proxies {
  const guarded = <T>(use: () => T): Promise<T> =>
    broken ? Promise.reject(new DriveError('keychain-unavailable', 'locked')) : Promise.resolve(use())
  const keychain: Keychain = {
    get: (account) => guarded(() => stored.get(account)),
    set: (account, secret) => guarded(() => void stored.set(account, secret)),
    delete: (account) => guarded(() => stored.delete(account)),
  }
  return new Proxies({
    settings: () => settings,
    keychain,
    resolve: (url) => {
      resolved.push(url)
      return Promise.resolve(answer)
    },
  })
}

const set = (proxy: Settings['proxy']): void => {
  settings = { ...settings, proxy }
}

describe('the system’s proxy', () => {
  test('is what Electron says for this origin', async () => {
    answer = 'PROXY a:3128; DIRECT'
    expect(await proxies.routeFor(ORIGIN)).toEqual({
      kind: 'proxy',
      server: { protocol: 'http', host: 'a', port: 3128 },
    })
    expect(resolved).toEqual([ORIGIN])
  })

  test('that cannot be used is not gone around', async () => {
    answer = 'SOCKS4 a:1'
    expect((await failureOf(proxies.routeFor(ORIGIN))).code).toBe('proxy-failed')
  })
})

test('without a proxy nobody is asked', async () => {
  set({ kind: 'none' })
  answer = 'PROXY a:3128'
  expect(await proxies.routeFor(ORIGIN)).toEqual({ kind: 'direct' })
  expect(resolved).toEqual([])
})

describe('a proxy somebody set', () => {
  const routed = (password: string) => ({
    kind: 'proxy',
    server: SERVER,
    credentials: { username: 'li', password },
  })

  test('is used for all origins, the person’s own machine among them', async () => {
    set({ kind: 'manual', protocol: 'http', host: 'p', port: 1 })
    const route = { kind: 'proxy', server: { protocol: 'http', host: 'p', port: 1 } }
    expect(await proxies.routeFor(ORIGIN)).toEqual(route)
    expect(await proxies.routeFor('http://127.0.0.1:4000')).toEqual(route)
    expect(await proxies.hasPassword()).toBe(false)
  })

  test('has its password from the keychain, also after a restart', async () => {
    set(MANUAL)
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed(''))
    await proxies.setPassword('geheim')
    expect(await proxies.hasPassword()).toBe(true)
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed('geheim'))
    proxies = newProxies()
    expect(await proxies.hasPassword()).toBe(true)
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed('geheim'))
    expect(JSON.stringify(settings)).not.toContain('geheim')
  })

  test.each<{ name: string; other: ManualProxy }>([
    { name: 'host', other: { ...MANUAL, host: 'evil' } },
    { name: 'port', other: { ...MANUAL, port: 9 } },
    { name: 'user', other: { ...MANUAL, username: 'wang' } },
    { name: 'protocol, where it would go in the clear', other: { ...MANUAL, protocol: 'http' } },
  ])('does not get the password of one with another $name', async ({ other }) => {
    set(MANUAL)
    await proxies.setPassword('geheim')
    set(other)
    expect(await proxies.hasPassword()).toBe(false)
    expect(JSON.stringify(await proxies.routeFor(ORIGIN))).not.toContain('geheim')
    set(MANUAL)
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed('geheim'))
  })

  test('forgets its password when told an empty one', async () => {
    set(MANUAL)
    await proxies.setPassword('geheim')
    await proxies.setPassword('')
    expect(await proxies.hasPassword()).toBe(false)
    expect(stored.size).toBe(0)
  })

  test('keeps it until quitting where there is no keychain, and says that it is not kept', async () => {
    set(MANUAL)
    broken = true
    expect((await failureOf(proxies.setPassword('geheim'))).code).toBe('keychain-unavailable')
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed('geheim'))
    expect(await newProxies().hasPassword()).toBe(false)
  })

  test('is asked for without one while the keychain is locked, and with it after that', async () => {
    set(MANUAL)
    await proxies.setPassword('geheim')
    proxies = newProxies()
    broken = true
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed(''))
    broken = false
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed('geheim'))
  })

  test.each(['nonsense', '{}', '{"version":2}'])('takes no password from %s', async (text) => {
    set(MANUAL)
    stored.set('proxy', text)
    expect(await proxies.routeFor(ORIGIN)).toEqual(routed(''))
  })

  test.each<Settings['proxy']>([
    { kind: 'system' },
    { kind: 'none' },
    { kind: 'manual', protocol: 'http', host: 'p', port: 1 },
  ])('is there when a password is set: not $kind alone', async (proxy) => {
    set(proxy)
    const failure = await failureOf(proxies.setPassword('geheim'))
    expect(failure.code).toBe('invalid-argument')
    expect(failure.message).not.toContain('geheim')
    expect(stored.size).toBe(0)
  })
})
