import { DriveError, toFailure, type Failure } from '#app/errors'
import type { Account, Credentials, Kept, Session } from '#app/session'
import type { IssuedToken } from '../cloud/client.ts'
import type { TokenSource } from '../transfers/context.ts'
import type { Keychain } from './keychain.ts'
import { parseSecret, printSecret } from './secret.ts'

/** The two questions a session has for the platform; in the app they are asked by the engine thread. */
export interface AccountApi {
  issueToken(clientID: string, clientSecret: string): Promise<IssuedToken>
  account(token: string): Promise<Account>
}

export interface AccountSessionOptions {
  readonly api: AccountApi
  readonly keychain: Keychain
  /** The keychain's account name: one for each platform address, so that an emulator's token never goes to the real one. */
  readonly keychainAccount: string
  readonly environment: Credentials | undefined
  readonly now: () => number
  readonly onChange: (session: Session) => void
}

interface Held {
  readonly credentials: Credentials
  readonly kept: Kept
  /** Absent until one has been issued. */
  readonly token: string | undefined
  readonly expiresAt: number | undefined
  /** From then on another one is asked for before this one is used. */
  readonly renewAt: number
}

/** A token this close to its end is renewed first; one that lives for minutes only, in its last quarter. */
const RENEW_BEFORE_MS = 5 * 60_000
/** A token refused this soon after it was issued: another one would be refused too, and would push an older login out. */
const FRESH_MS = 60_000

/** Who is signed in, and the one place that holds the token. */
export class AccountSession implements TokenSource {
  readonly #options: AccountSessionOptions
  #held: Held | undefined
  #session: Session = { status: 'signed-out' }
  #renewal: Promise<string> | undefined
  /** The last token issued, for a sign-in that has to be repeated: at most three may live (platform-facts 1.1). */
  #issued: (IssuedToken & { readonly for: string; readonly at: number }) | undefined

  constructor(options: AccountSessionOptions) {
    this.#options = options
  }

  get session(): Session {
    return this.#session
  }

  /**
   * Takes up what the environment or the keychain holds, without asking the platform: `reload` does. Never fails: what is wrong
   * is in the session.
   */
  async restore(): Promise<Session> {
    try {
      this.#held = await this.#recall()
    } catch (thrown) {
      return this.#publish({ status: 'signed-out', reason: toFailure(thrown) })
    }
    return this.#publish(this.#held ? signedIn(this.#held, {}) : { status: 'signed-out' })
  }

  /** `restore`, and then name and quota from the platform. */
  async start(): Promise<Session> {
    await this.restore()
    return this.reload()
  }

  async signIn(credentials: Credentials, keep: Exclude<Kept, 'environment'>): Promise<Session> {
    const held = await this.#obtain(credentials, keep)
    const account = await this.#options.api.account(held.token).catch(refuseCredentials)
    if (keep === 'keychain') await this.#store(held)
    // Over somebody else: whatever goes on as them has to hear that they are gone.
    if (this.#held) this.#publish({ status: 'signed-out' })
    this.#held = held
    this.#renewal = undefined
    return this.#publish(signedIn(held, { account }))
  }

  /** Whether the keychain held a credential until now. */
  async signOut(): Promise<boolean> {
    this.#held = undefined
    this.#issued = undefined
    this.#renewal = undefined
    this.#publish({ status: 'signed-out' })
    return this.#options.keychain.delete(this.#options.keychainAccount)
  }

  /** Asks for name and quota; a dead network leaves the session as it is and says so. */
  async reload(): Promise<Session> {
    if (!this.#held) return this.#session
    try {
      const account = await this.#withToken((token) => this.#options.api.account(token))
      const held = this.#stillHeld()
      return held ? this.#publish(signedIn(held, { account })) : this.#session
    } catch (thrown) {
      const problem = toFailure(thrown)
      const held = this.#stillHeld()
      if (!held) return this.#session
      if (isRefusal(problem)) return this.#refused(problem)
      const known = this.#session.status === 'signed-in' ? this.#session.account : undefined
      return this.#publish(signedIn(held, { problem, ...(known ? { account: known } : {}) }))
    }
  }

  async current(): Promise<string> {
    const held = this.#held
    if (!held) throw new DriveError('signed-out', 'Nobody is signed in')
    const now = this.#options.now()
    if (held.token !== undefined && now < held.renewAt) return held.token
    try {
      return await this.#renewOnce(held)
    } catch (thrown) {
      const ends = held.expiresAt ?? Infinity
      if (held.token === undefined || ends <= now || isRefusal(toFailure(thrown))) throw thrown
      // The old one is good for some minutes yet, and not everybody who needs it has to wait for another refusal.
      if (this.#held === held) this.#held = { ...held, renewAt: Math.min(ends, now + FRESH_MS) }
      return held.token
    }
  }

  async renew(refused: string, failure: Failure): Promise<string> {
    const held = this.#held
    if (!held) throw new DriveError('signed-out', 'Nobody is signed in')
    // Somebody else was refused earlier and has renewed it.
    if (held.token !== undefined && held.token !== refused) return held.token
    if (held.credentials.kind === 'token' || this.#isYoung(refused)) {
      this.#refused(failure)
      throw DriveError.from(failure)
    }
    return this.#renewOnce(held)
  }

  /** Issued a moment ago, and by its own word not at its end. */
  #isYoung(token: string): boolean {
    if (this.#issued?.token !== token) return false
    const { at, expiresAt } = this.#issued
    const now = this.#options.now()
    return now - at < FRESH_MS && !(expiresAt > at && expiresAt <= now)
  }

  /** What is held now, after an await: it may be gone by then. */
  #stillHeld(): Held | undefined {
    return this.#held
  }

  #withToken<T>(use: (token: string) => Promise<T>): Promise<T> {
    return this.current().then((token) =>
      use(token).catch(async (thrown: unknown) => {
        const failure = toFailure(thrown)
        if (!isRefusal(failure)) throw thrown
        return use(await this.renew(token, failure))
      }),
    )
  }

  #renewOnce(held: Held): Promise<string> {
    if (this.#renewal) return this.#renewal
    const renewal = this.#renew(held).finally(() => {
      if (this.#renewal === renewal) this.#renewal = undefined
    })
    this.#renewal = renewal
    return renewal
  }

  async #renew(old: Held): Promise<string> {
    this.#issued = undefined
    try {
      const held = await this.#obtain(old.credentials, old.kept)
      // Signed out, or somebody else in, meanwhile: the new token dies with this call.
      if (this.#stillHeld() !== old) return await this.current()
      this.#held = held
      if (held.kept === 'keychain') await this.#store(held).catch(() => undefined) // It works without; the next start renews again.
      const session = this.#session
      this.#publish(
        signedIn(held, session.status === 'signed-in' && session.account ? { account: session.account } : {}),
      )
      return held.token
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (failure.code !== 'credentials-refused') throw thrown
      if (this.#stillHeld() === old) this.#refused(failure)
      // To whoever waited for the token this is one thing: the account is gone.
      throw new DriveError('unauthorized', failure.message, { cause: thrown })
    }
  }

  /** A token for these credentials, without asking for one while a good one is held. */
  async #obtain(credentials: Credentials, kept: Kept): Promise<Held & { readonly token: string }> {
    if (credentials.kind === 'token') return holdPasted(credentials, kept)
    const { clientID, clientSecret } = credentials
    const owner = JSON.stringify([clientID, clientSecret])
    const now = this.#options.now()
    if (this.#issued?.for !== owner || now >= renewalOf(this.#issued, this.#issued.at)) {
      this.#issued = { ...(await this.#issue(clientID, clientSecret)), for: owner, at: now }
    }
    const { token, expiresAt, at } = this.#issued
    return { credentials, kept, token, expiresAt, renewAt: renewalOf(this.#issued, at) }
  }

  #issue(clientID: string, clientSecret: string): Promise<IssuedToken> {
    return this.#options.api.issueToken(clientID, clientSecret).catch(refuseCredentials)
  }

  async #recall(): Promise<Held | undefined> {
    const { environment, keychain, keychainAccount } = this.#options
    if (environment) return hold(environment, 'environment', undefined)
    const text = await keychain.get(keychainAccount)
    const secret = text === undefined ? undefined : parseSecret(text)
    return secret && hold(secret.credentials, 'keychain', secret.issued)
  }

  #store({ credentials, token, expiresAt }: Held): Promise<void> {
    const issued =
      credentials.kind === 'client' && token !== undefined && expiresAt !== undefined
        ? { token, expiresAt }
        : undefined
    return this.#options.keychain.set(
      this.#options.keychainAccount,
      printSecret({ credentials, ...(issued ? { issued } : {}) }),
    )
  }

  /** Refused for good: "sign in again"; what is queued stays. */
  #refused(reason: Failure): Session {
    this.#held = undefined
    return this.#publish({ status: 'signed-out', reason })
  }

  #publish(session: Session): Session {
    this.#session = session
    this.#options.onChange(session)
    return session
  }
}

/** What a restart knows; where the issued token is gone, `current` gets another. */
function hold(credentials: Credentials, kept: Kept, issued: IssuedToken | undefined): Held {
  if (credentials.kind === 'token') return holdPasted(credentials, kept)
  if (!issued) return { credentials, kept, token: undefined, expiresAt: undefined, renewAt: 0 }
  return { credentials, kept, ...issued, renewAt: renewalOf(issued) }
}

function holdPasted(
  credentials: Extract<Credentials, { kind: 'token' }>,
  kept: Kept,
): Held & { readonly token: string } {
  return { credentials, kept, token: credentials.token, expiresAt: undefined, renewAt: Infinity }
}

/** When to ask for the next one. `issuedAt`: by our clock, when that is known. */
function renewalOf({ expiresAt }: IssuedToken, issuedAt = -Infinity): number {
  const life = expiresAt - issuedAt
  // It had ended before it began: our clock is wrong, and each further one would end so. Its refusal will tell.
  if (life <= 0) return Infinity
  return expiresAt - Math.min(RENEW_BEFORE_MS, life / 4)
}

/** To somebody who is just signing in it is not the session that ended: what they gave is not accepted. */
function refuseCredentials(thrown: unknown): never {
  const { code, ...rest } = toFailure(thrown)
  if (code !== 'unauthorized' && code !== 'refused' && code !== 'not-found') throw thrown
  throw DriveError.from({ code: 'credentials-refused', ...rest })
}

function isRefusal({ code }: Failure): boolean {
  return code === 'unauthorized' || code === 'token-limit' || code === 'credentials-refused'
}

function signedIn(
  { kept, expiresAt }: Held,
  more: { readonly account?: Account; readonly problem?: Failure },
): Session {
  return { status: 'signed-in', kept, ...(expiresAt === undefined ? {} : { expiresAt }), ...more }
}
