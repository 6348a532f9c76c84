const CHINA_OFFSET_MS = 8 * 3600 * 1000

/** `2025-03-23 15:48:37`, China time without saying so: how listings and user info write times. */
export function chinaTime(at: number): string {
  return new Date(at + CHINA_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** `2025-03-23T15:48:37+08:00`: how `expiredAt` is written; milliseconds only for ends that lie between two seconds. */
export function rfc3339(at: number): string {
  const text = new Date(at + CHINA_OFFSET_MS).toISOString()
  return `${text.slice(0, at % 1000 === 0 ? 19 : 23)}+08:00`
}
