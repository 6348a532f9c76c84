import type { Language } from './explain.ts'

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** 1 KB = 1024 B. Three digits at most: 5.2 MB, 52.4 MB, 418 KB. */
export function sizeText(bytes: number, language: Language): string {
  let power = 0
  let value = Math.max(0, bytes)
  while (value >= (power === 0 ? 1024 : 999.5) && power < UNITS.length - 1) {
    value /= 1024
    power += 1
  }
  const digits = power === 0 || value >= 99.95 ? 0 : 1
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
  return `${number} ${UNITS[power] ?? 'PB'}`
}
