import { expect, test } from 'vitest'
import type { ErrorCode } from '#app/errors'
import { failuresEn } from '#app/words/failures-en'
import { languageOf, sentence } from '#main/cli/words'

// Every key of the table is a code: the compiler holds it.
const CODES = Object.keys(failuresEn) as ErrorCode[]

test.each(CODES)('%s is said in both languages, with its code, on one line', (code) => {
  if (code === 'invalid-argument') return // Said as it was mistyped, see below.
  const failure = { code, message: 'technical', detail: 'x' }
  const [chinese, english] = [sentence(failure, 'zh-CN'), sentence(failure, 'en')]
  expect(chinese).toMatch(/^\p{Script=Han}|^[“\w]/u)
  expect(chinese).toMatch(/\p{Script=Han}{4}/u)
  expect(english).not.toMatch(/\p{Script=Han}/u)
  for (const said of [chinese, english]) {
    expect(said).toContain(code)
    expect(said).not.toContain('\n')
  }
})

test('what was mistyped is said as it is, in its lines', () => {
  expect(sentence({ code: 'invalid-argument', message: 'first\nsecond' }, 'zh-CN')).toBe('first\nsecond')
})

test.each([
  { language: 'zh-CN', says: '云盘空间不足，还差 1.5 GB。请清理云盘或扩容，然后重试。（quota-exceeded）' },
  {
    language: 'en',
    says: '123pan is full: 1.5 GB short. Free up space or upgrade, then retry. (quota-exceeded)',
  },
] as const)('a full drive is said with what is missing: $language', ({ language, says }) => {
  expect(sentence({ code: 'quota-exceeded', message: '', detail: '1.5 GB' }, language)).toBe(says)
})

test('what the platform said stands behind our sentence, with the trace id for support', () => {
  const said = sentence({ code: 'refused', message: 'create: 1 某种原因', traceId: 'trace-7' }, 'en')
  expect(said).toContain('create: 1 某种原因')
  expect(said).toContain('trace-7')
})

test.each(CODES)('%s in the end promises no retry', (code) => {
  const failure = { code, message: 'technical' }
  for (const standing of ['given-up', 'once'] as const) {
    expect(sentence(failure, 'zh-CN', standing)).not.toMatch(/自动|无需操作/u)
    expect(sentence(failure, 'en', standing)).not.toMatch(/automatically|shortly|resumes/iu)
  }
})

test.each([
  { env: { LANG: 'zh_CN.UTF-8' }, is: 'zh-CN' },
  { env: { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, is: 'en' },
  { env: { LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW' }, is: 'zh-CN' },
  { env: { LANG: 'zh_CN', LC_ALL: '' }, is: 'zh-CN' },
  { env: {}, is: 'en' },
])('$env speaks $is', ({ env, is }) => {
  expect(languageOf(env)).toBe(is)
})
