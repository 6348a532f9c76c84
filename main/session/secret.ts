import { z } from 'zod'
import { DriveError } from '#app/errors'
import type { Credentials } from '#app/session'
import type { IssuedToken } from '../cloud/client.ts'

/** What the keychain holds for an account. */
export interface Secret {
  readonly credentials: Credentials
  /** The token that was issued for them, so that a restart does not use up another of the three. */
  readonly issued?: IssuedToken | undefined
}

export const credentialsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('client'),
    clientID: z.string().trim().min(1).max(512),
    clientSecret: z.string().trim().min(1).max(4096),
  }),
  z.object({
    kind: z.literal('token'),
    token: z
      .string()
      .trim()
      .min(1)
      .max(16_384)
      .regex(/^[\x21-\x7e]+$/u),
  }),
]) satisfies z.ZodType<Credentials>

const secretSchema = z.object({
  version: z.literal(1),
  credentials: credentialsSchema,
  issued: z.object({ token: z.string(), expiresAt: z.number() }).optional(),
})

export function printSecret(secret: Secret): string {
  return JSON.stringify({ version: 1, ...secret })
}

/** Undefined for what an older or newer version may have left there: then the person signs in again. */
export function parseSecret(text: string): Secret | undefined {
  try {
    return secretSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** `PAN123_TOKEN`, or `PAN123_CLIENT_ID` with `PAN123_CLIENT_SECRET` (design 6). */
export function credentialsFrom(env: NodeJS.ProcessEnv): Credentials | undefined {
  const token = env['PAN123_TOKEN']
  if (token) return credentialsSchema.parse({ kind: 'token', token })
  const [clientID, clientSecret] = [env['PAN123_CLIENT_ID'], env['PAN123_CLIENT_SECRET']]
  if (!clientID !== !clientSecret)
    throw new DriveError('invalid-argument', 'PAN123_CLIENT_ID and PAN123_CLIENT_SECRET go together')
  return clientID && clientSecret
    ? credentialsSchema.parse({ kind: 'client', clientID, clientSecret })
    : undefined
}
