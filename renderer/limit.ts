import { limitAt, type UpLimit } from '#app/bandwidth'

/** As people name a speed limit. */
export type RateUnit = 'KB/s' | 'MB/s'

const BYTES: Readonly<Record<RateUnit, number>> = { 'KB/s': 1024, 'MB/s': 1024 ** 2 }
export const RATE_UNITS: readonly RateUnit[] = ['KB/s', 'MB/s']

/** Less would be no upload any more. */
export const LEAST_LIMIT = BYTES['KB/s']
/** What a person who wants a limit begins with. */
export const FIRST_LIMIT = BYTES['MB/s']
/** Beyond it the number is a slip of the hand, and no limit at all. */
const HIGHEST = 100 * 1024 ** 3

export interface Rate {
  readonly text: string
  readonly unit: RateUnit
}

/** `1572864` → `1.5` `MB/s`. */
export function rateOf(bytesPerSecond: number): Rate {
  const unit = bytesPerSecond < BYTES['MB/s'] ? 'KB/s' : 'MB/s'
  return { text: String(Math.round((bytesPerSecond / BYTES[unit]) * 100) / 100), unit }
}

/** Bytes per second; undefined when that is no speed one can limit to. */
export function parseRate({ text, unit }: Rate): number | undefined {
  if (!/^\s*(?:\d+[.,]?\d*|[.,]\d+)\s*$/u.test(text)) return undefined
  const bytes = Math.round(Number(text.replace(',', '.')) * BYTES[unit])
  return bytes >= LEAST_LIMIT && bytes <= HIGHEST ? bytes : undefined
}

/** The limit that holds at a moment, by the clock on the wall; bytes per second. */
export function limitNow(limit: UpLimit, now: number): number | undefined {
  const date = new Date(now)
  return limitAt(limit, { day: date.getDay(), minutes: date.getHours() * 60 + date.getMinutes() })
}
