import { DriveError } from '#app/errors'

export const DEFAULT_API_URL = 'https://open-api.123pan.com'

/** An origin the token may be sent to. `upgraded`: the platform named it as http, we use https (design 3, Hosts). */
export interface TrustedHost {
  readonly origin: string
  readonly upgraded: boolean
}

/** The API's origin, or a failure when the token would cross a network in the clear. */
export function trustApiUrl(url: string): string {
  const parsed = parseUrl(url)
  if (!parsed) throw new DriveError('invalid-argument', `Not a URL: ${url}`, { detail: url })
  if (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname)))
    return parsed.origin
  throw new DriveError('insecure-server', `The token is only sent over https: ${parsed.host}`, {
    detail: parsed.host,
  })
}

/** An upload server as the platform named it: with or without a scheme, http or https (platform-facts 3.8). */
export function trustUploadServer(server: string): TrustedHost {
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(server) ? server : `https://${server}`
  const parsed = parseUrl(withScheme)
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    throw new DriveError('malformed-answer', 'The platform named an upload server that is no web address')
  }
  if (parsed.protocol === 'https:' || isLoopback(parsed.hostname))
    return { origin: parsed.origin, upgraded: false }
  // Written anew rather than edited: changing the protocol of an http URL keeps its port.
  return { origin: `https://${parsed.host}`, upgraded: true }
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(?:\.\d{1,3}){3}$/u.test(hostname)
  )
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url)
  } catch {
    return undefined
  }
}
