import { isHost, type ManualProxy, type ProxySetting } from '#app/proxy'
import type { MessageKey } from './locales/messages.ts'

/** A manual proxy as it is being typed. */
export interface ProxyForm {
  readonly protocol: ManualProxy['protocol']
  readonly host: string
  readonly port: string
  readonly username: string
}

export type ProxyField = 'host' | 'port' | 'username'
type Problem = Extract<MessageKey, `settings.proxy${string}Problem`>

export function formOf(proxy: ProxySetting): ProxyForm {
  if (proxy.kind !== 'manual') return { protocol: 'http', host: '', port: '', username: '' }
  const { protocol, host, port, username = '' } = proxy
  return { protocol, host, port: String(port), username }
}

export function problemsIn({ host, port, username }: ProxyForm): Partial<Record<ProxyField, Problem>> {
  const name = bare(host)
  return {
    ...(isHost(name) && name.length <= 255 ? {} : { host: 'settings.proxyHostProblem' }),
    ...(portOf(port) === undefined ? { port: 'settings.proxyPortProblem' } : {}),
    // A colon would end it for a proxy that reads user:password.
    ...(/^[^:\p{Cc}]{0,255}$/u.test(username) ? {} : { username: 'settings.proxyUserProblem' }),
  }
}

/** Undefined while something is wrong with it. */
export function parseProxy(form: ProxyForm): ManualProxy | undefined {
  const port = portOf(form.port)
  if (port === undefined || Object.keys(problemsIn(form)).length > 0) return undefined
  const { protocol, host, username } = form
  return { kind: 'manual', protocol, host: bare(host), port, ...(username === '' ? {} : { username }) }
}

function portOf(text: string): number | undefined {
  const port = /^\s*\d{1,5}\s*$/u.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

/** As people copy it: with the brackets of an IPv6 address. */
function bare(host: string): string {
  return host.trim().replace(/^\[(.*)\]$/u, '$1')
}
