import type { ErrorCode, Failure } from '../errors.ts'
import { isRetried, isTransient } from '../retry.ts'
import type { TransferState } from '../transfer.ts'
import { failuresEn } from './failures-en.ts'
import { failuresZhCN } from './failures-zh-cn.ts'
import type { DetailedCode, Failures, FailureWords } from './failures.ts'

export type Language = 'zh-CN' | 'en'

/** What comes after a failure: the queue tries again by itself, it has tried as often as it does, or it was one attempt and that was all. */
export type Standing = 'waiting' | 'given-up' | 'once'

const FAILURES: Readonly<Record<Language, Failures>> = { 'zh-CN': failuresZhCN, en: failuresEn }

/** Stands before what to do. */
const TRIED: Readonly<Record<Language, string>> = {
  'zh-CN': '已多次重试，',
  en: 'Several retries failed. ',
}

/** Codes whose sentence can name the detail; a record, so that one left out does not compile. */
const DETAILED: Readonly<Record<DetailedCode, true>> = {
  'name-character': true,
  'name-too-long': true,
  'name-refused': true,
  'name-encoding': true,
  'insecure-server': true,
  'not-a-file': true,
  'folder-unreadable': true,
  ambiguous: true,
  'queue-set-aside': true,
  'quota-exceeded': true,
  'proxy-failed': true,
  'update-older': true,
}

const isDetailed = (code: string): code is DetailedCode => Object.hasOwn(DETAILED, code)

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(failuresEn, code)

/**
 * What a person reads about a failure, in the window and on the command line: why, and the one thing to do. `instead`: words of a place
 * where the usual ones do not fit.
 */
export function explain(
  { code, detail }: Failure,
  language: Language,
  standing: Standing = 'once',
  instead: Partial<FailureWords> = {},
): FailureWords {
  const words = FAILURES[language]
  const about =
    isDetailed(code) && detail
      ? words[code].about.replace('{detail}', () => visible(detail))
      : words[code].why
  return { why: instead.why ?? about, action: actionFor(code, language, standing, instead.action) }
}

/** The same for a transfer that waits, failed or was skipped; undefined where nothing is wrong. */
export function explainState(state: TransferState, language: Language): FailureWords | undefined {
  switch (state.status) {
    case 'waiting':
      return explain(state.failure, language, 'waiting')
    case 'failed':
      return explain(state.failure, language, 'given-up')
    case 'skipped':
      return explain(state.failure, language)
    default:
      return undefined
  }
}

function actionFor(code: ErrorCode, language: Language, standing: Standing, instead?: string): string {
  const words = FAILURES[language]
  if (standing === 'waiting' && isRetried(code)) return words[code].waiting
  const action = instead ?? words[code].action
  return standing === 'given-up' && isTransient(code) ? TRIED[language] + action : action
}

/** A line break is a character one can't see. */
function visible(detail: string): string {
  return detail.replaceAll('\n', '↵').replaceAll('\r', '↵')
}
