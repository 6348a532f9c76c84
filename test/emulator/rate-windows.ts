import { Refusal, httpRefusal } from './answers.ts'
import type { RateLimits } from './quirks.ts'
import type { Endpoint } from './types.ts'

/** Counts requests per clock second, as Kong does, the platform's gateway by its trace ids. */
export class RateWindows {
  readonly #windows = new Map<Endpoint, { second: number; count: number }>()

  /** Throws when this request is one too many. Refused ones do not count. */
  admit(endpoint: Endpoint, limits: RateLimits, now: number): void {
    const limit = limits.perSecond[endpoint]
    if (limit === undefined) return
    const second = Math.floor(now / 1000)
    const window = this.#windows.get(endpoint)
    const count = window?.second === second ? window.count : 0
    if (count >= limit) throw tooMany(limits.answer)
    this.#windows.set(endpoint, { second, count: count + 1 })
  }
}

function tooMany(answer: RateLimits['answer']): Refusal {
  const message = '请求太频繁，请稍后再试'
  if (answer.kind === 'body-429') return new Refusal({ kind: 'error', status: 200, code: 429, message })
  const { retryAfterSeconds } = answer
  return httpRefusal(
    429,
    message,
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  )
}
