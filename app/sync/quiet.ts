/** Design 5: 3 s, more for big files. */
const LEAST_MS = 3000
const MOST_MS = 60_000
const BYTES_A_MS = 100_000

/** How long size and time of a file must hold still before it is taken for written. */
function quietMs(size: number): number {
  return Math.min(MOST_MS, LEAST_MS + size / BYTES_A_MS)
}

/**
 * Until when a file counts as being written; undefined when it does not. Its content's time may be anything that somebody has set,
 * so the time of its last change of any kind counts too; a clock that was set back, or a time in the future, holds up nothing.
 * `share`: of the quiet time, for those who can't wait.
 */
export function busyUntil(
  { size, mtimeMs, ctimeMs }: { readonly size: number; readonly mtimeMs: number; readonly ctimeMs: number },
  now: number,
  share = 1,
): number | undefined {
  const quiet = quietMs(size) * share
  const times = [mtimeMs, ctimeMs].filter((at) => at <= now && at > now - quiet)
  return times.length === 0 ? undefined : Math.max(...times) + quiet
}
