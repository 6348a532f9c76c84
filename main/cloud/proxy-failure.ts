import { DriveError } from '#app/errors'
import { addressOf, type ProxyHop } from '#app/proxy'

/** Asked often with credentials it does not accept, a company's proxy locks the person's account. */
const REFUSED_PAUSE_MS = 60_000

/** This machine has no network, or no names: that is not the proxy's doing. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN'])

export function unreachable({ server }: ProxyHop, reason: string): DriveError {
  const address = addressOf(server)
  if (NO_NETWORK.has(reason))
    return new DriveError('offline', `${reason}: on the way to proxy ${address}`, { detail: reason })
  return new DriveError('proxy-failed', `Proxy ${address} can't be reached: ${reason}`, { detail: address })
}

/** `answer`: a status or a code, nothing that was sent to it. */
export function refused({ server }: ProxyHop, answer: string): DriveError {
  const address = addressOf(server)
  return new DriveError('proxy-failed', `Proxy ${address} makes no tunnel: ${answer}`, { detail: address })
}

export function wrongCredentials({ server, credentials }: ProxyHop): DriveError {
  const address = addressOf(server)
  const wants = credentials ? 'other credentials' : 'credentials'
  return new DriveError('proxy-failed', `Proxy ${address} asks for ${wants}`, {
    detail: address,
    retryAfterMs: REFUSED_PAUSE_MS,
  })
}

/** The code of the error, of its cause, or of the first of several (happy eyeballs tries all addresses). */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0])
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return codeOf(thrown.cause)
}
