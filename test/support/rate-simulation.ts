import {
  answers,
  complains,
  goes,
  mayGoAt,
  startRate,
  tick,
  type Learnt,
  type RateLimit,
  type RateState,
} from '#app/rate'

/** Minutes of one endpoint's traffic without a clock: who always has something to send, a line, and a platform that counts. */
export interface Simulation {
  readonly limit: RateLimit
  readonly kept?: Learnt
  /** Requests that the platform takes in a second, at a time. */
  readonly allowed: number | ((now: number) => number)
  /** Clock seconds, as Kong counts, or the last second before each request. */
  readonly windows: 'fixed' | 'sliding'
  readonly line: Line
  readonly seconds: number
  readonly seed: number
  /** What a refusal says. */
  readonly retryAfterMs?: number
  /** Whether somebody has something to send. */
  readonly wanted?: (now: number) => boolean
}

export interface Line {
  /** There and back, at best. */
  readonly latencyMs: number
  /** Each request takes up to so much longer there and back, half of it each way. */
  readonly jitterMs: number
}

export interface Simulated {
  /** When the platform took a request, and when it refused one. */
  readonly taken: readonly number[]
  readonly refused: readonly number[]
  /** When one went out. */
  readonly sent: readonly number[]
  readonly state: RateState
}

const SECOND = 1000
const TIMER_LATE_MS = 2
const POLL_MS = 50

export function simulate(simulation: Simulation): Simulated {
  const { limit, kept, line, seconds, seed, retryAfterMs = SECOND, wanted = () => true } = simulation
  const random = randomFrom(seed)
  const platform = new Platform(simulation, random() * SECOND)
  const agenda = new Agenda()
  const sent: number[] = []
  let state = startRate(limit, 0, kept)
  let waking: number | undefined

  const oneWay = (): number => (line.latencyMs + random() * line.jitterMs) / 2
  const sendOne = (now: number): void => {
    const id = sent.push(now)
    state = goes(state, id, now)
    agenda.add(now + oneWay(), (arrival) => {
      const taken = platform.takes(arrival)
      agenda.add(arrival + oneWay(), (back) => {
        state = taken ? answers(state, id, back, 'taken') : complains(state, id, back, retryAfterMs)
        pump(back)
      })
    })
  }
  const pump = (now: number): void => {
    for (;;) {
      state = tick(state, now)
      const at = wanted(now) ? mayGoAt(state) : now + POLL_MS
      if (at > now) {
        if (waking === at) return
        waking = at
        agenda.add(at + random() * TIMER_LATE_MS, (late) => {
          if (waking !== at) return
          waking = undefined
          pump(late)
        })
        return
      }
      sendOne(now)
    }
  }
  agenda.add(0, pump)
  agenda.runUntil(seconds * SECOND)
  return { taken: platform.taken, refused: platform.refused, sent, state }
}

/** The part of the allowed requests that was taken from one second to another. */
export function usedOf(taken: readonly number[], allowed: number, from: number, until: number): number {
  const within = taken.filter((at) => at >= from * SECOND && at < until * SECOND)
  return within.length / (allowed * (until - from))
}

/** The most that fall into any stretch of so many milliseconds. */
export function mostWithin(times: readonly number[], ms: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  let first = 0
  let most = 0
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - ms) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

class Platform {
  readonly taken: number[] = []
  readonly refused: number[] = []
  readonly #simulation: Simulation
  /** Nobody knows when the platform's seconds begin. */
  readonly #phaseMs: number

  constructor(simulation: Simulation, phaseMs: number) {
    this.#simulation = simulation
    this.#phaseMs = phaseMs
  }

  takes(now: number): boolean {
    const { allowed, windows } = this.#simulation
    const from =
      windows === 'sliding'
        ? now - SECOND
        : Math.floor((now + this.#phaseMs) / SECOND) * SECOND - this.#phaseMs - Number.EPSILON
    let count = 0
    for (let index = this.taken.length - 1; index >= 0 && (this.taken[index] ?? 0) > from; index--) count++
    const takes = count < (typeof allowed === 'number' ? allowed : allowed(now))
    ;(takes ? this.taken : this.refused).push(now)
    return takes
  }
}

type Deed = (now: number) => void

class Agenda {
  /** The next one last. */
  readonly #deeds: { readonly at: number; readonly run: Deed }[] = []

  add(at: number, run: Deed): void {
    let index = this.#deeds.length
    while (index > 0 && (this.#deeds[index - 1]?.at ?? 0) <= at) index--
    this.#deeds.splice(index, 0, { at, run })
  }

  runUntil(end: number): void {
    for (let deed = this.#deeds.pop(); deed && deed.at <= end; deed = this.#deeds.pop()) deed.run(deed.at)
  }
}
