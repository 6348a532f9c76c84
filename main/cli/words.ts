import type { ErrorCode, Failure } from '#app/errors'
import { explain, type Language, type Standing } from '#app/words/explain'
import { CLI_WORDS } from './actions.ts'
import { printable } from './columns.ts'
import { textsEn } from './texts-en.ts'
import { textsZhCN } from './texts-zh-cn.ts'
import type { CliTexts } from './texts.ts'

export const CLI_TEXTS: Readonly<Record<Language, CliTexts>> = { en: textsEn, 'zh-CN': textsZhCN }

/** Failures of which the technical message says more than our sentence: it stands behind it, for support. */
const WITH_MESSAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'internal',
  'refused',
  'server',
  'malformed-answer',
  'keychain-unavailable',
  'data-folder-held',
  'data-folder-unusable',
  'insecure-server',
])

/** One line for a person: why, what to do, and the code for a search. What was mistyped is said as it is. */
export function sentence(failure: Failure, language: Language, standing: Standing = 'once'): string {
  const { code, message, traceId } = failure
  // Our own text, in lines; whatever else has the server's words or a name in it.
  if (code === 'invalid-argument') return message.split('\n').map(printable).join('\n')
  const { why, action } = explain(failure, language, standing, CLI_WORDS[language][code])
  const more = [code, ...(WITH_MESSAGE.has(code) ? [message] : []), ...(traceId ? [traceId] : [])].join('; ')
  return printable(language === 'zh-CN' ? `${why}。${action}（${more}）` : `${why}. ${action} (${more})`)
}

/** As the C library decides it: LC_ALL, then LC_MESSAGES, then LANG. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return /^zh/iu.test(locale) ? 'zh-CN' : 'en'
}
