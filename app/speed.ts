/** A moment and the bytes that moved since the one before. */
export interface Sample {
  readonly at: number
  readonly bytes: number
}

/** How far back a displayed speed looks: long enough to be steady, short enough to be true. */
const SPEED_WINDOW_MS = 5000

/** Bytes that have moved for less than this say nothing about the time left: after one small file a big one would take days. */
const STEADY_MS = 3000
/** A longer pause, and the next bytes are the first. */
const LONGEST_PAUSE_MS = 1500

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

/** Whether bytes have been moving, without a pause, for long enough to reckon with their speed. */
export function isSteady(samples: readonly Sample[], now: number): boolean {
  let since = now
  for (const { at } of samples.toReversed()) {
    if (since - at > LONGEST_PAUSE_MS) break
    since = at
  }
  return now - since >= STEADY_MS
}

/** Milliseconds left at that speed; undefined while it is not steady, and when nothing moves. */
export function remainingMs(bytesLeft: number, bytesPerSecond: number, steady: boolean): number | undefined {
  return steady && bytesPerSecond > 0 ? (bytesLeft / bytesPerSecond) * 1000 : undefined
}
