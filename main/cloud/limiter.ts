import { DriveError, type Failure } from '#app/errors'
import {
  answers,
  complains,
  goes,
  mayGoAt,
  recall,
  startRate,
  tick,
  worthKeeping,
  type Learnt,
  type RateLimit,
  type RateState,
} from '#app/rate'

export type Endpoint =
  | 'access_token'
  | 'user_info'
  | 'list'
  | 'create'
  | 'slice'
  | 'upload_complete'
  | 'domain'
  | 'single_create'
  | 'mkdir'
  | 'move'
  | 'rename'
  | 'trash'
  | 'recover'
  | 'detail'

/** What is known of one account's limits beyond the published ones. */
export type LearntRates = Partial<Readonly<Record<Endpoint, Learnt>>>

/** Endpoints without a published number start at 10/s and find out (design 3). */
const LEARNT: RateLimit = { startPerSecond: 10, minPerSecond: 0.5, maxPerSecond: 50 }
const published = (perSecond: number): RateLimit => ({
  startPerSecond: perSecond,
  minPerSecond: 0.2,
  maxPerSecond: perSecond,
})

/** platform-facts 4, the developer path's table, free account. */
const LIMITS: Readonly<Record<Endpoint, RateLimit>> = {
  access_token: published(8),
  user_info: published(10),
  list: published(5),
  create: LEARNT,
  slice: LEARNT,
  upload_complete: LEARNT,
  domain: LEARNT,
  single_create: LEARNT,
  mkdir: published(5),
  move: published(3),
  rename: LEARNT,
  // The only number is the other path's.
  trash: published(5),
  recover: LEARNT,
  detail: LEARNT,
}
export const ENDPOINTS = Object.keys(LIMITS) as readonly Endpoint[] // the literal above has these keys and no others

/** When the platform does not say how long. */
const DEFAULT_PAUSE_MS = 1000

/** One account's turns at the platform, an endpoint at a time, for all threads: whoever sends asks here first. */
export class Limiter {
  readonly #lines = new Map<Endpoint, Line>()
  readonly #off: boolean

  constructor(options: { readonly off: boolean }) {
    this.#off = options.off
  }

  /** Waits for the endpoint's turn, sends, and slows everyone down when the answer is "too many". */
  async run<T>(endpoint: Endpoint, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const line = this.#lineOf(endpoint)
    const id = this.#off ? undefined : await line.turn(signal)
    try {
      const answer = await task()
      if (id !== undefined) line.answered(id, 'taken')
      return answer
    } catch (thrown) {
      if (thrown instanceof DriveError && thrown.code === 'rate-limited')
        throw slowed(thrown.failure, (pauseMs) => (id === undefined ? pauseMs : line.refused(id, pauseMs)))
      if (id !== undefined) line.answered(id, 'failed')
      throw thrown
    }
  }

  /** What should be kept of this account. */
  learnt(): LearntRates {
    const known = ENDPOINTS.map((endpoint) => [endpoint, this.#lines.get(endpoint)?.learnt] as const)
    return Object.fromEntries(known.filter(([, learnt]) => learnt !== undefined))
  }

  /** What was kept of this account; what has been found out meanwhile counts for more. */
  recall(rates: LearntRates): void {
    for (const endpoint of ENDPOINTS) {
      const learnt = rates[endpoint]
      if (learnt) this.#lineOf(endpoint).recall(learnt)
    }
  }

  /** Somebody else may sign in, whose limits are others. */
  forget(): void {
    const lines = [...this.#lines.values()]
    this.#lines.clear()
    // Answers that are still to come are the old account's, and change nothing for the next one.
    for (const line of lines) line.release()
  }

  #lineOf(endpoint: Endpoint): Line {
    const line = this.#lines.get(endpoint) ?? new Line(endpoint)
    this.#lines.set(endpoint, line)
    return line
  }
}

/** Those who wait for one endpoint, first come first served. */
class Line {
  readonly #endpoint: Endpoint
  readonly #waiting = new Set<(id: number) => void>()
  #state: RateState
  #timer: NodeJS.Timeout | undefined
  #lastId = 0

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
    this.#state = startRate(LIMITS[endpoint], performance.now())
  }

  get learnt(): Learnt | undefined {
    return worthKeeping(this.#state)
  }

  recall(learnt: Learnt): void {
    this.#state = recall(this.#state, learnt, performance.now())
    this.#pump()
  }

  release(): void {
    this.#state = startRate(LIMITS[this.#endpoint], performance.now())
    this.#pump()
  }

  /** Resolves with the number to report the answer under. */
  turn(signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const go = (id: number): void => {
        signal.removeEventListener('abort', leave)
        resolve(id)
      }
      const leave = (): void => {
        this.#waiting.delete(go)
        reject(new DriveError('cancelled', `${this.#endpoint} cancelled`))
        this.#pump()
      }
      if (signal.aborted) {
        leave()
        return
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(go)
      this.#pump()
    })
  }

  answered(id: number, outcome: 'taken' | 'failed'): void {
    this.#state = answers(this.#state, id, performance.now(), outcome)
    this.#pump()
  }

  /** For how long nothing goes out now. */
  refused(id: number, pauseMs: number): number {
    const now = performance.now()
    this.#state = complains(this.#state, id, now, pauseMs)
    this.#pump()
    return Math.ceil(this.#state.blockedUntil - now)
  }

  #pump(): void {
    clearTimeout(this.#timer)
    for (const go of this.#waiting) {
      const now = performance.now()
      this.#state = tick(this.#state, now)
      const waitMs = mayGoAt(this.#state) - now
      if (waitMs > 0) {
        this.#timer = setTimeout(() => {
          this.#pump()
        }, Math.ceil(waitMs))
        return
      }
      this.#waiting.delete(go)
      const id = ++this.#lastId
      this.#state = goes(this.#state, id, now)
      go(id)
    }
  }
}

/** The failure to pass on: it says how long the pause is even when the platform did not. */
function slowed(failure: Failure, pause: (saidMs: number) => number): DriveError {
  return DriveError.from({ ...failure, retryAfterMs: pause(failure.retryAfterMs ?? DEFAULT_PAUSE_MS) })
}
