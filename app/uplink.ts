/**
 * One line up, shared by all transfer threads (design 4): when bytes may go under a limit, and how many may be on the wire at once.
 * Limits are bytes per second, undefined is none; times are milliseconds of one clock.
 */

/** Time the line was free that may be made up for: threads wake late, but bursts must stay short. */
export const CREDIT_MS = 100

/** A wait on our side is cut into pieces of this long at most, so that the limit is a steady stream and a stop comes at once. */
const PIECE_MS = 100
/** Smaller ones would cost more in framing and calls than they smooth. */
const MIN_PIECE_BYTES = 4 * 1024
const MAX_PIECE_BYTES = 64 * 1024

/** What of a body goes at once. */
export function pieceBytes(limit: number): number {
  return Math.min(MAX_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, Math.floor((limit * PIECE_MS) / 1000)))
}

/** Takes the next place on the line for so many bytes: when they may go, and when the line is free after them. */
export function reserve(
  freeAt: number,
  bytes: number,
  limit: number,
  now: number,
): { readonly at: number; readonly freeAt: number } {
  const at = Math.max(freeAt, now - CREDIT_MS)
  return { at, freeAt: at + (bytes / limit) * 1000 }
}

/** When what was to go at `at` may go now that the limit is another: the bytes before it are the same. */
export function underNewLimit(
  at: number,
  now: number,
  before: number | undefined,
  after: number | undefined,
): number {
  if (at <= now || before === undefined) return at
  return after === undefined ? now : now + ((at - now) * before) / after
}

/** A request on its way, its first byte having gone at `startedAt`. */
export interface Stretch {
  readonly startedAt: number
  readonly bytes: number
  readonly sent: number
  /** How long a limit may make it last (design 3.5). */
  readonly stretchMs: number
}

/** When its next byte goes whatever the limit says, so that its last one is not too late for the platform's gateway. */
export function latestFor({ startedAt, bytes, sent, stretchMs }: Stretch): number {
  return startedAt + stretchMs * (sent / bytes)
}

/** So many bytes in requests at once that each is done in time when they share the limit evenly. */
export function roomUnder(limit: number | undefined, stretchMs: number): number {
  return limit === undefined ? Infinity : (limit * stretchMs) / 1000
}

/** What requests so far have shown of the uplink. */
export interface Learnt {
  /** Bytes that may be on the wire at once. One request always may. */
  readonly room: number
  /** When that was last cut. */
  readonly cutAt: number
}

export const NOTHING_LEARNT: Learnt = { room: Infinity, cutAt: -Infinity }

/** How a request fared. */
export interface Fared {
  readonly startedAt: number
  readonly bytes: number
  /** Bytes of all requests that were on the wire when it ended. */
  readonly onTheWire: number
  /** How long the line took, waits for the limit aside; Infinity when the gateway gave up on it. */
  readonly busyMs: number
}

/** Half of the 60 s after which the platform's gateway gives up on a body (platform-facts 3.3). */
const SLOW_MS = 30_000
/** Three times as many would still not be slow. */
const FAST_MS = 10_000

/** Half as many bytes at once after a slow request, as many more as it had after a fast one (design 3.5). */
export function learn(learnt: Learnt, { startedAt, bytes, onTheWire, busyMs }: Fared, now: number): Learnt {
  // Those that were on the wire together are slow together: that is one piece of news.
  if (startedAt < learnt.cutAt) return learnt
  if (busyMs > SLOW_MS) {
    const half = Math.floor(Math.min(learnt.room, onTheWire) / 2)
    return { room: Math.max(bytes, half), cutAt: now }
  }
  return busyMs < FAST_MS && learnt.room < Infinity ? { ...learnt, room: learnt.room + bytes } : learnt
}
