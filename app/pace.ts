/** Who went when, and when the next may. All times are milliseconds of one clock that never goes back. */
export interface Sent {
  readonly id: number
  readonly at: number
  /** Requests a second at which it was let out. */
  readonly perSecond: number
  /** The platform has counted it by then, as far as can be told from here. */
  readonly countedBy: number
  /** Undefined as long as there is no answer. */
  readonly outcome: Outcome | undefined
}

/** What is remembered of one endpoint's requests: the last seconds, oldest first. */
export interface Pace {
  readonly sent: readonly Sent[]
  /** How long an answer takes, smoothed; 0 before the first. */
  readonly typicalMs: number
}

export type Outcome = 'taken' | 'refused' | 'failed'

export const NEW_PACE: Pace = { sent: [], typicalMs: 0 }

/** Two requests on the same line may differ by so much on their way without anybody noticing. */
const SPREAD_MS = 30
/** However late an answer comes, the platform is taken to have counted the request by then: a long body is no late request. */
const MOST_LATE_MS = 150
/** The same for those before the first answer: connections are made, and threads started, while they are on their way. */
const COLD_MS = 1000
const SLACK_MS = 2
/** Requests at even distances go out a little sooner than even: timers are late, and that must not add up. */
const TIMERS_LATE_MS = 4
/** What a second at full use is longer by even on a line without delay. */
const LOST_MS = 12
/** Answers that come within this still say something about the rate at which their request went. */
const ANSWERED_WITHIN_MS = 5000

/** A rate as it is kept: so many requests in any stretch of so many milliseconds. Below one a second the stretch grows. */
export function windowOf(perSecond: number): { readonly count: number; readonly ms: number } {
  return perSecond >= 1 ? { count: Math.floor(perSecond), ms: 1000 } : { count: 1, ms: 1000 / perSecond }
}

/**
 * When the next request may go. Even spacing alone does not keep a limit: what leaves evenly arrives unevenly. So the n-th request
 * waits until a whole second after the platform is known to have counted the one n before it; then no second of the platform's,
 * wherever it begins, can hold more than n.
 */
export function readyAt({ sent }: Pace, perSecond: number): number {
  const { count, ms } = windowOf(perSecond)
  const last = sent.at(-1)
  if (!last) return -Infinity
  let ready = last.at + Math.max(0, ms / count - TIMERS_LATE_MS)
  for (const { countedBy } of sent.slice(0, Math.max(0, sent.length - count + 1)))
    ready = Math.max(ready, countedBy + ms + SLACK_MS)
  return ready
}

/** One goes out, whatever `readyAt` says. Ids grow. */
export function send(pace: Pace, id: number, at: number, perSecond: number): Pace {
  const oldest = at - ANSWERED_WITHIN_MS - 2 * windowOf(perSecond).ms
  const kept = pace.sent.filter((one) => one.at > oldest)
  const cold = kept.every(({ outcome }) => outcome === undefined)
  const countedBy = at + (cold ? COLD_MS : MOST_LATE_MS)
  return { ...pace, sent: [...kept, { id, at, perSecond, countedBy, outcome: undefined }] }
}

/** Its answer came, or will not come any more: it was counted by now, and by then if it took no longer than others. */
export function answered(pace: Pace, id: number, now: number, outcome: Outcome): Pace {
  const one = sentAs(pace, id)
  if (!one) return pace
  const tookMs = now - one.at
  const lateMs = Math.min(tookMs, SPREAD_MS + Math.max(0, tookMs - pace.typicalMs))
  const known: Sent = { ...one, countedBy: Math.min(one.countedBy, one.at + lateMs), outcome }
  return {
    sent: pace.sent.map((each) => (each === one ? known : each)),
    typicalMs: outcome === 'failed' ? pace.typicalMs : smoothed(pace.typicalMs, tookMs),
  }
}

/** Undefined when it is too long ago. */
export function sentAs({ sent }: Pace, id: number): Sent | undefined {
  return sent.find((one) => one.id === id)
}

/** So many may have stood in one second of the platform's together with this one, itself included. */
export function countedWith({ sent }: Pace, one: Sent): number {
  const from = one.at - windowOf(one.perSecond).ms
  const others = sent.filter(
    (each) =>
      each.id !== one.id && each.outcome !== 'refused' && each.countedBy > from && each.at < one.countedBy,
  )
  return Math.min(one.perSecond, others.length + 1)
}

/**
 * The rate that was let out, and used, all through the seconds up to this request; undefined when it was not, or something refused.
 * `nearly` will do to try a higher rate; to call a rate good takes all that could go at it: one request less a second may be one
 * that the platform would have refused.
 */
export function keptUp(
  { sent, typicalMs }: Pace,
  one: Sent,
  seconds: number,
  used: 'fully' | 'nearly',
): number | undefined {
  const { ms } = windowOf(one.perSecond)
  const lostMs = used === 'nearly' ? ms / 10 : LOST_MS + 1.5 * Math.min(SPREAD_MS, typicalMs)
  const last = sent.indexOf(one)
  let least = one.perSecond
  for (let index = last; index >= 0; index--) {
    const { at, perSecond, outcome } = sent[index] ?? one
    const tookMs = one.at - at
    if (tookMs >= seconds * ms)
      return (last - index) * (ms + lostMs) >= windowOf(least).count * tookMs ? least : undefined
    if (outcome === 'refused') return undefined
    least = Math.min(least, perSecond)
  }
  return undefined
}

/** As TCP smooths its round trips (RFC 6298). */
function smoothed(beforeMs: number, tookMs: number): number {
  return beforeMs === 0 ? tookMs : beforeMs + (tookMs - beforeMs) / 8
}
