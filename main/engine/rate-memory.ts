import { z } from 'zod'
import { ENDPOINTS, type Limiter, type LearntRates } from '../cloud/limiter.ts'
import type { QueueStore } from '../transfers/queue-store.ts'

/** A crash costs no more than what was learnt since. */
const SAVE_EVERY_MS = 60_000

const learntRate = z.object({ good: z.number().positive(), bad: z.number().positive().exactOptional() })

/** What the limiter found out about an account's limits outlives the process (design 3, Retry). */
export class RateMemory {
  readonly #limiter: Limiter
  readonly #store: Pick<QueueStore, 'fact' | 'setFact'>
  #owner: string | undefined
  #saved: string | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(limiter: Limiter, store: Pick<QueueStore, 'fact' | 'setFact'>) {
    this.#limiter = limiter
    this.#store = store
  }

  /** This account is the one that is limited from now on. */
  recall(owner: string): void {
    if (this.#owner !== undefined && this.#owner !== owner) this.forget()
    this.#owner = owner
    this.#saved = this.#store.fact(factOf(owner))
    this.#limiter.recall(parse(this.#saved))
    clearInterval(this.#timer)
    this.#timer = setInterval(() => {
      this.#save()
    }, SAVE_EVERY_MS).unref()
  }

  /** Another account may be the next. */
  forget(): void {
    this.stop()
    this.#owner = undefined
    this.#limiter.forget()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#save()
  }

  #save(): void {
    if (this.#owner === undefined) return
    const learnt = this.#limiter.learnt()
    const text = JSON.stringify(learnt)
    if (text === this.#saved || Object.keys(learnt).length === 0) return
    try {
      this.#store.setFact(factOf(this.#owner), text)
      this.#saved = text
    } catch {
      // A full disk shows where something is lost by it; this is learnt again in seconds.
    }
  }
}

function factOf(owner: string): string {
  return `rates:${owner}`
}

/** An endpoint that does not parse is learnt anew; the others still count. */
function parse(text: string | undefined): LearntRates {
  const stored = z.record(z.string(), z.unknown()).safeParse(json(text)).data ?? {}
  return Object.fromEntries(
    ENDPOINTS.flatMap((endpoint) => {
      const rate = learntRate.safeParse(stored[endpoint])
      return rate.success ? [[endpoint, rate.data]] : []
    }),
  )
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
