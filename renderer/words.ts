import { createI18n } from 'vue-i18n'
import { computed, type ComputedRef } from 'vue'
import type { Failure } from '#app/errors'
import type { TransferState } from '#app/transfer'
import { explain, explainState, type Standing } from '#app/words/explain'
import type { FailureWords } from '#app/words/failures'
import * as format from './format.ts'
import { en } from './locales/en.ts'
import type { Locale, MessageKey, Params } from './locales/messages.ts'
import { zhCN } from './locales/zh-CN.ts'

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'en',
  messages: { 'zh-CN': zhCN, en },
})

/** Missing words do not compile: a key is one of the table's, and its placeholders are given. `n` also chooses the plural. */
type Translate = <K extends MessageKey>(
  key: K,
  ...params: keyof Params<K> extends never ? [{ n: number }?] : [Params<K>]
) => string

const t: Translate = (key, ...[params]) => {
  const given: Readonly<Record<string, string | number>> = params ?? {}
  const { n, ...rest } = given
  if (typeof n !== 'number') return i18n.global.t(key, given)
  return i18n.global.t(key, { ...rest, n: format.formatNumber(n, i18n.global.locale.value) }, n)
}

export interface Words {
  readonly t: Translate
  /** Of something that was tried once; a transfer's failure is `explainState`'s. */
  readonly explain: (failure: Failure, standing?: Standing) => FailureWords
  readonly explainState: (state: TransferState) => FailureWords | undefined
  readonly locale: ComputedRef<Locale>
  /** A folder of the drive; the root has no name of its own. */
  readonly folder: (path: string) => string
  readonly number: (value: number) => string
  readonly percent: (fraction: number) => string
  readonly size: (bytes: number) => string
  readonly share: (done: number, whole: number) => string
  readonly speed: (bytesPerSecond: number) => string
  readonly duration: (ms: number) => string
  readonly ago: (ms: number) => string
  readonly day: (at: number, now: number) => string
  readonly moment: (at: number) => string
  readonly time: (at: number, now: number) => string
  readonly weekday: (day: number, width: 'long' | 'narrow') => string
}

const locale = computed<Locale>(() => i18n.global.locale.value)

/** Words and formats in the language of the window; read in a template or a computed, they follow it. */
export function useWords(): Words {
  return {
    t,
    explain: (failure, standing) => explain(failure, locale.value, standing),
    explainState: (state) => explainState(state, locale.value),
    locale,
    folder: (path) => (path === '/' ? t('destination.root') : path),
    number: (value) => format.formatNumber(value, locale.value),
    percent: (fraction) => format.formatPercent(fraction, locale.value),
    size: (bytes) => format.formatSize(bytes, locale.value),
    share: (done, whole) => format.formatShare(done, whole, locale.value),
    speed: (bytesPerSecond) => format.formatSpeed(bytesPerSecond, locale.value),
    duration: (ms) => format.formatDuration(ms, locale.value),
    ago: (ms) => (ms < 60_000 ? t('row.justNow') : format.formatAgo(ms, locale.value)),
    day: (at, now) => format.formatDay(at, now, locale.value),
    moment: (at) => format.formatMoment(at, locale.value),
    time: (at, now) => format.formatTime(at, now, locale.value),
    weekday: (day, width) => format.formatWeekday(day, width, locale.value),
  }
}
