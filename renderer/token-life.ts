import type { Session } from '#app/session'

/** How long a credential is good for, as far as is known. */
export type TokenLife =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'valid' | 'soon'; readonly until: number }
  | { readonly kind: 'expired' }

const SOON_MS = 7 * 24 * 60 * 60_000

export function tokenLife(
  { expiresAt }: Pick<Session & { status: 'signed-in' }, 'expiresAt'>,
  now: number,
): TokenLife {
  if (expiresAt === undefined) return { kind: 'unknown' }
  if (expiresAt <= now) return { kind: 'expired' }
  return { kind: expiresAt - now < SOON_MS ? 'soon' : 'valid', until: expiresAt }
}
