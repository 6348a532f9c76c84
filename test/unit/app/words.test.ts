import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '#app/errors'
import { APP_RETRY, decideRetry, FIRST_TRY, isTransient } from '#app/retry'
import { explain, explainState, type Language } from '#app/words/explain'
import { failuresEn } from '#app/words/failures-en'
import * as a from '#test/builders'

// Every key of the table is a code: the compiler holds it.
const CODES = Object.keys(failuresEn) as ErrorCode[]

/** How each language promises that something happens without the person. */
const PROMISE: Readonly<Record<Language, RegExp>> = {
  'zh-CN': /自动|继续|无需操作/u,
  en: /automatically|shortly|resumes/iu,
}
const TRIED: Readonly<Record<Language, RegExp>> = { 'zh-CN': /已多次重试/u, en: /several retries failed/iu }
const LANGUAGES = Object.keys(PROMISE) as Language[]
const rows = LANGUAGES.flatMap((language) => CODES.map((code) => ({ language, code })))

const isRetried = (code: ErrorCode): boolean =>
  decideRetry(a.failure(code), FIRST_TRY, APP_RETRY, 0).kind === 'again'

describe('a transfer that failed for good', () => {
  test.each(rows)('promises no retry: $code in $language', ({ language, code }) => {
    const { why, action } = explainState(a.failed(code), language) ?? { why: '', action: '' }
    expect(`${why} ${action}`).not.toMatch(PROMISE[language])
    expect(action).not.toBe('')
  })

  test.each(rows)('was tried several times only if it was: $code in $language', ({ language, code }) => {
    expect(TRIED[language].test(explainState(a.failed(code), language)?.action ?? '')).toBe(isTransient(code))
  })
})

describe('a transfer that waits', () => {
  test.each(rows.filter(({ code }) => isRetried(code)))(
    'is said to go on by itself: $code in $language',
    ({ language, code }) => {
      expect(explainState(a.waiting(code), language)?.action).toMatch(PROMISE[language])
    },
  )
})

test.each(rows)('what was tried once is neither promised nor repeated: $code in $language', (row) => {
  const { action } = explain(a.failure(row.code), row.language)
  expect(action).not.toMatch(PROMISE[row.language])
  expect(action).not.toMatch(TRIED[row.language])
})

test('a skipped one says why, one that goes well nothing', () => {
  expect(explainState(a.skipped(), 'en')?.why).toBe('A file with this name already exists')
  expect([a.queued(), a.uploading(), a.done(), a.cancelled()].map((it) => explainState(it, 'en'))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test.each(LANGUAGES)('a platform that is out of reach is not taken for a dead network: %s', (language) => {
  expect(explain(a.failure('offline'), language).why).toMatch(/123(?:pan|云盘)/u)
})
