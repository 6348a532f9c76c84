import { describe, expect, test } from 'vitest'
import { trustApiUrl, trustUploadServer } from '#main/cloud/hosts'
import { failureOf } from '#test/failures'

describe('the API address', () => {
  test.each([
    { url: 'https://open-api.123pan.com', origin: 'https://open-api.123pan.com' },
    { url: 'https://open-api.123pan.com/', origin: 'https://open-api.123pan.com' },
    { url: 'HTTPS://Open-API.123pan.com', origin: 'https://open-api.123pan.com' },
    { url: 'https://open-api.123pan.com:8443/base?x=1', origin: 'https://open-api.123pan.com:8443' },
    { url: 'https://user:password@open-api.123pan.com', origin: 'https://open-api.123pan.com' },
    { url: 'http://localhost:4123', origin: 'http://localhost:4123' },
    { url: 'http://LOCALHOST:4123', origin: 'http://localhost:4123' },
    { url: 'http://127.0.0.1:4123', origin: 'http://127.0.0.1:4123' },
    { url: 'http://127.0.0.2', origin: 'http://127.0.0.2' },
    { url: 'http://127.1:80', origin: 'http://127.0.0.1' },
    { url: 'http://2130706433', origin: 'http://127.0.0.1' },
    { url: 'http://0x7f.0.0.1', origin: 'http://127.0.0.1' },
    { url: 'http://[::1]:4123', origin: 'http://[::1]:4123' },
    { url: 'http://[0:0:0:0:0:0:0:1]', origin: 'http://[::1]' },
  ])('$url may be given the token', ({ url, origin }) => {
    expect(trustApiUrl(url)).toBe(origin)
  })

  test.each([
    'http://open-api.123pan.com',
    'http://192.168.1.10',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://127.0.0.1.evil.com',
    'http://127.0.0.1x.evil.com',
    'http://localhost.evil.com',
    'http://evil.com/127.0.0.1',
    'http://evil.com?http://localhost',
    'http://evil.com#@localhost',
    'http://localhost@evil.com',
    'http://127.0.0.1:80@evil.com',
    'http://127.0.0.1%2eevil.com',
    'http://[::2]',
    'http://[::ffff:192.168.1.1]',
    'http://１２７.0.0.1.evil.com',
    'ws://localhost',
    'ftp://open-api.123pan.com',
    'file:///etc/passwd',
  ])('%s may not', async (url) => {
    expect((await failureOf(() => trustApiUrl(url))).code).toBe('insecure-server')
  })

  test.each(['', 'open-api.123pan.com', '/upload', 'https://', 'http://[::1', 'https://a b'])(
    '%j is no address at all',
    async (url) => {
      expect((await failureOf(() => trustApiUrl(url))).code).toBe('invalid-argument')
    },
  )

  test('in a refusal a password in the address is not repeated', async () => {
    const failure = await failureOf(() => trustApiUrl('http://user:password@evil.com'))
    expect(JSON.stringify(failure)).not.toContain('password')
  })
})

describe('an upload server', () => {
  const same = { upgraded: false }
  const upgraded = { upgraded: true }

  test.each([
    {
      server: 'https://openapi-upload.123pan.com',
      host: { ...same, origin: 'https://openapi-upload.123pan.com' },
    },
    { server: 'openapi-upload.123pan.com', host: { ...same, origin: 'https://openapi-upload.123pan.com' } },
    {
      server: 'openapi-upload.123pan.com:8443',
      host: { ...same, origin: 'https://openapi-upload.123pan.com:8443' },
    },
    { server: 'https://upload.example/path/', host: { ...same, origin: 'https://upload.example' } },
    {
      server: 'http://openapi-upload.123242.com',
      host: { ...upgraded, origin: 'https://openapi-upload.123242.com' },
    },
    {
      server: 'HTTP://openapi-upload.123242.com',
      host: { ...upgraded, origin: 'https://openapi-upload.123242.com' },
    },
    { server: 'http://upload.example:80', host: { ...upgraded, origin: 'https://upload.example' } },
    { server: 'http://upload.example:8080/x', host: { ...upgraded, origin: 'https://upload.example:8080' } },
    {
      server: 'http://user:password@upload.example',
      host: { ...upgraded, origin: 'https://upload.example' },
    },
    { server: 'http://127.0.0.1.evil.com', host: { ...upgraded, origin: 'https://127.0.0.1.evil.com' } },
    { server: 'http://localhost@evil.com', host: { ...upgraded, origin: 'https://evil.com' } },
    { server: 'http://127.0.0.1:9000', host: { ...same, origin: 'http://127.0.0.1:9000' } },
    { server: 'http://[::1]:9000', host: { ...same, origin: 'http://[::1]:9000' } },
    { server: 'http://localhost:9000', host: { ...same, origin: 'http://localhost:9000' } },
    { server: 'localhost:9000', host: { ...same, origin: 'https://localhost:9000' } },
  ])('$server is reached as $host.origin', ({ server, host }) => {
    expect(trustUploadServer(server)).toEqual(host)
  })

  test.each([
    '',
    'ftp://upload.example',
    'ws://localhost',
    'file:///etc',
    'http://',
    'java script:alert(1)',
    'javascript:alert(1)',
  ])('%j is none', async (server) => {
    expect((await failureOf(() => trustUploadServer(server))).code).toBe('malformed-answer')
  })
})
