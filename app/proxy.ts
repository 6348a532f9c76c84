/** How the person wants requests to go. The password of a manual proxy is in the keychain and never here. */
export type ProxySetting = { readonly kind: 'system' } | { readonly kind: 'none' } | ManualProxy

export interface ManualProxy extends ProxyServer {
  readonly kind: 'manual'
  readonly username?: string
}

export interface ProxyServer extends Address {
  /** `https`: HTTP CONNECT over TLS. `socks5`: names are resolved by the proxy. */
  readonly protocol: 'http' | 'https' | 'socks5'
}

export interface Address {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/** How one request goes. */
export type ProxyRoute = { readonly kind: 'direct' } | ProxyHop

export interface ProxyHop {
  readonly kind: 'proxy'
  readonly server: ProxyServer
  readonly credentials?: ProxyCredentials
}

export interface ProxyCredentials {
  readonly username: string
  readonly password: string
}

/** What a variable says that names no proxy we can use; what may be a password is cut off. */
export interface UnusableProxy {
  readonly kind: 'unusable'
  readonly variable: string
  readonly value: string
}

type Environment = Readonly<Record<string, string | undefined>>

export const DIRECT: ProxyRoute = { kind: 'direct' }

const DEFAULT_PORT = { http: 80, https: 443, socks5: 1080 } as const

/** Chromium's words. Its bare SOCKS means version 4, which next to no server speaks alone: 5 is asked for. */
const CHROMIUM_KINDS: Readonly<Record<string, ProxyServer['protocol']>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks5',
  SOCKS5: 'socks5',
}

/** Schemes people write into proxy variables. */
const SCHEMES: Readonly<Record<string, ProxyServer['protocol']>> = {
  http: 'http',
  https: 'https',
  socks: 'socks5',
  socks5: 'socks5',
  socks5h: 'socks5',
}

/** The first way that can be used of what Chromium's resolveProxy answers: `PROXY a:1; SOCKS5 b:2; DIRECT`. */
export function routeFromChromium(answer: string): ProxyRoute | undefined {
  for (const part of answer.split(';')) {
    const [kind = '', address = ''] = part.trim().split(/\s+/u)
    if (kind.toUpperCase() === 'DIRECT') return DIRECT
    const protocol = CHROMIUM_KINDS[kind.toUpperCase()]
    const server = protocol && parseServer(protocol, address)
    if (server) return { kind: 'proxy', server }
  }
  return undefined
}

/** `password`: what is kept for this proxy. */
export function routeFromManual(proxy: ManualProxy, password: string | undefined): ProxyRoute {
  const { protocol, host, port, username } = proxy
  const server = { protocol, host, port }
  if (username === undefined) return { kind: 'proxy', server }
  return { kind: 'proxy', server, credentials: { username, password: password ?? '' } }
}

/**
 * What HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say of an origin, as curl and others read them: lower case first, an empty one
 * says nothing. Loopback is no exception unless NO_PROXY names it.
 */
export function routeFromEnvironment(env: Environment, origin: string): ProxyRoute | UnusableProxy {
  const [, scheme = '', host = '', port] = /^(https?):\/\/(.+?)(?::(\d+))?$/iu.exec(origin) ?? []
  const of = (variable: string) =>
    [variable.toLowerCase(), variable].find((name) => env[name]?.trim()) ?? variable
  const variable = [of(`${scheme.toUpperCase()}_PROXY`), of('ALL_PROXY')].find((name) => env[name]?.trim())
  if (variable === undefined || isExcepted(env[of('NO_PROXY')] ?? '', host, port ?? PORTS[scheme]))
    return DIRECT
  const value = env[variable]?.trim() ?? ''
  return parseVariable(value) ?? { kind: 'unusable', variable, value: value.replace(/^.*@/u, '') }
}

const PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** `host:port`, as it stands in a request line; for people too. */
export function addressOf({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A name or an address alone: no scheme, no port, nothing that would end it inside a URL. */
export function isHost(text: string): boolean {
  return /^[^\s:/?#@[\]\\%]+$/u.test(text) || /^[\da-f:.]*:[\da-f:.]*$/iu.test(text)
}

/** `[scheme://][user[:password]@]host[:port]`, what is before the @ percent-encoded. */
function parseVariable(value: string): ProxyRoute | undefined {
  const [, scheme = 'http', user, address = ''] =
    /^(?:([a-z][a-z\d+.-]*):\/\/)?(?:(.*)@)?([^@]*?)\/?$/iu.exec(value) ?? []
  const protocol = SCHEMES[scheme.toLowerCase()]
  const server = protocol && parseServer(protocol, address)
  if (!server) return undefined
  if (!user) return { kind: 'proxy', server }
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/su.exec(user) ?? []
  return {
    kind: 'proxy',
    server,
    credentials: { username: decoded(username), password: decoded(password) },
  }
}

function parseServer(protocol: ProxyServer['protocol'], address: string): ProxyServer | undefined {
  const [, bracketed, bare, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/u.exec(address) ?? []
  const host = bracketed ?? bare ?? ''
  const port = digits === undefined ? DEFAULT_PORT[protocol] : Number(digits)
  return isHost(host) && port > 0 && port < 65_536 ? { protocol, host, port } : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A bare % means itself.
    return text
  }
}

/** NO_PROXY: names with all that is below them, with or without a port; `*` is everything. */
function isExcepted(exceptions: string, host: string, port: string | undefined): boolean {
  const asked = unbracketed(host.toLowerCase())
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', only] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/u.exec(entry) ?? [undefined, entry]
      if (only !== undefined && only !== port) return false
      const bare = unbracketed(name).replace(/^\*?\./u, '')
      return asked === bare || asked.endsWith(`.${bare}`)
    })
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/u, '$1')
}
