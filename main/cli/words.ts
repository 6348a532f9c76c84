import type { ErrorCode, Failure } from '#app/errors'
import { explain, type Language } from '#app/words/explain'
import { CLI_WORDS } from './actions.ts'
import { printable } from './bars.ts'

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
export function sentence(failure: Failure, language: Language = languageOf(process.env)): string {
  const { code, message, traceId } = failure
  // Our own text, in lines; whatever else has the server's words or a name in it.
  if (code === 'invalid-argument') return message.split('\n').map(printable).join('\n')
  const { why, action } = { ...explain(failure, language), ...CLI_WORDS[language][code] }
  const more = [code, ...(WITH_MESSAGE.has(code) ? [message] : []), ...(traceId ? [traceId] : [])].join('; ')
  return printable(language === 'zh-CN' ? `${why}。${action}（${more}）` : `${why}. ${action} (${more})`)
}

/** As the C library decides it: LC_ALL, then LC_MESSAGES, then LANG. */
function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return /^zh/iu.test(locale) ? 'zh-CN' : 'en'
}
