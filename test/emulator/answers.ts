import { randomUUID } from 'node:crypto'

/** What goes back to the client. */
export type Answer =
  | { readonly kind: 'data'; readonly data: unknown }
  | {
      readonly kind: 'error'
      readonly status: number
      readonly code: number
      readonly message: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Not the envelope: a gateway's page, or nothing. */
  | {
      readonly kind: 'raw'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }

export const HTML_PAGE =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>openresty</body></html>\n'

/** Thrown to answer with anything but success. */
export class Refusal extends Error {
  readonly answer: Answer
  /** The rule that the client broke, when it is the client's doing. */
  readonly violation: string | undefined

  constructor(answer: Answer, violation?: string) {
    super(answer.kind === 'error' ? answer.message : `HTTP answer (${answer.kind})`)
    this.name = 'Refusal'
    this.answer = answer
    this.violation = violation
  }
}

/** Thrown when there is nobody to answer: the socket was cut, or the client went away. */
export class ConnectionEnded extends Error {}

/** A no that a correct client may get as well: business errors are HTTP 200 with a code (platform-facts 2). */
export function refusal(message: string, code = 1): Refusal {
  return new Refusal({ kind: 'error', status: 200, code, message })
}

/** A no to a request that breaks the spec. */
export function breach(message: string, code = 1): Refusal {
  return new Refusal({ kind: 'error', status: 200, code, message }, message)
}

export function httpRefusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal({ kind: 'error', status, code: status, message, headers })
}

/** What the upload gateway says when it gives up on a body (platform-facts 3.3). */
export const GATEWAY_GAVE_UP: Answer = {
  kind: 'raw',
  status: 500,
  headers: { connection: 'close' },
  body: '',
}

/** The envelope around every answer; each has its own x-traceID, Kong's style. */
export function envelope(code: number, message: string, data: unknown): string {
  return JSON.stringify({ code, message, data, 'x-traceID': `${randomUUID()}_kong-db-5898fdd8c6-wnv6h` })
}

/** For the quirk: every number within, as a string. */
export function numbersAsStrings(data: unknown): unknown {
  if (typeof data === 'number') return String(data)
  if (Array.isArray(data)) return data.map(numbersAsStrings)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, numbersAsStrings(value)]))
}
