/** A moment and the bytes that moved since the one before. */
export interface Sample {
  readonly at: number
  readonly bytes: number
}

/** How far back a displayed speed looks: long enough to be steady, short enough to be true. */
const SPEED_WINDOW_MS = 5000

export function observe(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const from = sample.at - SPEED_WINDOW_MS
  return [...samples.filter(({ at }) => at > from), sample]
}

/** Bytes per second over the window that ends now. */
export function speedOf(samples: readonly Sample[], now: number): number {
  const recent = samples.filter(({ at }) => at > now - SPEED_WINDOW_MS)
  const first = recent[0]
  if (!first) return 0
  // A burst that has only begun is not divided by milliseconds.
  const spanMs = Math.max(1000, now - first.at)
  return (recent.reduce((sum, { bytes }) => sum + bytes, 0) * 1000) / spanMs
}

/** Milliseconds left at that speed, or undefined when nothing moves. */
export function remainingMs(bytesLeft: number, bytesPerSecond: number): number | undefined {
  return bytesPerSecond > 0 ? (bytesLeft / bytesPerSecond) * 1000 : undefined
}
