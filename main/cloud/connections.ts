import { Agent, type Dispatcher } from 'undici'
import type { ProxyRoute } from '#app/proxy'
import { CONNECT_MS, throughProxy } from './tunnel.ts'

/** The sockets of one thread: kept open, and shared by all requests that go the same way. */
export class Connections {
  #agents = new Map<string, Agent>()

  along(route: ProxyRoute): Dispatcher {
    const key = JSON.stringify(route)
    const agent = this.#agents.get(key) ?? newAgent(route)
    this.#agents.set(key, agent)
    return agent
  }

  /** What is open leads nowhere any more: requests under way fail as `connection-lost`, the next ones connect anew. */
  forget(): void {
    const agents = [...this.#agents.values()]
    this.#agents = new Map()
    for (const agent of agents) void agent.destroy()
  }
}

/** Its own time limits are off: the stall watch of each request replaces them. */
export function newAgent(route: ProxyRoute): Agent {
  return new Agent({
    connections: 32,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: route.kind === 'direct' ? { timeout: CONNECT_MS } : throughProxy(route),
  })
}
