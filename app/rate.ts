/** Requests a second that one endpoint of one account is given, and how that is learnt. */
export interface RateLimit {
  readonly startPerSecond: number
  readonly minPerSecond: number
  readonly maxPerSecond: number
}

/** A limiter's memory: turns at even distances, at a rate that grows while nobody complains and halves when somebody does. */
export interface RateState {
  readonly perSecond: number
  readonly tokens: number
  readonly at: number
  /** When the rate was last raised or cut. */
  readonly changedAt: number
  /** When it was last cut. */
  readonly cutAt: number | undefined
  /** Nothing goes out before this. */
  readonly blockedUntil: number
}

export function startRate(limit: RateLimit, now: number): RateState {
  return {
    perSecond: limit.startPerSecond,
    tokens: 1,
    at: now,
    changedAt: now,
    cutAt: undefined,
    blockedUntil: 0,
  }
}

/** One request asks to go: the state to keep, and how long it must wait first. The turn is taken either way. */
export function takeTurn(
  state: RateState,
  limit: RateLimit,
  now: number,
): { readonly state: RateState; readonly waitMs: number } {
  const grown = grow(state, limit, now)
  const from = Math.max(now, grown.blockedUntil)
  const elapsedMs = Math.max(0, from - grown.at)
  const tokens = Math.min(1, grown.tokens + (elapsedMs / 1000) * grown.perSecond) - 1
  const debtMs = tokens < 0 ? (-tokens / grown.perSecond) * 1000 : 0
  return { state: { ...grown, tokens, at: Math.max(grown.at, from) }, waitMs: Math.ceil(from - now + debtMs) }
}

/** The platform said "too many": half as fast from now on, and nothing at all until it said. */
export function slowDown(state: RateState, limit: RateLimit, now: number, retryAfterMs: number): RateState {
  const blockedUntil = Math.max(state.blockedUntil, now + retryAfterMs)
  // Those that were already on the wire when the first one was refused are one complaint, not many.
  if (state.cutAt !== undefined && now - state.cutAt < 1000) return { ...state, blockedUntil }
  const perSecond = Math.max(limit.minPerSecond, state.perSecond / 2)
  return {
    perSecond,
    tokens: Math.min(0, state.tokens),
    at: Math.max(now, state.at),
    changedAt: now,
    cutAt: now,
    blockedUntil,
  }
}

/** A fifth more for each second free of complaints. */
function grow(state: RateState, limit: RateLimit, now: number): RateState {
  const since = Math.max(state.changedAt, state.blockedUntil)
  const seconds = Math.floor((now - since) / 1000)
  if (seconds < 1) return state
  const perSecond = Math.min(limit.maxPerSecond, state.perSecond * 1.2 ** Math.min(seconds, 60))
  return { ...state, perSecond, changedAt: since + seconds * 1000 }
}
