import { expect, test } from 'vitest'
import { DIRECT, type ProxyRoute } from '#app/proxy'
import { environmentProxies, Routes } from '#main/cloud/routes'
import { failureOf } from '#test/failures'

const proxy = (port: number): ProxyRoute => ({
  kind: 'proxy',
  server: { protocol: 'http', host: 'p', port },
})

/** A source that answers with another port each time, and what it was asked. */
function source() {
  const asked: string[] = []
  return {
    asked,
    routeFor: (origin: string) => Promise.resolve(proxy(asked.push(origin))),
  }
}

test('is asked for once a minute, for each origin', async () => {
  let now = 0
  const from = source()
  const routes = new Routes(from, () => now)
  const [first, second] = await Promise.all([routes.routeFor('https://a'), routes.routeFor('https://a')])
  expect(first).toEqual(second)
  now = 59_999
  expect(await routes.routeFor('https://a')).toEqual(first)
  expect(await routes.routeFor('https://b')).toEqual(proxy(2))
  now = 60_000
  expect(await routes.routeFor('https://a')).toEqual(proxy(3))
  expect(from.asked).toEqual(['https://a', 'https://b', 'https://a'])
})

test('is asked for again when the setting or the network is another one', async () => {
  const from = source()
  const routes = new Routes(from, () => 0)
  await routes.routeFor('https://a')
  routes.forget()
  expect(await routes.routeFor('https://a')).toEqual(proxy(2))
})

test('is asked for again after a failure', async () => {
  let fails = true
  const routes = new Routes(
    { routeFor: () => (fails ? Promise.reject(new Error('nobody')) : Promise.resolve(DIRECT)) },
    () => 0,
  )
  await expect(routes.routeFor('https://a')).rejects.toThrow('nobody')
  fails = false
  expect(await routes.routeFor('https://a')).toEqual(DIRECT)
})

test('comes from the environment, and what cannot be used is not passed over', async () => {
  const env = { HTTPS_PROXY: 'socks5://li:geheim@p:1', HTTP_PROXY: 'socks4://li:geheim@p:1' }
  const proxies = environmentProxies(env)
  expect(await proxies.routeFor('https://a')).toMatchObject({ server: { protocol: 'socks5' } })
  const failure = await failureOf(proxies.routeFor('http://127.0.0.1'))
  expect(failure).toMatchObject({ code: 'proxy-failed', detail: 'p:1' })
  expect(JSON.stringify(failure)).not.toContain('geheim')
})
