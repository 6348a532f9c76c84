import type { Account } from '#app/session'

/** Room that was asked for this long ago is asked for again before a file is turned away. */
const FRESH_MS = 30_000

/** Whose the drive is and how much room it has: asked once for many files. */
export class AccountFacts {
  readonly #ask: () => Promise<Account>
  readonly #origin: string
  readonly #now: () => number
  readonly #onOwner: (owner: string) => void
  readonly #freshMs: number
  #known: { readonly at: number; readonly account: Promise<Account> } | undefined
  #owner: string | undefined
  /** Changes when somebody else may be signed in. */
  #signedIn = 0
  /** Bytes that have arrived since it was asked, and those of the files that are under way. */
  #spent = 0
  #reserved = 0
  /** Ends when the last one who asked for room knows, and has taken it. */
  #turn: Promise<void> = Promise.resolve()

  /**
   * `origin`: the platform's address; a uid means something only there. `onOwner` hears of each owner that is not the last one.
   * `freshMs`: less than it takes until a file that was turned away asks again.
   */
  constructor(
    ask: () => Promise<Account>,
    origin: string,
    now: () => number,
    onOwner: (owner: string) => void = () => undefined,
    freshMs = FRESH_MS,
  ) {
    this.#ask = ask
    this.#origin = origin
    this.#now = now
    this.#onOwner = onOwner
    this.#freshMs = Math.min(FRESH_MS, freshMs)
  }

  /** The last one that is known, without asking. */
  get lastOwner(): string | undefined {
    return this.#owner
  }

  /** Stays the same until `forgetOwner`. */
  async owner(): Promise<string> {
    if (this.#owner !== undefined) return this.#owner
    const signedIn = this.#signedIn
    const { uid } = await this.#account(Infinity)
    // The answer is about whoever was signed in when it was asked for.
    if (signedIn !== this.#signedIn) return this.owner()
    const owner = `${this.#origin}#${uid}`
    const isNew = owner !== this.lastOwner
    this.#owner = owner
    if (isNew) this.#onOwner(owner)
    return owner
  }

  /**
   * How many bytes too many a file has; 0 when it fits, or when nobody knows: a platform that does not say how large the drive is
   * refuses by itself. Whoever is told that it fits calls `reserve` at once: the next one is told when that is done.
   */
  missingBytes(size: number): Promise<number> {
    const asked = this.#turn.then(async () => {
      const known = await this.#missing(size, Infinity)
      return known > 0 ? this.#missing(size, this.#freshMs) : known
    })
    this.#turn = asked.then(() => new Promise((resolve) => setImmediate(resolve)))
    return asked
  }

  /** It is on its way: nobody else is promised its room. Returns what to call when it has ended. */
  reserve(size: number): (arrived: boolean) => void {
    this.#reserved += size
    return (arrived) => {
      this.#reserved -= size
      if (arrived) this.#spent += size
    }
  }

  /** Somebody else signs in, or the platform said that there is less room than we thought. */
  forget(): void {
    this.#known = undefined
  }

  forgetOwner(): void {
    this.forget()
    this.#owner = undefined
    this.#signedIn++
  }

  async #missing(size: number, maxAgeMs: number): Promise<number> {
    const account = await this.#account(maxAgeMs).catch(() => undefined)
    if (!account?.totalBytes) return 0
    return Math.max(0, size - (account.totalBytes - account.usedBytes - this.#spent - this.#reserved))
  }

  #account(maxAgeMs: number): Promise<Account> {
    if (this.#known && this.#now() - this.#known.at <= maxAgeMs) return this.#known.account
    const asked = { at: this.#now(), account: this.#ask() }
    this.#known = asked
    this.#spent = 0
    asked.account.catch(() => {
      if (this.#known === asked) this.#known = undefined
    })
    return asked.account
  }
}
