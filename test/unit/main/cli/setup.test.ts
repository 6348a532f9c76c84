import { expect, test } from 'vitest'
import { readSetup } from '#main/cli/setup'
import { CLI_TEXTS } from '#main/cli/words'
import { failureOf } from '#test/failures'

const read = (env: NodeJS.ProcessEnv, language: 'en' | 'zh-CN') =>
  readSetup(env, CLI_TEXTS[language].wrong, () => {
    throw new Error('No thread is started here')
  })

test.each([
  { value: 'nonsense', names: 'nonsense' },
  { value: 'open-api.123pan.com', names: 'open-api.123pan.com' },
  { value: 'http://open-api.123pan.com', names: 'https' },
  { value: 'ftp://open-api.123pan.com', names: 'https' },
])('the address $value is a wrong use, said with the name of its variable', async ({ value, names }) => {
  for (const language of ['en', 'zh-CN'] as const) {
    const failure = await failureOf(() => read({ PAN123_API_URL: value }, language))
    expect(failure.code).toBe('invalid-argument')
    expect(failure.message).toContain('PAN123_API_URL')
    expect(failure.message).toContain(names)
    expect(/\p{Script=Han}/u.test(failure.message)).toBe(language === 'zh-CN')
  }
})

test.each([
  { env: { HTTPS_PROXY: 'socks4://li:geheim@p:1' }, variable: 'HTTPS_PROXY', names: 'p:1' },
  { env: { all_proxy: 'ftp://li:geheim@p' }, variable: 'all_proxy', names: 'p' },
])('a proxy that cannot be used is one, too: $variable', async ({ env, variable, names }) => {
  const failure = await failureOf(() => read(env, 'en'))
  expect(failure.code).toBe('invalid-argument')
  expect(failure.message).toContain(variable)
  expect(failure.message).toContain(names)
  expect(failure.message).not.toContain('geheim')
})

test('the proxy of the environment is the one that is used', async () => {
  const env = { HTTPS_PROXY: 'socks5://p', NO_PROXY: 'example.com' }
  const { proxies } = read(env, 'en')
  expect(await proxies.routeFor('https://open-api.123pan.com')).toMatchObject({
    server: { protocol: 'socks5', host: 'p' },
  })
  expect(await proxies.routeFor('https://example.com')).toEqual({ kind: 'direct' })
})

test('half of the credentials, too', async () => {
  const failure = await failureOf(() => read({ PAN123_CLIENT_ID: 'x' }, 'zh-CN'))
  expect(failure).toMatchObject({ code: 'invalid-argument' })
  expect(failure.message).toMatch(/PAN123_CLIENT_ID.+PAN123_CLIENT_SECRET.+一起/u)
})

test.each([
  { env: {}, url: 'https://open-api.123pan.com' },
  { env: { PAN123_API_URL: '' }, url: 'https://open-api.123pan.com' },
  { env: { PAN123_API_URL: 'http://127.0.0.1:8080' }, url: 'http://127.0.0.1:8080' },
])('$env is $url', ({ env, url }) => {
  expect(read(env, 'en').apiUrl).toBe(url)
})
