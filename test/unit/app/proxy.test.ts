import { describe, expect, test } from 'vitest'
import {
  addressOf,
  isHost,
  routeFromChromium,
  routeFromEnvironment,
  routeFromManual,
  type ProxyServer,
} from '#app/proxy'

const direct = { kind: 'direct' }
const proxy = (protocol: ProxyServer['protocol'], host: string, port: number, user?: [string, string]) => ({
  kind: 'proxy',
  server: { protocol, host, port },
  ...(user ? { credentials: { username: user[0], password: user[1] } } : {}),
})

describe('what Chromium answers', () => {
  test.each([
    { answer: 'DIRECT', route: direct },
    { answer: ' direct ', route: direct },
    { answer: 'PROXY a.example:3128', route: proxy('http', 'a.example', 3128) },
    { answer: 'PROXY a.example', route: proxy('http', 'a.example', 80) },
    { answer: 'HTTPS a.example:443', route: proxy('https', 'a.example', 443) },
    { answer: 'HTTPS a.example', route: proxy('https', 'a.example', 443) },
    { answer: 'SOCKS5 127.0.0.1:7890', route: proxy('socks5', '127.0.0.1', 7890) },
    { answer: 'SOCKS 127.0.0.1', route: proxy('socks5', '127.0.0.1', 1080) },
    { answer: 'PROXY [::1]:8080', route: proxy('http', '::1', 8080) },
    { answer: 'PROXY a:1; SOCKS5 b:2; DIRECT', route: proxy('http', 'a', 1) },
    { answer: 'DIRECT; PROXY a:1', route: direct },
    { answer: 'SOCKS4 a:1; SOCKS5 b:2', route: proxy('socks5', 'b', 2) },
    { answer: 'QUIC a:1;DIRECT', route: direct },
    { answer: 'PROXY a:99999; PROXY b:2', route: proxy('http', 'b', 2) },
    { answer: 'PROXY a:0; DIRECT', route: direct },
    { answer: 'PROXY; DIRECT', route: direct },
    { answer: 'SOCKS4 a:1', route: undefined },
    { answer: '', route: undefined },
  ])('$answer', ({ answer, route }) => {
    expect(routeFromChromium(answer)).toEqual(route)
  })
})

describe('what the environment says', () => {
  const https = 'https://open-api.123pan.com'
  const http = 'http://127.0.0.1:4000'
  test.each([
    { env: {}, origin: https, route: direct },
    { env: { HTTPS_PROXY: 'http://p:1' }, origin: https, route: proxy('http', 'p', 1) },
    { env: { HTTPS_PROXY: 'http://p:1' }, origin: http, route: direct },
    { env: { HTTP_PROXY: 'http://p:1' }, origin: http, route: proxy('http', 'p', 1) },
    { env: { http_proxy: 'p:1' }, origin: http, route: proxy('http', 'p', 1) },
    { env: { HTTP_PROXY: 'http://p:1' }, origin: https, route: direct },
    { env: { ALL_PROXY: 'socks5://p' }, origin: https, route: proxy('socks5', 'p', 1080) },
    { env: { all_proxy: 'socks5h://p:9' }, origin: http, route: proxy('socks5', 'p', 9) },
    { env: { ALL_PROXY: 'http://a', HTTPS_PROXY: 'http://h' }, origin: https, route: proxy('http', 'h', 80) },
    {
      env: { HTTPS_PROXY: 'http://U', https_proxy: 'http://l' },
      origin: https,
      route: proxy('http', 'l', 80),
    },
    { env: { https_proxy: '', HTTPS_PROXY: 'http://U' }, origin: https, route: proxy('http', 'U', 80) },
    { env: { HTTPS_PROXY: '  ', ALL_PROXY: '' }, origin: https, route: direct },
    { env: { HTTPS_PROXY: 'HTTPS://p/' }, origin: https, route: proxy('https', 'p', 443) },
    { env: { HTTPS_PROXY: 'http://[fd00::1]:8' }, origin: https, route: proxy('http', 'fd00::1', 8) },
    {
      env: { HTTPS_PROXY: 'http://li:p%40ss%3A@p:1' },
      origin: https,
      route: proxy('http', 'p', 1, ['li', 'p@ss:']),
    },
    {
      env: { HTTPS_PROXY: 'socks5://li:a@b:c@p:1' },
      origin: https,
      route: proxy('socks5', 'p', 1, ['li', 'a@b:c']),
    },
    { env: { HTTPS_PROXY: 'http://li@p:1' }, origin: https, route: proxy('http', 'p', 1, ['li', '']) },
    { env: { HTTPS_PROXY: 'li:100%@p:1' }, origin: https, route: proxy('http', 'p', 1, ['li', '100%']) },
  ])('$env to $origin', ({ env, origin, route }) => {
    expect(routeFromEnvironment(env, origin)).toEqual(route)
  })

  test.each([
    { except: '*', origin: https, goes: 'direct' },
    { except: '123pan.com', origin: https, goes: 'direct' },
    { except: '.123pan.com', origin: https, goes: 'direct' },
    { except: '*.123PAN.com', origin: https, goes: 'direct' },
    { except: 'example.com, 123pan.com', origin: https, goes: 'direct' },
    { except: 'example.com 123pan.com', origin: https, goes: 'direct' },
    { except: '123pan.com:443', origin: https, goes: 'direct' },
    { except: '123pan.com:8443', origin: https, goes: 'proxy' },
    { except: '123pan.com:8443', origin: `${https}:8443`, goes: 'direct' },
    { except: '23pan.com', origin: https, goes: 'proxy' },
    { except: 'example.com', origin: https, goes: 'proxy' },
    { except: '', origin: https, goes: 'proxy' },
    { except: ' , ', origin: https, goes: 'proxy' },
    { except: '127.0.0.1', origin: http, goes: 'direct' },
    { except: 'localhost', origin: http, goes: 'proxy' },
    { except: '', origin: http, goes: 'proxy' },
    { except: '::1', origin: 'http://[::1]:4000', goes: 'direct' },
    { except: '[::1]:4000', origin: 'http://[::1]:4000', goes: 'direct' },
  ])('with NO_PROXY=$except, $origin goes: $goes', ({ except, origin, goes }) => {
    expect(routeFromEnvironment({ ALL_PROXY: 'http://p', NO_PROXY: except }, origin).kind).toBe(goes)
    expect(routeFromEnvironment({ ALL_PROXY: 'http://p', no_proxy: except }, origin).kind).toBe(goes)
  })

  test.each(['socks4://p:1', 'ftp://p', 'http://', 'p:0', 'p:x', 'http://p:1/path', 'a b'])(
    '%s is no proxy that can be used, and its password is not said',
    (value) => {
      expect(routeFromEnvironment({ HTTPS_PROXY: value }, https)).toEqual({
        kind: 'unusable',
        variable: 'HTTPS_PROXY',
        value,
      })
      const secret = value.includes('://') ? value.replace('://', '://li:geheim@') : `li:geheim@${value}`
      expect(JSON.stringify(routeFromEnvironment({ https_proxy: secret }, https))).not.toContain('geheim')
    },
  )
})

describe('a proxy somebody set', () => {
  const manual = { kind: 'manual', protocol: 'socks5', host: 'p', port: 1 } as const
  test('without a user asks for no password', () => {
    expect(routeFromManual(manual, 'geheim')).toEqual(proxy('socks5', 'p', 1))
  })
  test('with a user has the password that is kept, or none', () => {
    const named = { ...manual, username: 'li' }
    expect(routeFromManual(named, 'geheim')).toEqual(proxy('socks5', 'p', 1, ['li', 'geheim']))
    expect(routeFromManual(named, undefined)).toEqual(proxy('socks5', 'p', 1, ['li', '']))
  })
})

test.each([
  { text: 'proxy.example.com', is: true },
  { text: '127.0.0.1', is: true },
  { text: '代理.example', is: true },
  { text: 'fd00::1', is: true },
  { text: '::ffff:1.2.3.4', is: true },
  { text: '', is: false },
  { text: 'http://p', is: false },
  { text: 'p:80', is: false },
  { text: '[::1]', is: false },
  { text: 'li@p', is: false },
  { text: 'a b', is: false },
  { text: 'p/x', is: false },
  { text: 'p\\x', is: false },
])('$text is a host: $is', ({ text, is }) => {
  expect(isHost(text)).toBe(is)
})

test.each([
  { host: 'p', port: 1, address: 'p:1' },
  { host: 'fd00::1', port: 80, address: '[fd00::1]:80' },
])('$address', ({ host, port, address }) => {
  expect(addressOf({ host, port })).toBe(address)
})
