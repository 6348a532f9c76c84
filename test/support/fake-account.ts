import { DriveError, type ErrorCode } from '#app/errors'
import type { Account, Credentials, Session } from '#app/session'
import type { IssuedToken } from '#main/cloud/client'
import { AccountSession, type AccountApi } from '#main/session/account-session'
import type { Keychain } from '#main/session/keychain'

export const ACCOUNT: Account = { uid: '18', nickname: '李明', usedBytes: 5, totalBytes: 10, vip: false }
export const CLIENT: Credentials = { kind: 'client', clientID: 'client-1', clientSecret: 'the-client-secret' }
export const PASTED: Credentials = { kind: 'token', token: 'pasted-token' }
const DAY = 24 * 60 * 60 * 1000
export const LIFETIME_MS = 30 * DAY

/** A keychain in memory, which can be out of order. */
class FakeKeychain implements Keychain {
  readonly secrets = new Map<string, string>()
  broken = false

  get(account: string): Promise<string | undefined> {
    return this.#guard(() => this.secrets.get(account))
  }
  set(account: string, secret: string): Promise<void> {
    return this.#guard(() => void this.secrets.set(account, secret))
  }
  delete(account: string): Promise<boolean> {
    return this.#guard(() => this.secrets.delete(account))
  }

  #guard<T>(task: () => T): Promise<T> {
    if (this.broken) return Promise.reject(new DriveError('keychain-unavailable', 'No secret service'))
    return Promise.resolve(task())
  }
}

/** The platform's side: issues tokens and accepts those it has not refused. */
class FakeAccountApi implements AccountApi {
  readonly issued: string[] = []
  readonly refused = new Set<string>()
  readonly #now: () => number
  /** What both calls end in. */
  fails: ErrorCode | undefined
  issuingFails: ErrorCode | undefined
  lifetimeMs = LIFETIME_MS
  /** Answers wait for it. */
  hold: Promise<void> = Promise.resolve()

  constructor(now: () => number) {
    this.#now = now
  }

  async issueToken(clientID: string): Promise<IssuedToken> {
    const token = `secret-token-${this.issued.length + 1}-of-${clientID}`
    this.issued.push(token)
    await this.hold
    const code = this.fails ?? this.issuingFails
    if (code) throw new DriveError(code, `access_token: ${code}`)
    return { token, expiresAt: this.#now() + this.lifetimeMs }
  }

  async account(token: string): Promise<Account> {
    await this.hold
    if (this.fails) throw new DriveError(this.fails, `user_info: ${this.fails}`)
    if (this.refused.has(token)) throw new DriveError('unauthorized', 'user_info: 401 token is invalid')
    return ACCOUNT
  }
}

/** One installation: what is in the keychain and on the platform outlives a restart. */
export class Installation {
  now = 1_700_000_000_000
  readonly keychain = new FakeKeychain()
  readonly api = new FakeAccountApi(() => this.now)
  readonly published: Session[] = []

  start(environment?: Credentials): AccountSession {
    return new AccountSession({
      api: this.api,
      keychain: this.keychain,
      keychainAccount: 'https://open-api.123pan.com',
      environment,
      now: () => this.now,
      onChange: (session) => this.published.push(session),
    })
  }
}
