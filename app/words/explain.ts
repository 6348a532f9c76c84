import type { Failure } from '../errors.ts'
import { failuresEn } from './failures-en.ts'
import { failuresZhCN } from './failures-zh-cn.ts'
import type { DetailedCode, Failures, FailureWords } from './failures.ts'

export type Language = 'zh-CN' | 'en'

const FAILURES: Readonly<Record<Language, Failures>> = { 'zh-CN': failuresZhCN, en: failuresEn }

/** Codes whose sentence can name the detail; a record, so that one left out does not compile. */
const DETAILED: Readonly<Record<DetailedCode, true>> = {
  'name-character': true,
  'name-too-long': true,
  'name-refused': true,
  'insecure-server': true,
  'not-a-file': true,
  'folder-unreadable': true,
}

const isDetailed = (code: string): code is DetailedCode => Object.hasOwn(DETAILED, code)

/** What a person reads about a failure, in the window and on the command line: why, and the one thing to do. */
export function explain({ code, detail }: Failure, language: Language): FailureWords {
  const words = FAILURES[language]
  const { why, action } = words[code]
  if (!isDetailed(code) || !detail) return { why, action }
  return { why: words[code].about.replace('{detail}', () => visible(detail)), action }
}

/** A line break is a character one can't see. */
function visible(detail: string): string {
  return detail.replaceAll('\n', '↵').replaceAll('\r', '↵')
}
