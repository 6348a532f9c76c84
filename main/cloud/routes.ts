import { DriveError } from '#app/errors'
import { routeFromEnvironment, type ProxyRoute } from '#app/proxy'

/** Where it is known how to reach an origin: in the app Electron or the settings say so, on a command line the environment. */
export interface ProxySource {
  routeFor(origin: string): Promise<ProxyRoute>
}

/** The system's answer may change without anybody saying so; a script for it (PAC) is not run for every request. */
const MAX_AGE_MS = 60_000

/** Answers of a source, kept for a while. A failure is not kept. */
export class Routes implements ProxySource {
  readonly #source: ProxySource
  readonly #now: () => number
  readonly #known = new Map<string, { readonly at: number; readonly route: Promise<ProxyRoute> }>()

  constructor(source: ProxySource, now: () => number) {
    this.#source = source
    this.#now = now
  }

  routeFor(origin: string): Promise<ProxyRoute> {
    const known = this.#known.get(origin)
    if (known && this.#now() - known.at < MAX_AGE_MS) return known.route
    const asked = { at: this.#now(), route: this.#source.routeFor(origin) }
    this.#known.set(origin, asked)
    asked.route.catch(() => {
      if (this.#known.get(origin) === asked) this.#known.delete(origin)
    })
    return asked.route
  }

  /** The setting or the network is another one. */
  forget(): void {
    this.#known.clear()
  }
}

/** HTTPS_PROXY and its like, for a program without a window. */
export function environmentProxies(env: NodeJS.ProcessEnv): ProxySource {
  return {
    async routeFor(origin) {
      const route = routeFromEnvironment(env, origin)
      if (route.kind !== 'unusable') return Promise.resolve(route)
      throw new DriveError('proxy-failed', `${route.variable} names no proxy that can be used`, {
        detail: route.value,
      })
    },
  }
}
