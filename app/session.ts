import type { Failure } from './errors.ts'

/** What a person signs in with: an application's id and secret, or a token they hold. */
export type Credentials =
  | { readonly kind: 'client'; readonly clientID: string; readonly clientSecret: string }
  | { readonly kind: 'token'; readonly token: string }

/** The part of user info a window may show. No phone number, no mail address. */
export interface Account {
  readonly uid: string
  readonly nickname: string
  readonly usedBytes: number
  /** 0 when the platform does not say. */
  readonly totalBytes: number
  readonly vip: boolean
}

/** Where the credentials live: the OS keychain, this process alone, or the environment it was started with. */
export type Kept = 'keychain' | 'session-only' | 'environment'

/** Who is signed in. The token itself is not part of it. */
export type Session =
  | { readonly status: 'signed-out'; readonly reason?: Failure }
  | {
      readonly status: 'signed-in'
      readonly kept: Kept
      /** Unknown while the platform could not be asked. */
      readonly account?: Account
      /** When the token ends, milliseconds since 1970; a pasted token does not say. */
      readonly expiresAt?: number
      /** Why the account could not be asked just now. */
      readonly problem?: Failure
    }
