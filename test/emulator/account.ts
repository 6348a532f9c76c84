import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { httpRefusal, Refusal } from './answers.ts'
import { type Journal, Table } from './journal.ts'

/** More than these for one client id, and the oldest is kicked out (platform-facts 1.1). */
const MAX_LIVE_TOKENS = 3

const tokenSchema = z.object({
  token: z.string(),
  /** `given` ones are there from the start and belong to no client id. */
  origin: z.enum(['given', 'issued']),
  state: z.enum(['live', 'kicked', 'revoked']),
  expiresAt: z.number(),
})
type TokenRow = z.infer<typeof tokenSchema>

const credentialsSchema = z.object({ clientID: z.string(), clientSecret: z.string(), token: z.string() })

/** Tokens that live at least so long end with a second, as the platform's do; tests have some that live for less than one. */
const WHOLE_SECONDS_FROM_MS = 60_000

/** The one account of this platform: its client id, secret and tokens. */
export class Account {
  readonly clientID: string
  readonly clientSecret: string
  /** Valid from the start. */
  readonly token: string
  readonly #tokens: Table<TokenRow>

  constructor(journal: Journal, token: string | undefined) {
    this.#tokens = new Table('token', tokenSchema, journal)
    const credentials = new Table('credentials', credentialsSchema, journal)
    const kept = credentials.get('own')
    this.clientID = kept?.clientID ?? randomBytes(16).toString('hex')
    this.clientSecret = kept?.clientSecret ?? randomBytes(16).toString('hex')
    this.token = token ?? kept?.token ?? newToken()
    credentials.set('own', { clientID: this.clientID, clientSecret: this.clientSecret, token: this.token })
    if (this.#tokens.get(this.token)?.state !== 'live') {
      this.#tokens.set(this.token, {
        token: this.token,
        origin: 'given',
        state: 'live',
        expiresAt: Date.now() + 30 * 24 * 3600 * 1000,
      })
    }
  }

  issue(lifetimeMs: number, now: number): { readonly token: string; readonly expiresAt: number } {
    const live = [...this.#tokens.values()].filter(
      ({ origin, state, expiresAt }) => origin === 'issued' && state === 'live' && expiresAt > now,
    )
    const tooMany = live.slice(0, Math.max(0, live.length - MAX_LIVE_TOKENS + 1))
    for (const row of tooMany) this.#tokens.set(row.token, { ...row, state: 'kicked' })
    const end = now + lifetimeMs
    const expiresAt = lifetimeMs < WHOLE_SECONDS_FROM_MS ? end : Math.floor(end / 1000) * 1000
    const row: TokenRow = { token: newToken(), origin: 'issued', state: 'live', expiresAt }
    this.#tokens.set(row.token, row)
    return row
  }

  revoke(token: string): void {
    const row = this.#tokens.get(token)
    if (row) this.#tokens.set(token, { ...row, state: 'revoked' })
  }

  /** Throws unless the header is `Bearer` and a live token. */
  authorize(header: string | undefined, now: number): void {
    const token = header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined
    const row = token === undefined ? undefined : this.#tokens.get(token)
    if (row?.state === 'kicked') {
      // Seen on business endpoints in the body (platform-facts 1.1), hence HTTP 200.
      throw new Refusal({
        kind: 'error',
        status: 200,
        code: 401,
        message: 'tokens number has exceeded the limit',
      })
    }
    if (row?.state !== 'live' || row.expiresAt <= now) throw httpRefusal(401, 'token is invalid')
  }
}

/** Looks like the platform's: a JWT's length, and nothing that occurs elsewhere by chance. */
function newToken(): string {
  return `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${randomBytes(48).toString('base64url')}.${randomBytes(32).toString('base64url')}`
}
