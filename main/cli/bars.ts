import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { isSteady, observe, remainingMs, speedOf, type Sample } from '#app/speed'
import { isFinal, isRunning, sentBytes, type Transfer } from '#app/transfer'
import { fit, pad } from './columns.ts'
import type { CliTexts } from './texts.ts'

/** As many files as a small terminal shows without scrolling. */
const MAX_ROWS = 6
const BAR_WIDTH = 24
const PHASE_WIDTH = 10

/** Progress bars that are redrawn in place: a line a running file, and one for all. */
export class Bars {
  readonly #out: WriteStream
  readonly #texts: Pick<CliTexts, 'phase' | 'duration'>
  #drawn = 0
  #samples: readonly Sample[] = []
  #lastTotal = 0

  constructor(out: WriteStream, texts: Pick<CliTexts, 'phase' | 'duration'>) {
    this.#out = out
    this.#texts = texts
  }

  /** A line that stays, above the bars. */
  say(text: string): void {
    this.#erase()
    this.#out.write(`${text}\n`)
  }

  draw(transfers: readonly Transfer[], now: number): void {
    this.#erase()
    const lines = [
      ...transfers
        .filter(({ state }) => isRunning(state))
        .slice(0, MAX_ROWS)
        .map((transfer) => this.#row(transfer)),
      this.#totals(transfers, now),
    ]
    this.#out.write(lines.map((line) => fit(line, this.#out.columns)).join('\n') + '\n')
    this.#drawn = lines.length
  }

  clear(): void {
    this.#erase()
  }

  #erase(): void {
    if (this.#drawn === 0) return
    moveCursor(this.#out, 0, -this.#drawn)
    cursorTo(this.#out, 0)
    clearScreenDown(this.#out)
    this.#drawn = 0
  }

  #totals(transfers: readonly Transfer[], now: number): string {
    const size = transfers.reduce((sum, transfer) => sum + transfer.size, 0)
    const sent = transfers.reduce((sum, transfer) => sum + sentBytes(transfer), 0)
    const finished = transfers.filter(({ state }) => isFinal(state)).length
    if (sent > this.#lastTotal)
      this.#samples = observe(this.#samples, { at: now, bytes: sent - this.#lastTotal })
    this.#lastTotal = sent
    const speed = speedOf(this.#samples, now)
    const left = remainingMs(size - sent, speed, isSteady(this.#samples, now))
    const eta = left === undefined ? '' : `  ${this.#duration(left)}`
    return `${bar(sent, size)} ${finished}/${transfers.length}  ${megabytes(sent)} / ${megabytes(size)}  ${megabytes(speed)}/s${eta}`
  }

  #row(transfer: Transfer): string {
    const { state, size, remotePath } = transfer
    const done = state.status === 'hashing' ? state.hashed : sentBytes(transfer)
    const phase = isRunning(state) ? this.#texts.phase[state.status] : ''
    return `${bar(done, size)} ${pad(phase, PHASE_WIDTH)} ${remotePath}`
  }

  #duration(ms: number): string {
    const seconds = Math.ceil(ms / 1000)
    return this.#texts.duration(Math.floor(seconds / 60), seconds % 60)
  }
}

function bar(done: number, size: number): string {
  const share = size === 0 ? 1 : Math.min(1, done / size)
  const filled = Math.round(share * BAR_WIDTH)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${String(Math.floor(share * 100)).padStart(3)}%`
}

function megabytes(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(2)} GB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
