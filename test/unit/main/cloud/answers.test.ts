import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ErrorCode, Failure } from '#app/errors'
import { readAnswer, type RawAnswer } from '#main/cloud/answers'
import { nothing } from '#main/cloud/wire'
import { answered, envelope } from '#test/builders'
import { failureOf } from '#test/failures'

const HTML = '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>'

const read = (answer: Partial<RawAnswer>): Promise<Failure> =>
  failureOf(() => readAnswer(answered(answer), nothing, 'create'))

const said = (code: number, message: string): Partial<RawAnswer> => ({ body: envelope(code, message) })

interface Row {
  readonly name: string
  readonly answer: Partial<RawAnswer>
  readonly code: ErrorCode
}

const CODES: readonly Row[] = [
  { name: 'code 401', answer: said(401, 'access_token无效'), code: 'unauthorized' },
  {
    name: 'code 401 for too many tokens',
    answer: said(401, 'tokens number has exceeded the limit'),
    code: 'token-limit',
  },
  { name: 'code 429', answer: said(429, '请求太频繁'), code: 'rate-limited' },
  { name: 'code 5066', answer: said(5066, '文件不存在'), code: 'not-found' },
  { name: 'code 5113', answer: said(5113, '自用下载流量不足'), code: 'traffic-exhausted' },
  { name: 'code 5114', answer: said(5114, '下载受限'), code: 'traffic-exhausted' },
  { name: 'code 20101', answer: said(20101, 'busy'), code: 'server' },
  { name: 'code 20103', answer: said(20103, '文件正在校验中,请间隔1秒后再试'), code: 'verifying' },
  { name: 'code 20104', answer: said(20104, 'maintenance'), code: 'server' },
  { name: 'code 20105', answer: said(20105, 'unavailable'), code: 'server' },
  {
    name: 'a code as a string',
    answer: { body: '{"code":"20103","message":"","data":null}' },
    code: 'verifying',
  },
  { name: 'a code nobody knows', answer: said(31337, '内部错误'), code: 'refused' },
  { name: 'a negative code', answer: said(-1, ''), code: 'refused' },
  { name: 'no message at all', answer: { body: '{"code":1,"message":null,"data":null}' }, code: 'refused' },
  {
    name: 'no data at all',
    answer: { body: '{"code":20103,"message":"文件正在校验中"}' },
    code: 'verifying',
  },
  { name: 'nothing but a code', answer: { body: '{"code":429}' }, code: 'rate-limited' },
]

const MESSAGES: readonly Row[] = (
  [
    ['tokens number has exceeded the limit', 'token-limit'],
    ['token is invalid', 'unauthorized'],
    ['access_token无效', 'unauthorized'],
    ['该任务已成功进入秒传队列,任务队列削峰中,未直接获取到文件ID,请慢一点', 'busy'],
    ['文件正在校验中,请间隔1秒后再试', 'verifying'],
    ['操作频繁,请稍后再试', 'rate-limited'],
    ['parentFileID不存在', 'parent-missing'],
    ['该目录下已经有同名文件夹,无法进行创建', 'name-taken'],
    ['文件名不能重名', 'name-taken'],
    ['文件名要小于256个字符且不能包含以下任何字符："\\/:*?|><', 'name-refused'],
    ['文件名不能全部是空格', 'name-refused'],
    ['文件上传失败', 'integrity'],
    ['preuploadID不存在', 'upload-expired'],
    ['空间不足', 'quota-exceeded'],
    ['文件不存在', 'not-found'],
    ['内部错误', 'refused'],
  ] as const
).map(([message, code]) => ({ name: `code 1, ${message}`, answer: said(1, message), code }))

const STATUSES: readonly Row[] = [
  { name: 'HTTP 401 and a page', answer: { status: 401, body: HTML }, code: 'unauthorized' },
  {
    name: 'HTTP 401 for too many tokens',
    answer: { status: 401, body: envelope(401, 'tokens number has exceeded the limit') },
    code: 'token-limit',
  },
  {
    name: 'HTTP 401 for too many tokens, without data',
    answer: { status: 401, body: '{"code":401,"message":"tokens number has exceeded the limit"}' },
    code: 'token-limit',
  },
  { name: 'HTTP 429 and a page', answer: { status: 429, body: HTML }, code: 'rate-limited' },
  { name: 'HTTP 429 and nothing', answer: { status: 429 }, code: 'rate-limited' },
  { name: 'HTTP 408', answer: { status: 408 }, code: 'timeout' },
  { name: 'HTTP 500 and nothing, at once', answer: { status: 500 }, code: 'server' },
  { name: 'HTTP 502 and a page', answer: { status: 502, body: HTML }, code: 'server' },
  { name: 'HTTP 503 in the envelope', answer: { status: 503, body: envelope(1, '维护中') }, code: 'server' },
  {
    name: 'HTTP 500, i/o timeout',
    answer: { status: 500, body: 'read tcp: i/o timeout' },
    code: 'slow-uplink',
  },
  {
    name: 'HTTP 500, Read from request Body',
    answer: { status: 500, body: envelope(1, 'Read from request Body failed') },
    code: 'slow-uplink',
  },
  {
    name: 'HTTP 500 and nothing, after 50 s',
    answer: { status: 500, elapsedMs: 50_000 },
    code: 'slow-uplink',
  },
  { name: 'HTTP 500 and nothing, after 49.9 s', answer: { status: 500, elapsedMs: 49_900 }, code: 'server' },
  {
    name: 'HTTP 302',
    answer: { status: 302, headers: { location: 'http://elsewhere/' } },
    code: 'malformed-answer',
  },
  { name: 'HTTP 404 and a page', answer: { status: 404, body: HTML }, code: 'refused' },
  {
    name: 'HTTP 400 with a business error',
    answer: { status: 400, body: envelope(1, 'parentFileID不存在') },
    code: 'parent-missing',
  },
  { name: 'HTTP 403 with code 401', answer: { status: 403, body: envelope(401, '') }, code: 'unauthorized' },
]

const MALFORMED: readonly Row[] = [
  { name: 'a page', answer: { body: HTML }, code: 'malformed-answer' },
  { name: 'nothing', answer: { body: '' }, code: 'malformed-answer' },
  { name: 'broken JSON', answer: { body: '{"code":0,"mess' }, code: 'malformed-answer' },
  { name: 'JSON that is no object', answer: { body: '[0]' }, code: 'malformed-answer' },
  { name: 'JSON without a code', answer: { body: '{"data":{}}' }, code: 'malformed-answer' },
  { name: 'a code that is no number', answer: { body: '{"code":"ok"}' }, code: 'malformed-answer' },
  { name: 'a fraction of a code', answer: { body: '{"code":0.5}' }, code: 'malformed-answer' },
]

describe('a no from the platform', () => {
  test.each(CODES)('$name means $code', async ({ answer, code }) => {
    expect((await read(answer)).code).toBe(code)
  })

  test.each(MESSAGES)('$name means $code', async ({ answer, code }) => {
    expect((await read(answer)).code).toBe(code)
  })

  test.each(STATUSES)('$name means $code', async ({ answer, code }) => {
    expect((await read(answer)).code).toBe(code)
  })

  test('keeps what was said, for support', async () => {
    expect((await read(said(1, '目录层级过深'))).message).toBe('create: 1 目录层级过深')
  })
})

describe('HTTP 200 with', () => {
  test.each(MALFORMED)('$name is no answer', async ({ answer, code }) => {
    expect((await read(answer)).code).toBe(code)
  })

  test.each([
    { name: 'code 0', body: '{"code":0,"message":"ok","data":null,"x-traceID":""}' },
    { name: 'code 0 as a string', body: '{"code":"0","message":"ok","data":null}' },
    { name: 'code 0 and more than was documented', body: '{"code":0,"data":null,"news":[1]}' },
    { name: 'code 0 and no data', body: '{"code":0,"message":"ok"}' },
  ])('$name is a yes', ({ body }) => {
    expect(readAnswer(answered({ body }), nothing, 'slice')).toBeNull()
  })
})

describe('the trace id', () => {
  const header = { 'x-traceid': 'from-header' }

  test.each<{ name: string; answer: Partial<RawAnswer>; traceId: string | undefined }>([
    {
      name: 'comes from the body',
      answer: { body: envelope(1, '', null, 'from-body') },
      traceId: 'from-body',
    },
    {
      name: 'comes from the body rather than the header',
      answer: { headers: header, body: envelope(1, '', null, 'from-body') },
      traceId: 'from-body',
    },
    {
      name: "comes from the header when the body's is empty",
      answer: { headers: header, body: envelope(1, '') },
      traceId: 'from-header',
    },
    {
      name: 'comes from the header of a page',
      answer: { status: 502, headers: header, body: HTML },
      traceId: 'from-header',
    },
    {
      name: 'comes from the body of an HTTP error',
      answer: { status: 500, body: envelope(1, '', null, 'from-body') },
      traceId: 'from-body',
    },
    {
      name: 'comes from the header of broken JSON',
      answer: { headers: header, body: '{' },
      traceId: 'from-header',
    },
    {
      name: 'is left out when there is none',
      answer: { status: 502, headers: { 'x-traceid': '' }, body: HTML },
      traceId: undefined,
    },
  ])('$name', async ({ answer, traceId }) => {
    expect((await read(answer)).traceId).toBe(traceId)
  })
})

describe('Retry-After', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z') })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test.each([
    { name: 'in seconds', header: '3', ms: 3000 },
    { name: 'as a date', header: 'Mon, 23 Nov 2026 12:02:00 GMT', ms: 120_000 },
    { name: 'as a date that has passed', header: 'Mon, 23 Nov 2026 11:00:00 GMT', ms: undefined },
    { name: 'of no seconds', header: '0', ms: undefined },
    { name: 'that is no time', header: 'soon', ms: undefined },
    { name: 'that is negative', header: '-5', ms: undefined },
  ])('$name', async ({ header, ms }) => {
    const headers = { 'retry-after': header }
    expect((await read({ status: 429, headers })).retryAfterMs).toBe(ms)
    expect((await read({ status: 503, headers })).retryAfterMs).toBe(ms)
    expect((await read({ headers, body: envelope(429, '') })).retryAfterMs).toBe(ms)
  })
})

describe('a token that the server puts into its text', () => {
  const token = fc.stringMatching(/^eyJ[\w-]{10,40}\.[\w-]{10,40}\.[\w-]{10,40}$/u)
  const texts = fc.constantFrom(
    (secret: string) => `token ${secret} is invalid`,
    (secret: string) => `Authorization: Bearer ${secret}`,
    (secret: string) => `令牌${secret}已失效`,
    (secret: string) => `{"accessToken":"${secret}"}`,
    (secret: string) => `https://open-api.123pan.com/x?token=${secret}`,
  )
  const statuses = fc.constantFrom(200, 302, 400, 401, 403, 429, 500)

  test('is in no failure, neither from the envelope nor from a page', async () => {
    await fc.assert(
      fc.asyncProperty(token, texts, statuses, async (secret, text, status) => {
        const inEnvelope = await read({ status, body: envelope(1, text(secret)) })
        const inPage = await read({ status, body: `<html>${text(secret)}</html>` })
        const inData = await failureOf(() =>
          readAnswer(
            answered({ status, body: envelope(1, '', { [secret]: text(secret) }) }),
            nothing,
            'create',
          ),
        )
        expect(JSON.stringify([inEnvelope, inPage, inData])).not.toContain(secret)
      }),
    )
  })
})
