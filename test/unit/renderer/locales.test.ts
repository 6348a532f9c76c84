import { describe, expect, test } from 'vitest'
import { failuresEn } from '#app/words/failures-en'
import { failuresZhCN } from '#app/words/failures-zh-cn'
import { isDark, localeFor } from '../../../renderer/appearance.ts'
import { en } from '../../../renderer/locales/en.ts'
import { zhCN } from '../../../renderer/locales/zh-CN.ts'
import { i18n, useWords } from '../../../renderer/words.ts'

function flat(tree: object, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  )
}

const chinese = new Map(flat({ ...zhCN, failure: failuresZhCN }))
const english = new Map(flat({ ...en, failure: failuresEn }))
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/gu))].sort()

/** Names that are the same in every language. */
const NAMES =
  /123pan Sync|123pan|pan123|client ID|client secret|access token|MD5|CSV|GB|Shift|ID|VIP|MIT|gitignore|\*\.bak|tmp|Electron|Chromium|Thunar|UTF-8|LICENSES\.chromium\.html|\{\w+\}/gu

describe('the table of words', () => {
  test('has the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  test('takes the same words in both languages', () => {
    const odd = [...chinese].filter(([key, text]) => {
      // A plural may leave its number to another place on the screen.
      const [here, there] = [text, english.get(key) ?? ''].map((it) =>
        placeholders(it).filter((name) => name !== '{n}'),
      )
      return String(here) !== String(there)
    })
    expect(odd).toEqual([])
  })

  test('has no English in Chinese, and no Chinese in English', () => {
    expect([...chinese].filter(([, text]) => /[a-z]/iu.test(text.replace(NAMES, '')))).toEqual([])
    expect([...english].filter(([, text]) => /[\p{Script=Han}，。：；！？]/u.test(text))).toEqual([])
  })

  test('has nothing that means something else to vue-i18n', () => {
    expect([...chinese, ...english].filter(([, text]) => text.includes('@'))).toEqual([])
    expect([...chinese].filter(([, text]) => text.includes('|'))).toEqual([])
  })
})

test.each(['zh-CN', 'en'] as const)('each key of %s finds its words', (locale) => {
  const plain = [...flat(locale === 'en' ? en : zhCN)].filter(([, text]) => !/[{|]/u.test(text))
  const lost = plain.filter(([key, text]) => i18n.global.t(key, {}, { locale }) !== text)
  expect(lost).toEqual([])
})

describe('what is said', () => {
  const { t, explain } = useWords()
  const speak = (locale: 'zh-CN' | 'en'): void => void (i18n.global.locale.value = locale)

  test('a failure names its detail when it has one', () => {
    speak('zh-CN')
    expect(explain({ code: 'name-character', message: '', detail: '|' }).why).toBe(
      '名称含有云盘不允许的字符“|”',
    )
    expect(explain({ code: 'name-character', message: '' }).why).toBe('名称含有云盘不允许的字符')
    expect(explain({ code: 'name-character', message: '', detail: '\n' }).why).toContain('↵')
  })

  test('a detail is never read as a message', () => {
    speak('en')
    const detail = '{x} @:y | z'
    expect(explain({ code: 'name-refused', message: '', detail }).why).toBe(
      `123pan doesn’t accept the name “${detail}”`,
    )
  })

  test('numbers choose the plural, and are grouped', () => {
    speak('en')
    expect(t('added.files', { n: 1 })).toBe('1 file added')
    expect(t('added.files', { n: 15_000 })).toBe('15,000 files added')
    speak('zh-CN')
    expect(t('added.files', { n: 15_000 })).toBe('已加入 15,000 个文件')
  })
})

test.each([
  ['system', 'zh-CN', 'zh-CN'],
  ['system', 'zh-TW', 'zh-CN'],
  ['system', 'de-DE', 'en'],
  ['en', 'zh-CN', 'en'],
  ['zh-CN', 'en-US', 'zh-CN'],
] as const)('language %s on a %s system is %s', (language, system, locale) => {
  expect(localeFor(language, system)).toBe(locale)
})

test('the theme follows the system unless it is chosen', () => {
  expect([
    isDark('system', true),
    isDark('system', false),
    isDark('light', true),
    isDark('dark', false),
  ]).toEqual([true, false, false, true])
})
