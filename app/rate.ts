import {
  answered,
  countedWith,
  keptUp,
  NEW_PACE,
  readyAt,
  send,
  sentAs,
  windowOf,
  type Pace,
} from './pace.ts'

/** Requests a second that one endpoint of one account is given. One that starts at its maximum has a published limit. */
export interface RateLimit {
  readonly startPerSecond: number
  readonly minPerSecond: number
  readonly maxPerSecond: number
}

/** What was found out about an endpoint, in requests a second: worth keeping, and plain enough for JSON. */
export interface Learnt {
  /** The most that ran without a complaint. */
  readonly good: number
  /** The least that drew one; always more than `good`. */
  readonly bad?: number
}

type Course =
  /** Nobody has complained yet: a fifth more after each second in use. */
  | { readonly kind: 'climbing'; readonly perSecond: number; readonly since: number }
  /** Between good and bad, or at good when there is nothing between. */
  | { readonly kind: 'searching'; readonly perSecond: number }
  /** After a complaint. */
  | { readonly kind: 'slowed'; readonly perSecond: number; readonly until: number }

/** All there is to know about one endpoint of one account. Times as in `Pace`. */
export interface RateState {
  readonly limit: RateLimit
  readonly pace: Pace
  readonly course: Course
  readonly learnt: Learnt | undefined
  /** When it was last seen that `good` is good. */
  readonly seenAt: number
  /** There was a complaint at a rate that is good; another one until then is believed. */
  readonly doubtUntil: number
  /** Nothing goes out before this. */
  readonly blockedUntil: number
  /** The last complaint: those sent before it say the same once more. */
  readonly cutAt: number
  readonly lookAgainAt: number
  readonly lookAgainMs: number
}

/** Slowed down for this long after the platform's pause. */
const SLOWED_MS = 1000
/** What ran this recently may have run by luck: a second of the platform's need not have held as many as were sent in one of ours. */
const YOUNG_MS = 30_000
const DOUBT_MS = 30_000
/** Whether the platform gives more by now costs a refusal to find out: asked this seldom at first, then half as often each time. */
const LOOK_AGAIN_MS = 10 * 60_000
/** Not worth another refusal to find out. */
const CLOSE_ENOUGH = 1.03
/** A complaint at less than this part of a good rate is not about that rate. */
const NEAR = 0.8

export function startRate(limit: RateLimit, now: number, kept?: Learnt): RateState {
  const learnt = kept ? within(kept, limit) : published(limit)
  return {
    limit,
    pace: NEW_PACE,
    course: onwards(learnt, limit.startPerSecond, now),
    learnt,
    seenAt: -Infinity,
    doubtUntil: -Infinity,
    blockedUntil: -Infinity,
    cutAt: -Infinity,
    lookAgainAt: now + LOOK_AGAIN_MS,
    lookAgainMs: LOOK_AGAIN_MS,
  }
}

/** What earlier runs found out, unless this one has found out something itself. */
export function recall(state: RateState, kept: Learnt, now: number): RateState {
  if (worthKeeping(state) || state.cutAt > -Infinity) return state
  return { ...startRate(state.limit, now, kept), pace: state.pace }
}

/** Undefined as long as there is nothing beyond what is published. */
export function worthKeeping({ learnt, limit }: RateState): Learnt | undefined {
  return learnt && (learnt.bad !== undefined || learnt.good !== published(limit)?.good) ? learnt : undefined
}

/** What time alone changes; ask before `mayGoAt`. */
export function tick(state: RateState, now: number): RateState {
  const { course, learnt, limit } = state
  switch (course.kind) {
    case 'slowed':
      return now < course.until ? state : { ...state, course: onwards(learnt, course.perSecond, now) }
    case 'climbing': {
      const { perSecond, since } = course
      const last = state.pace.sent.at(-1)
      // An idle second proves nothing.
      if (
        !last ||
        now - since < windowOf(perSecond).ms ||
        (keptUp(state.pace, last, 1, 'nearly') ?? 0) < perSecond
      )
        return state
      return { ...state, course: { ...course, perSecond: aFifthMore(perSecond, limit), since: now } }
    }
    case 'searching':
      if (learnt?.bad === undefined || course.perSecond > learnt.good || now < state.lookAgainAt) return state
      return {
        ...state,
        learnt: { good: learnt.good },
        course: { kind: 'climbing', perSecond: learnt.bad, since: now },
        lookAgainMs: state.lookAgainMs * 2,
      }
  }
}

/** When the next request may go: no sooner, and perhaps later, once more is known. */
export function mayGoAt({ pace, course, blockedUntil }: RateState): number {
  return Math.max(blockedUntil, readyAt(pace, course.perSecond))
}

export function goes(state: RateState, id: number, now: number): RateState {
  return { ...state, pace: send(state.pace, id, now, state.course.perSecond) }
}

/** It ended without a complaint: `failed` when there was no answer, or an error. */
export function answers(state: RateState, id: number, now: number, outcome: 'taken' | 'failed'): RateState {
  const pace = answered(state.pace, id, now, outcome)
  const one = sentAs(pace, id)
  const { learnt, course } = state
  // Two seconds of ours hold a whole one of the platform's, wherever that begins.
  const kept = one && outcome === 'taken' ? keptUp(pace, one, 2, 'fully') : undefined
  if (kept === undefined || kept <= (learnt?.good ?? 0) || kept >= (learnt?.bad ?? Infinity))
    return { ...state, pace }
  const better = { ...learnt, good: kept }
  return {
    ...state,
    pace,
    learnt: better,
    seenAt: now,
    course: course.kind === 'searching' ? onwards(better, kept, now) : course,
  }
}

/** The platform said "too many": nothing at all for as long as it said, then half as fast for a second, then what is known to be good. */
export function complains(state: RateState, id: number, now: number, retryAfterMs: number): RateState {
  const pace = answered(state.pace, id, now, 'refused')
  const one = sentAs(pace, id)
  const blockedUntil = Math.max(state.blockedUntil, now + retryAfterMs)
  const until = blockedUntil + SLOWED_MS
  const { course } = state
  // Those that were on the wire when the first one was refused are one complaint, not many.
  if (one && one.at <= state.cutAt)
    return { ...state, pace, blockedUntil, course: course.kind === 'slowed' ? { ...course, until } : course }
  const perSecond = half(course.perSecond, state.limit)
  const slowed: RateState = {
    ...state,
    pace,
    blockedUntil,
    cutAt: now,
    course: { kind: 'slowed', perSecond, until },
  }
  // Right after the start one second has to do.
  const good = state.learnt?.good ?? keptUpBefore(pace, id)
  if (good === undefined) return slowed
  const together = one ? countedWith(pace, one) : 0
  if (together > good) return ceilingAt(slowed, good, Math.min(together, state.learnt?.bad ?? Infinity), now)
  const doubted = now < state.doubtUntil
  if (together > good * NEAR && together > 1 && (doubted || now - state.seenAt < YOUNG_MS))
    return { ...ceilingAt(slowed, together - 1, together, now), seenAt: now, doubtUntil: -Infinity }
  // Somebody else's traffic, or a hiccup: once is nothing, twice means that what was learnt no longer holds.
  if (doubted) return { ...slowed, learnt: undefined, doubtUntil: -Infinity, lookAgainMs: LOOK_AGAIN_MS }
  return { ...slowed, doubtUntil: until + DOUBT_MS }
}

function keptUpBefore(pace: Pace, id: number): number | undefined {
  const last = pace.sent.findLast((one) => one.id < id)
  return last && keptUp(pace, last, 1, 'nearly')
}

function ceilingAt(state: RateState, good: number, bad: number, now: number): RateState {
  return { ...state, learnt: { good, bad }, lookAgainAt: now + state.lookAgainMs }
}

function onwards(learnt: Learnt | undefined, perSecond: number, now: number): Course {
  if (learnt?.bad !== undefined) return { kind: 'searching', perSecond: between(learnt.good, learnt.bad) }
  return { kind: 'climbing', perSecond: learnt?.good ?? perSecond, since: now }
}

function between(good: number, bad: number): number {
  return bad - 1 <= good * CLOSE_ENOUGH ? good : Math.min(bad - 1, Math.ceil((good + bad) / 2))
}

function aFifthMore(perSecond: number, { maxPerSecond }: RateLimit): number {
  const more = perSecond < 1 ? Math.min(1, perSecond * 2) : perSecond + Math.ceil(perSecond / 5)
  return Math.min(maxPerSecond, more)
}

function half(perSecond: number, { minPerSecond }: RateLimit): number {
  return Math.max(minPerSecond, perSecond >= 2 ? Math.floor(perSecond / 2) : perSecond / 2)
}

function published({ startPerSecond, maxPerSecond }: RateLimit): Learnt | undefined {
  return startPerSecond === maxPerSecond ? { good: maxPerSecond } : undefined
}

/** The numbers in the program may have changed since it was learnt, and what was kept may be damaged. */
function within({ good, bad }: Learnt, { minPerSecond, maxPerSecond }: RateLimit): Learnt {
  const possible = Math.min(maxPerSecond, Math.max(minPerSecond, good))
  return bad === undefined || bad <= possible || possible === maxPerSecond
    ? { good: possible }
    : { good: possible, bad }
}
