import { isSteady, observe, speedOf, type Sample } from '#app/speed'
import type { Transfer, TransferId, TransferState } from '#app/transfer'
import type { TransfersChange } from '#app/ipc'

interface Meter {
  readonly phase: TransferState['status']
  readonly bytes: number
  readonly samples: readonly Sample[]
}

/** How fast each running transfer reads or sends, from what it said one time and the next. */
export class Speeds {
  readonly #meters = new Map<TransferId, Meter>()

  apply({ changed, removed }: TransfersChange, now: number): void {
    for (const id of removed) this.#meters.delete(id)
    for (const transfer of changed) this.#observe(transfer, now)
  }

  /** Bytes per second; undefined while nothing of it moves. */
  of(id: TransferId, now: number): number | undefined {
    const meter = this.#meters.get(id)
    return meter && meter.samples.length > 0 ? speedOf(meter.samples, now) : undefined
  }

  /** Whether that speed is good enough to say how much time is left. */
  isSteady(id: TransferId, now: number): boolean {
    return isSteady(this.#meters.get(id)?.samples ?? [], now)
  }

  #observe({ id, state }: Transfer, now: number): void {
    const bytes = movedBytes(state)
    if (bytes === undefined) {
      this.#meters.delete(id)
      return
    }
    const before = this.#meters.get(id)
    // The first report of a phase is where counting starts; one that goes back means the server lost something.
    if (!before || before.phase !== state.status || bytes < before.bytes) {
      this.#meters.set(id, { phase: state.status, bytes, samples: [] })
    } else if (bytes > before.bytes) {
      const samples = observe(before.samples, { at: now, bytes: bytes - before.bytes })
      this.#meters.set(id, { phase: state.status, bytes, samples })
    }
  }
}

function movedBytes(state: TransferState): number | undefined {
  if (state.status === 'hashing') return state.hashed
  return state.status === 'uploading' ? state.sent : undefined
}

/** The queue's speed at a moment. */
export interface SpeedReport {
  readonly at: number
  readonly speed: number
}

export const PLOT_SECONDS = 60

/** One value for each of the last sixty seconds, oldest first: the last that was reported by then. */
export function plot(reports: readonly SpeedReport[], now: number): readonly number[] {
  let next = 0
  let last = 0
  return Array.from({ length: PLOT_SECONDS }, (_, index) => {
    const until = now - (PLOT_SECONDS - 1 - index) * 1000
    let highest: number | undefined
    for (let report = reports[next]; report && report.at <= until; report = reports[++next]) {
      highest = Math.max(highest ?? 0, report.speed)
      last = report.speed
    }
    return highest ?? last
  })
}

/** Keeps what the plot can still show, and the one before that. */
export function remember(reports: readonly SpeedReport[], report: SpeedReport): readonly SpeedReport[] {
  const from = report.at - PLOT_SECONDS * 1000
  const firstKept = reports.findIndex(({ at }) => at > from)
  const kept = firstKept === -1 ? reports.slice(-1) : reports.slice(Math.max(0, firstKept - 1))
  return [...kept, report]
}
