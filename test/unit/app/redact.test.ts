import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact } from '#app/redact'

const JWT = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3NjAwMDAwMDB9.m_Kx-9Zq'
const OPAQUE = 'a81f5bd2c9e94d06'

describe('out of foreign text goes', () => {
  test.each([
    { name: 'a bearer header', text: `Authorization: Bearer ${OPAQUE}`, secret: OPAQUE },
    { name: 'a bearer in any case', text: `sent "bearer ${OPAQUE}" to the server`, secret: OPAQUE },
    { name: 'a bearer that is a JWT', text: `authorization: Bearer ${JWT}, next`, secret: JWT },
    { name: 'a bare JWT', text: `token ${JWT} is invalid`, secret: 'eyJ' },
    { name: 'a JWT in Chinese text', text: `令牌${JWT}已失效`, secret: 'm_Kx-9Zq' },
    { name: 'a token in JSON', text: `{"accessToken":"${OPAQUE}","expiredAt":"2026"}`, secret: OPAQUE },
    { name: 'a token in spaced JSON', text: `{ "access_token" : "${OPAQUE}" }`, secret: OPAQUE },
    { name: 'a client secret in JSON', text: `{"clientID":"x","clientSecret":"${OPAQUE}"}`, secret: OPAQUE },
    { name: 'a client secret in a form', text: `client_secret=${OPAQUE}&grant=1`, secret: OPAQUE },
    { name: 'a token in a query', text: `GET /list?token=${OPAQUE} failed`, secret: OPAQUE },
    { name: "a signed URL's query", text: `at https://cdn.example/f.bin?sign=${OPAQUE}&t=1`, secret: OPAQUE },
    { name: 'a query in upper case', text: `HTTPS://CDN.EXAMPLE/f?SIGN=${OPAQUE}`, secret: OPAQUE },
    { name: 'a mail address', text: '请联系 li.ming+pan@mail.example.com 处理', secret: 'li.ming' },
    { name: 'a phone number', text: '用户 13812345678 不存在', secret: '13812345678' },
    {
      name: 'a phone number in the midst of Chinese',
      text: '手机号13812345678已注册',
      secret: '13812345678',
    },
    { name: 'a phone number with its country', text: 'call +86 13812345678 now', secret: '13812345678' },
    {
      name: 'a phone number with its country and no space',
      text: 'call +8613812345678',
      secret: '13812345678',
    },
    {
      name: 'a phone number at the end of a sentence',
      text: 'No such user: 13812345678.',
      secret: '13812345678',
    },
    { name: 'a phone number in JSON', text: '{"passport":"13812345678"}', secret: '13812345678' },
  ])('$name', ({ text, secret }) => {
    expect(redact(text)).not.toContain(secret)
  })

  test('any bearer token, whatever it consists of, and the words around it stay', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{8,200}$/u)
    fc.assert(
      fc.property(token, (secret) => {
        expect(redact(`before Bearer ${secret} after`)).toBe('before Bearer [redacted] after')
      }),
    )
  })
})

describe('in foreign text stays', () => {
  test.each([
    { name: 'an ordinary sentence', text: '该目录下已经有同名文件夹,无法进行创建' },
    { name: 'what the platform says about tokens', text: 'tokens number has exceeded the limit' },
    { name: 'that a token is invalid', text: 'token is invalid' },
    { name: 'a file size', text: 'size 10737418240 exceeds 10000000000 bytes' },
    { name: 'a 13-digit id', text: 'fileID 1758176091289 not found' },
    { name: 'an MD5', text: 'etag 4b5c549c4abd0a079caf92d6cad24127' },
    {
      name: 'an MD5 of which digits look like a phone number',
      text: 'etag a13812345678bcdef0123456789abcd0',
    },
    { name: 'a URL without a query', text: 'https://openapi-upload.123pan.com/upload/v2/file/slice' },
    { name: 'a trace id', text: '2f41bbb4-93ab-459b-8dab-2204d3b3ff66_kong-db-5898fdd8c6-wnv6h' },
    { name: 'a path', text: '/home/li/照片/2026-01-02 13.45.10.raw' },
    { name: 'a millisecond time', text: 'at 1763931875123' },
    { name: 'nothing', text: '' },
  ])('$name', ({ text }) => {
    expect(redact(text)).toBe(text)
  })

  test('the address, while its query goes', () => {
    expect(redact('GET https://cdn.example/a/b.bin?sign=1 failed')).toBe(
      'GET https://cdn.example/a/b.bin?[redacted] failed',
    )
  })
})

test('what was redacted once is not changed by doing it again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = redact(`${text} Bearer ${OPAQUE} ${text}`)
      expect(redact(once)).toBe(once)
    }),
  )
})
