import { z } from 'zod'
import { DriveError } from '#app/errors'
import { addressOf, DIRECT, routeFromChromium, routeFromManual, type ManualProxy } from '#app/proxy'
import type { Settings } from '#app/settings'
import type { ProxySource } from '../cloud/routes.ts'
import type { Keychain } from '../session/keychain.ts'

export interface ProxiesOptions {
  readonly settings: () => Settings
  readonly keychain: Keychain
  /** Electron's, which knows the system's setting and its scripts: `PROXY a:1; DIRECT`. */
  readonly resolve: (url: string) => Promise<string>
}

/** The keychain's account name; the platform's accounts are named by web addresses. */
const KEYCHAIN_ACCOUNT = 'proxy'

/** It names its proxy: set for one, a password is never given to another. */
const secretSchema = z.object({ version: z.literal(1), proxy: z.string(), password: z.string() })
type Secret = z.infer<typeof secretSchema>

/** By which way this machine reaches an origin, as the person has set it. */
export class Proxies implements ProxySource {
  readonly #options: ProxiesOptions
  /** What the keychain holds, once it was asked; null is nothing. */
  #secret: Secret | null | undefined

  constructor(options: ProxiesOptions) {
    this.#options = options
  }

  async routeFor(origin: string): ReturnType<ProxySource['routeFor']> {
    const { proxy } = this.#options.settings()
    if (proxy.kind === 'none') return DIRECT
    if (proxy.kind === 'manual') return routeFromManual(proxy, await this.#passwordOf(proxy))
    const answer = await this.#options.resolve(origin)
    const route = routeFromChromium(answer)
    if (route) return route
    throw new DriveError('proxy-failed', `The system names no proxy that can be used: ${answer}`)
  }

  async hasPassword(): Promise<boolean> {
    const { proxy } = this.#options.settings()
    return proxy.kind === 'manual' && (await this.#passwordOf(proxy)) !== undefined
  }

  /** For the proxy that is set now. It counts until the app is quit, also where the keychain does not take it. */
  async setPassword(password: string): Promise<void> {
    const { settings, keychain } = this.#options
    const { proxy } = settings()
    if (password === '') {
      this.#secret = null
      await keychain.delete(KEYCHAIN_ACCOUNT)
      return
    }
    if (proxy.kind !== 'manual' || proxy.username === undefined)
      throw new DriveError('invalid-argument', 'A password belongs to a proxy with a user name')
    this.#secret = { version: 1, proxy: nameOf(proxy), password }
    await keychain.set(KEYCHAIN_ACCOUNT, JSON.stringify(this.#secret))
  }

  async #passwordOf(proxy: ManualProxy): Promise<string | undefined> {
    if (proxy.username === undefined) return undefined
    this.#secret ??= await this.#recall()
    return this.#secret?.proxy === nameOf(proxy) ? this.#secret.password : undefined
  }

  /** A keychain that does not answer is asked again; until then the proxy itself says what it wants. */
  async #recall(): Promise<Secret | null | undefined> {
    try {
      const text = await this.#options.keychain.get(KEYCHAIN_ACCOUNT)
      return text === undefined ? null : parseSecret(text)
    } catch {
      return undefined
    }
  }
}

function parseSecret(text: string): Secret | null {
  try {
    return secretSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function nameOf(proxy: ManualProxy): string {
  return `${proxy.protocol}://${proxy.username ?? ''}@${addressOf(proxy)}`
}
