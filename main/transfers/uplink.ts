import { limitAt, nextChange, type UpLimit } from '#app/bandwidth'
import { DriveError } from '#app/errors'
import { learn, NOTHING_LEARNT, roomUnder, type Learnt } from '#app/uplink'
import { Throttle } from '../cloud/throttle.ts'
import type { Carried } from '../workers/jobs.ts'
import type { Slots } from './slots.ts'

/** The clock may be set, and the computer may sleep, while a timer runs: it is looked at again at least this often. */
const LOOK_MS = 60_000

export interface UplinkOptions {
  readonly slots: Slots
  readonly limit: UpLimit
  /** The limit makes no request last longer than this (design 3.5). */
  readonly stretchMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** How fast bytes may go up at this time of the week, and how many at once: what the person set, and what the uplink has shown. */
export class Uplink {
  readonly throttle = new Throttle()
  readonly #options: UplinkOptions
  #limit: UpLimit
  #learnt: Learnt = NOTHING_LEARNT
  #timer: NodeJS.Timeout | undefined

  constructor(options: UplinkOptions) {
    this.#options = options
    this.#limit = options.limit
    this.#follow()
  }

  setLimit(limit: UpLimit): void {
    this.#limit = limit
    this.#follow()
  }

  /** Sends something of so many bytes, and learns from how that went. */
  async use<T extends Carried>(bytes: number, send: () => Promise<T>): Promise<T> {
    const startedAt = this.#options.now()
    try {
      const carried = await send()
      this.#learn(startedAt, bytes, carried.busyMs)
      return carried
    } catch (thrown) {
      if (thrown instanceof DriveError && thrown.code === 'slow-uplink')
        this.#learn(startedAt, bytes, Infinity)
      throw thrown
    }
  }

  /** The timetable is followed no longer. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #learn(startedAt: number, bytes: number, busyMs: number): void {
    const { now, slots } = this.#options
    const fared = { startedAt, bytes, onTheWire: slots.bytes, busyMs }
    this.#learnt = learn(this.#learnt, fared, now())
    this.#makeRoom()
  }

  /** Lets the limit of this minute hold, and comes back when another one does. */
  #follow(): void {
    clearTimeout(this.#timer)
    const date = new Date(this.#options.now())
    const local = { day: date.getDay(), minutes: date.getHours() * 60 + date.getMinutes() }
    const limit = limitAt(this.#limit, local)
    if (limit !== this.throttle.limit) this.throttle.setLimit(limit)
    this.#makeRoom()
    const minutes = nextChange(this.#limit, local)
    if (minutes === undefined) return
    const waitMs = minutes * 60_000 - date.getSeconds() * 1000 - date.getMilliseconds()
    this.#timer = setTimeout(
      () => {
        this.#follow()
      },
      Math.min(LOOK_MS, waitMs),
    ).unref()
  }

  #makeRoom(): void {
    const { slots, stretchMs } = this.#options
    slots.setRoom(Math.min(this.#learnt.room, roomUnder(this.throttle.limit, stretchMs)))
  }
}
