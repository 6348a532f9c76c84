import { setTimeout as sleep } from 'node:timers/promises'
import { DriveError } from '#app/errors'
import { latestFor, pieceBytes, reserve, underNewLimit } from '#app/uplink'
import type { Sending } from './requests.ts'

/** One clock for all threads of the process. */
export interface Clock {
  /** Nanoseconds. */
  now(): bigint
  /** Fails when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>
}

const CLOCK: Clock = {
  now: () => process.hrtime.bigint(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
}

/** A new limit is noticed by those who wait within this. */
const LOOK_MS = 200

/** Where things stand in the shared memory, 8 bytes each. */
const LIMIT = 0
const FREE_AT = 1
const WORDS = 2

/**
 * The upload limit, one for all transfer threads (design 4): a token bucket in shared memory, kept as the moment at which the line is
 * free. Whoever has bytes to send takes their place on the line at once, and sends when it has come; nobody is asked, nothing is locked.
 */
export class Throttle {
  /** Given to another thread, it makes the same throttle there. */
  readonly memory: SharedArrayBuffer
  readonly #words: BigInt64Array
  readonly #clock: Clock

  constructor(memory = new SharedArrayBuffer(WORDS * BigInt64Array.BYTES_PER_ELEMENT), clock: Clock = CLOCK) {
    this.memory = memory
    this.#words = new BigInt64Array(memory)
    this.#clock = clock
  }

  /** Bytes per second; undefined is none. */
  get limit(): number | undefined {
    return Number(Atomics.load(this.#words, LIMIT)) || undefined
  }

  /** One thread's business: who waits already goes on at the new limit, and what the line owes stays owed. */
  setLimit(limit: number | undefined): void {
    const before = this.limit
    const after = limit === undefined || !(limit > 0) ? undefined : Math.max(1, Math.floor(limit))
    // The debt first: a thread in between reserves a piece at the old limit, and not a debt at the new one.
    this.#moveFreeAt((freeAt) => ({ freeAt: underNewLimit(freeAt, this.now(), before, after) }))
    Atomics.store(this.#words, LIMIT, BigInt(after ?? 0))
  }

  /** Milliseconds. */
  now(): number {
    return Number(this.#clock.now()) / 1e6
  }

  /** Resolves when so many bytes may go, `latest` (of `now`) at the latest, with the milliseconds that took. */
  async turn(bytes: number, signal: AbortSignal, latest = Infinity): Promise<number> {
    const asked = this.now()
    let limit = this.limit
    if (limit === undefined) return 0
    let at = this.#reserve(bytes, limit, asked)
    for (let now = asked; ; now = this.now()) {
      const present = this.limit
      if (present !== limit) at = underNewLimit(at, now, limit, present)
      limit = present
      const waitMs = Math.min(at, latest) - now
      if (waitMs <= 0) return now - asked
      await this.#sleep(Math.min(waitMs, LOOK_MS), signal)
    }
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal)
    } catch (thrown) {
      throw new DriveError('cancelled', 'Cancelled while waiting for the speed limit', { cause: thrown })
    }
  }

  #reserve(bytes: number, limit: number, now: number): number {
    return this.#moveFreeAt((freeAt) => reserve(freeAt, bytes, limit, now)).at
  }

  /** Every thread does so at any time: whoever was overtaken looks again. */
  #moveFreeAt<T extends { readonly freeAt: number }>(move: (freeAt: number) => T): T {
    for (;;) {
      const before = Atomics.load(this.#words, FREE_AT)
      const moved = move(Number(before) / 1e6)
      const after = BigInt(Math.round(moved.freeAt * 1e6))
      if (Atomics.compareExchange(this.#words, FREE_AT, before, after) === before) return moved
    }
  }
}

/** One request's way through the throttle. */
export class Pace {
  readonly #throttle: Throttle
  readonly #bytes: number
  readonly #stretchMs: number
  #waitedMs = 0

  constructor(throttle: Throttle, content: { readonly bytes: number; readonly stretchMs: number }) {
    this.#throttle = throttle
    this.#bytes = content.bytes
    this.#stretchMs = content.stretchMs
  }

  /** How long the content was held back. */
  get waitedMs(): number {
    return this.#waitedMs
  }

  /** Waits until what others sent beyond the limit is paid for. Before the request: a gateway would not wait for its body. */
  async begin(framingBytes: number, signal: AbortSignal): Promise<void> {
    await this.#throttle.turn(framingBytes, signal)
  }

  /** The content in pieces, each when it may go; without a limit as it comes. */
  async *pieces(content: AsyncIterable<Buffer>, { over, pause }: Sending): AsyncGenerator<Buffer, void> {
    const startedAt = this.#throttle.now()
    let sent = 0
    for await (const chunk of content) {
      for (let start = 0; start < chunk.length;) {
        const { limit } = this.#throttle
        const piece =
          limit === undefined ? chunk.subarray(start) : chunk.subarray(start, start + pieceBytes(limit))
        const stretch = { startedAt, bytes: this.#bytes, sent, stretchMs: this.#stretchMs }
        if (limit !== undefined)
          this.#waitedMs += await pause(this.#throttle.turn(piece.length, over, latestFor(stretch)))
        start += piece.length
        sent += piece.length
        yield piece
      }
    }
  }
}
