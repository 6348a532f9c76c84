import { DriveError } from '#app/errors'

/** An upload server that did not answer is left alone for this long, while there is another. */
const REST_MS = 60_000

/** Which of the upload servers the platform names are worth a try, for all transfers. */
export class Servers {
  readonly #restUntil = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Any of them, evenly; those that did not answer only when none did. */
  pick(servers: readonly string[], turn: number): string {
    const rested = servers.filter((server) => (this.#restUntil.get(server) ?? 0) <= this.#now())
    const some = rested.length > 0 ? rested : servers
    const server = some[turn % some.length]
    if (server === undefined) throw new DriveError('malformed-answer', 'The platform named no upload server')
    return server
  }

  /** Sends something there, and remembers when nobody answers. */
  async use<T>(server: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (thrown) {
      if (!(thrown instanceof DriveError)) throw thrown
      const { failure } = thrown
      if (failure.code === 'offline' || failure.code === 'connection-lost' || failure.code === 'timeout')
        this.#restUntil.set(server, this.#now() + REST_MS)
      // Somebody was there to refuse: this server is down, not the network.
      if (failure.code === 'offline' && failure.detail === 'ECONNREFUSED')
        throw DriveError.from({ ...failure, code: 'connection-lost' })
      throw thrown
    }
  }
}
