import { DriveError } from '#app/errors'

/** A request that takes less than this share of the room does not wait for room: small files are not held up by slices (design 4). */
const LIGHT_SHARE = 1 / 16

type Kind = 'small' | 'big'

interface Waiting {
  readonly kind: Kind
  readonly bytes: number
  readonly enter: (weight: number) => void
}

/**
 * Requests on the wire: so many big ones at once and as many small ones, and so many bytes at once, first come first served. The room
 * for bytes may change while some are out; one request always has room.
 */
export class Slots {
  readonly #count: number
  /** What is larger is big. Each kind has places of its own: slices that crawl, or hang, leave those of small files alone. */
  readonly #smallBytes: number
  readonly #taken: Record<Kind, number> = { small: 0, big: 0 }
  #room = Infinity
  #bytes = 0
  readonly #waiting = new Set<Waiting>()

  constructor(count: number, smallBytes: number) {
    this.#count = count
    this.#smallBytes = smallBytes
  }

  /** Bytes of the requests that are on the wire, light ones aside. */
  get bytes(): number {
    return this.#bytes
  }

  setRoom(bytes: number): void {
    this.#room = bytes
    this.#admit()
  }

  async run<T>(signal: AbortSignal, bytes: number, task: () => Promise<T>): Promise<T> {
    const kind = bytes <= this.#smallBytes ? 'small' : 'big'
    const weight = await this.#take(signal, kind, bytes)
    try {
      return await task()
    } finally {
      this.#taken[kind]--
      this.#bytes -= weight
      this.#admit()
    }
  }

  #take(signal: AbortSignal, kind: Kind, bytes: number): Promise<number> {
    if (signal.aborted) return Promise.reject(new DriveError('cancelled', 'Cancelled while waiting'))
    return new Promise((resolve, reject) => {
      const enter = (weight: number): void => {
        signal.removeEventListener('abort', leave)
        resolve(weight)
      }
      const waiting = { kind, bytes, enter }
      const leave = (): void => {
        this.#waiting.delete(waiting)
        reject(new DriveError('cancelled', 'Cancelled while waiting'))
        // It may have been the one that the others waited behind.
        this.#admit()
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(waiting)
      this.#admit()
    })
  }

  #admit(): void {
    let isFull = false
    for (const waiting of this.#waiting) {
      const { kind, bytes } = waiting
      if (this.#taken[kind] >= this.#count) continue
      const isLight = this.#room < Infinity && bytes <= this.#room * LIGHT_SHARE
      // Whoever needs room waits behind those who came before and need it too.
      isFull ||= !isLight && this.#bytes > 0 && this.#bytes + bytes > this.#room
      if (isFull && !isLight) continue
      const weight = isLight ? 0 : bytes
      this.#waiting.delete(waiting)
      this.#taken[kind]++
      this.#bytes += weight
      waiting.enter(weight)
    }
  }
}
