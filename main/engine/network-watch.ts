import { networkInterfaces } from 'node:os'
import { toFailure, type Failure } from '#app/errors'

export interface NetworkWatchOptions {
  /** Milliseconds since 1970: it goes on while the machine sleeps. */
  readonly now: () => number
  /** In [0, 1): spreads out those who lost the same network. */
  readonly random: () => number
  /** By which this machine may be reached, itself aside. */
  readonly addresses: () => readonly string[]
  /** Resolves when the platform answers anything at all. */
  readonly ask: (signal: AbortSignal) => Promise<void>
  /** Something is on its way, and not a byte has moved for seconds. */
  readonly isQuiet: () => boolean
  /** The machine slept, or has lost an address: what is open leads nowhere. */
  readonly onAstray: () => void
  /** It is quiet, and the platform does not answer: a network can go without a word, and who waits for it waits for a minute. */
  readonly onLost: (failure: Failure) => void
  /** Somebody had missed the platform, and now it answers. */
  readonly onBack: () => void
}

/** Between 2.5 and 3.5 s: five seconds after the network's return all goes on. */
const EVERY_MS = 2500
const JITTER_MS = 1000

/** A timer this late was not just kept waiting: connections do not outlive such a sleep for sure. */
const SLEPT_MS = 10_000

/** A server may take its time: while it is quiet and the platform does answer, it is asked no more often than this. */
const QUIET_ASK_MS = 30_000

/** Who is there when asked, and missed again as soon as this, is asked more rarely, up to this. */
const SOON_MS = 30_000
const MAX_PAUSE_MS = 60_000

/** Notices that the network is another one, and while it is gone asks when it is back. */
export class NetworkWatch {
  readonly #options: NetworkWatchOptions
  #timer: NodeJS.Timeout | undefined
  #dueAt = 0
  #addresses: readonly string[]
  #isMissing = false
  #wasQuiet = false
  /** Of the questions that have no answer yet. */
  #asked = new AbortController()
  #notBefore = 0
  /** Whether a question since the platform is missed has had no answer. */
  #wasAway = false
  /** How often in a row it was missed and was there: what was missed is another server, and that is the queue's own business. */
  #inVain = 0
  #backAt = 0

  constructor(options: NetworkWatchOptions) {
    this.#options = options
    this.#addresses = options.addresses()
    this.#arm()
  }

  /** The platform could not be reached: from now on it is asked. */
  miss(): void {
    if (this.#isMissing) return
    this.#isMissing = true
    this.#wasAway = false
    if (this.#options.now() - this.#backAt > SOON_MS) this.#inVain = 0
    const pauseMs = this.#inVain === 0 ? 0 : Math.min(MAX_PAUSE_MS, EVERY_MS * 2 ** this.#inVain)
    this.#notBefore = this.#options.now() + pauseMs
  }

  /** Somebody else has noticed, and all begins anew already: it is not noticed a second time. */
  rebase(): void {
    this.#addresses = this.#options.addresses()
    this.#startOver()
    this.#arm()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#asked.abort()
  }

  #startOver(): void {
    this.#notBefore = 0
    this.#inVain = 0
  }

  #arm(): void {
    const { now, random } = this.#options
    const waitMs = EVERY_MS + random() * JITTER_MS
    clearTimeout(this.#timer)
    this.#dueAt = now() + waitMs
    this.#timer = setTimeout(() => {
      this.#look()
    }, waitMs).unref()
  }

  #look(): void {
    const { now, addresses, onAstray } = this.#options
    const slept = now() - this.#dueAt > SLEPT_MS
    const there = new Set(addresses())
    const isGone = this.#addresses.some((address) => !there.has(address))
    this.#addresses = [...there]
    if (slept || isGone) {
      this.#startOver()
      onAstray()
    }
    this.#arm()
    if (now() < this.#notBefore) return
    if (this.#isMissing) void this.#ask()
    else void this.#doubt()
  }

  async #doubt(): Promise<void> {
    const { now, ask, isQuiet, onLost } = this.#options
    const { signal } = this.#asked
    const wasQuiet = this.#wasQuiet
    this.#wasQuiet = isQuiet()
    if (!wasQuiet || !this.#wasQuiet) return
    this.#notBefore = now() + QUIET_ASK_MS
    try {
      await ask(signal)
    } catch (thrown) {
      if (signal.aborted || this.#isMissing || !isQuiet()) return
      const failure = toFailure(thrown)
      this.miss()
      this.#leave(failure)
      onLost(failure)
    }
  }

  /** On a slow network the last question may still find its answer while the next one is asked. */
  async #ask(): Promise<void> {
    const { now, ask, onBack } = this.#options
    const { signal } = this.#asked
    try {
      await ask(signal)
    } catch (thrown) {
      if (!signal.aborted) this.#leave(toFailure(thrown))
      return
    }
    if (signal.aborted) return
    this.#asked.abort()
    this.#asked = new AbortController()
    this.#isMissing = false
    this.#backAt = now()
    this.#inVain = this.#wasAway ? 0 : this.#inVain + 1
    onBack()
  }

  /** A proxy that wants other credentials is not asked every few seconds: it would lock the account. */
  #leave({ retryAfterMs = 0 }: Failure): void {
    this.#wasAway = true
    this.#notBefore = this.#options.now() + retryAfterMs
  }
}

/** All of this machine's addresses that lead out of it. One for the cable alone comes and goes with every container and bridge. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter(({ internal, address }) => !internal && !/^(?:fe[89ab][\da-f]:|169\.254\.)/iu.test(address))
    .map(({ address }) => address)
}
