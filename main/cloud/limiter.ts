import { setTimeout as sleep } from 'node:timers/promises'
import { DriveError, type Failure } from '#app/errors'
import { slowDown, startRate, takeTurn, type RateLimit, type RateState } from '#app/rate'

export type Endpoint =
  'access_token' | 'user_info' | 'list' | 'create' | 'slice' | 'upload_complete' | 'domain' | 'single_create'

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
}

/** When the platform does not say how long. */
const DEFAULT_PAUSE_MS = 1000

/** One account's turns at the platform, an endpoint at a time, for all threads: whoever sends asks here first. */
export class Limiter {
  readonly #rates = new Map<Endpoint, RateState>()
  readonly #off: boolean

  constructor(options: { readonly off: boolean }) {
    this.#off = options.off
  }

  /** Waits for the endpoint's turn, sends, and slows everyone down when the answer is "too many". */
  async run<T>(endpoint: Endpoint, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.#turn(endpoint, signal)
    try {
      return await task()
    } catch (thrown) {
      if (thrown instanceof DriveError && thrown.code === 'rate-limited')
        throw this.#slowed(endpoint, thrown.failure)
      throw thrown
    }
  }

  async #turn(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
    if (this.#off) return
    const now = Date.now()
    const { state, waitMs } = takeTurn(this.#rateOf(endpoint, now), LIMITS[endpoint], now)
    this.#rates.set(endpoint, state)
    if (waitMs <= 0) return
    try {
      await sleep(waitMs, undefined, { signal })
    } catch (thrown) {
      throw new DriveError('cancelled', `${endpoint} cancelled`, { cause: thrown })
    }
  }

  /** The failure to pass on: it says how long the pause is even when the platform did not. */
  #slowed(endpoint: Endpoint, failure: Failure): DriveError {
    const now = Date.now()
    const pauseMs = failure.retryAfterMs ?? DEFAULT_PAUSE_MS
    this.#rates.set(endpoint, slowDown(this.#rateOf(endpoint, now), LIMITS[endpoint], now, pauseMs))
    return DriveError.from({ ...failure, retryAfterMs: pauseMs })
  }

  #rateOf(endpoint: Endpoint, now: number): RateState {
    return this.#rates.get(endpoint) ?? startRate(LIMITS[endpoint], now)
  }
}
