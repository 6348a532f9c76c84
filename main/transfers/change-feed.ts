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

  #tell(): void {
    const { find, onChange, onStatus, status } = this.#options
    const changed = [...this.#changed].flatMap((id) => find(id) ?? [])
    const removed = [...this.#removed]
    this.#changed.clear()
    this.#removed.clear()
    if (changed.length > 0 || removed.length > 0) onChange({ changed, removed })
    const now = status(this.speed)
    onStatus(isSteady(this.#samples, this.#options.now()) ? { ...now, steady: true } : now)
    // A speed fades to zero by itself, and whoever shows it should see that.
    if (now.running > 0 || now.speed > 0) this.tellSoon()
  }
}
