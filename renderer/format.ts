import { inUnit, numbers, powerOf, sizeParts } from '#app/words/size'
import type { Locale } from './locales/messages.ts'

/** A number and the word that goes with it, apart, so that a display can size them differently. */
export interface Part {
  readonly value: string
  readonly unit: string
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const relative = new Map<Locale, Intl.RelativeTimeFormat>()

function relativeTimes(locale: Locale): Intl.RelativeTimeFormat {
  const known = relative.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  relative.set(locale, known)
  return known
}

export function formatNumber(value: number, locale: Locale): string {
  return numbers(locale).format(value)
}

/** 0.62 → 62%. Never 100% before it is. */
export function formatPercent(fraction: number, locale: Locale): string {
  return numbers(locale, { style: 'percent' }).format(Math.floor(fraction * 100) / 100)
}

export function formatSize(bytes: number, locale: Locale): string {
  return join(sizeParts(bytes, locale))
}

/** Both in the unit of the whole: `1.1 / 1.8 GB`. */
export function formatShare(done: number, whole: number, locale: Locale): string {
  const power = powerOf(whole)
  return `${inUnit(Math.min(done, whole), power, locale)} / ${formatSize(whole, locale)}`
}

export function speedParts(bytesPerSecond: number, locale: Locale): Part {
  const { value, unit } = sizeParts(Math.round(bytesPerSecond), locale)
  return { value, unit: `${unit}/s` }
}

export function formatSpeed(bytesPerSecond: number, locale: Locale): string {
  return join(speedParts(bytesPerSecond, locale))
}

/** The two largest units that say something: `2 分钟 14 秒`, `3 小时`, `1 day 4 hr`. Rounds up to a second: what is left is never 0. */
export function durationParts(ms: number, locale: Locale): readonly Part[] {
  const left = Math.max(SECOND, Math.ceil(ms / SECOND) * SECOND)
  if (left < MINUTE) return [part(left / SECOND, 'second', locale)]
  if (left < HOUR) return two(left, MINUTE, 'minute', SECOND, 'second', locale)
  if (left < DAY) return two(left, HOUR, 'hour', MINUTE, 'minute', locale)
  return two(left, DAY, 'day', HOUR, 'hour', locale)
}

export function formatDuration(ms: number, locale: Locale): string {
  return durationParts(ms, locale).map(join).join(' ')
}

/** How long ago, for a minute or more: `3 分钟前`, `昨天`. */
export function formatAgo(ms: number, locale: Locale): string {
  const words = relativeTimes(locale)
  if (ms < HOUR) return spaced(words.format(-Math.floor(ms / MINUTE), 'minute'))
  if (ms < DAY) return spaced(words.format(-Math.floor(ms / HOUR), 'hour'))
  return spaced(words.format(-Math.floor(ms / DAY), 'day'))
}

/** A day, short enough for a narrow column; with its year when that is not this one: `12 月 20 日`, `2027/2/21`, `Feb 21, 2027`. */
export function formatDay(at: number, now: number, locale: Locale): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const year = sameYear ? {} : ({ year: 'numeric' } as const)
  const month = locale === 'zh-CN' && !sameYear ? 'numeric' : 'short'
  return spaced(new Intl.DateTimeFormat(locale, { ...year, month, day: 'numeric' }).format(at))
}

export function formatMoment(at: number, locale: Locale): string {
  return spaced(new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at))
}

/** A time of day; with its day when that is not this one. */
export function formatTime(at: number, now: number, locale: Locale): string {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at)
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  return sameDay ? time : `${formatDay(at, now, locale)} ${time}`
}

/** The days of the week from Monday on; 0 is Sunday. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const

export function formatWeekday(day: number, width: 'long' | 'narrow', locale: Locale): string {
  // The first of January 2023 was a Sunday.
  return new Intl.DateTimeFormat(locale, { weekday: width }).format(new Date(2023, 0, 1 + day))
}

/** Numbers stand apart from Chinese characters, as everywhere else: `3 分钟前`. */
function spaced(text: string): string {
  return text.replace(/(?<=\d)(?=\p{Script=Han})|(?<=\p{Script=Han})(?=\d)/gu, ' ')
}

function two(
  ms: number,
  big: number,
  bigUnit: string,
  small: number,
  smallUnit: string,
  locale: Locale,
): readonly Part[] {
  const rest = Math.floor((ms % big) / small)
  const first = part(Math.floor(ms / big), bigUnit, locale)
  return rest === 0 ? [first] : [first, part(rest, smallUnit, locale)]
}

/** Intl knows the words for units: we only part them from their number. */
function part(value: number, unit: string, locale: Locale): Part {
  const parts = numbers(locale, { style: 'unit', unit, unitDisplay: 'short' }).formatToParts(value)
  const of = (type: string): string =>
    parts
      .filter((it) => it.type === type)
      .map((it) => it.value)
      .join('')
  return { value: of('integer'), unit: of('unit').trim() }
}

function join({ value, unit }: Part): string {
  return `${value} ${unit}`
}
