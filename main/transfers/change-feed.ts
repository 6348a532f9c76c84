import type { QueueStatus, TransfersChange } from '#app/ipc'
import { isSteady, observe, speedOf, type Sample } from '#app/speed'
import type { Transfer, TransferId } from '#app/transfer'

export interface ChangeFeedOptions {
  readonly now: () => number
  readonly find: (id: TransferId) => Transfer | undefined
  readonly status: (speed: number) => QueueStatus
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
}

/** A window is told at most ten times a second (design 4). */
const TELL_EVERY_MS = 100
/** And no more at once than it takes in without a halt: 15,000 files come in three seconds. */
const MOST_AT_ONCE = 500

/** Gathers what changed and tells it together; measures the speed on the way. */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions
  readonly #changed = new Set<TransferId>()
  readonly #removed = new Set<TransferId>()
  #samples: readonly Sample[] = []
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: ChangeFeedOptions) {
    this.#options = options
  }

  changed(id: TransferId): void {
    this.#changed.add(id)
    this.tellSoon()
  }

  removed(id: TransferId): void {
    this.#changed.delete(id)
    this.#removed.add(id)
    this.tellSoon()
  }

  moved(bytes: number): void {
    this.#samples = observe(this.#samples, { at: this.#options.now(), bytes })
  }

  /** Bytes per second. */
  get speed(): number {
    return speedOf(this.#samples, this.#options.now())
  }

  tellSoon(): void {
    if (this.#stopped) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell()
    }, TELL_EVERY_MS)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /** All there is, in this order, the first of it without waiting. */
  tellAnew(ids: readonly TransferId[]): void {
    if (this.#stopped) return
    this.#changed.clear()
    for (const id of ids) this.#changed.add(id)
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#tell()
  }

  #tell(): void {
    const { find, onChange, onStatus, status } = this.#options
    const removed = takeFirst(this.#removed, MOST_AT_ONCE)
    const changed = takeFirst(this.#changed, MOST_AT_ONCE - removed.length).flatMap((id) => find(id) ?? [])
    if (changed.length > 0 || removed.length > 0) onChange({ changed, removed })
    const now = status(this.speed)
    onStatus(isSteady(this.#samples, this.#options.now()) ? { ...now, steady: true } : now)
    // A speed fades to zero by itself, and whoever shows it should see that.
    const isLeft = this.#changed.size > 0 || this.#removed.size > 0
    if (isLeft || now.running > 0 || now.speed > 0) this.tellSoon()
  }
}

function takeFirst<T>(set: Set<T>, most: number): readonly T[] {
  const first: T[] = []
  for (const item of set) {
    if (first.length >= most) break
    first.push(item)
    set.delete(item)
  }
  return first
}
