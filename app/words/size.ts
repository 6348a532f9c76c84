import type { Language } from './explain.ts'

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** Making an Intl formatter costs far more than using one, and rows use them ten times a second. */
const formatters = new Map<string, Intl.NumberFormat>()

export function numbers(language: Language, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = language + JSON.stringify(options)
  const known = formatters.get(key) ?? new Intl.NumberFormat(language, options)
  formatters.set(key, known)
  return known
}

/** The unit in which a size is shown: the smallest that needs no more than three digits. Bytes are shown to the last. */
export function powerOf(bytes: number): number {
  let power = 0
  let value = Math.max(0, bytes)
  while (value >= (power === 0 ? 1024 : 999.5) && power < UNITS.length - 1) {
    value /= 1024
    power += 1
  }
  return power
}

export function inUnit(bytes: number, power: number, language: Language): string {
  const value = Math.max(0, bytes) / 1024 ** power
  const digits = power === 0 || value >= 99.95 ? 0 : 1
  return numbers(language, { maximumFractionDigits: digits }).format(value)
}

/** 1 KB = 1024 B. Three digits at most: 5.2 MB, 52.4 MB, 418 KB. */
export function sizeParts(
  bytes: number,
  language: Language,
): { readonly value: string; readonly unit: string } {
  const power = powerOf(bytes)
  return { value: inUnit(bytes, power, language), unit: UNITS[power] ?? 'PB' }
}

export function sizeText(bytes: number, language: Language): string {
  const { value, unit } = sizeParts(bytes, language)
  return `${value} ${unit}`
}
