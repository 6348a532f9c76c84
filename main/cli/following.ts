import type { HoldReason } from '#app/conditions'
import type { Failure } from '#app/errors'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import type { Added } from '../engine/adder.ts'
import { linesFor, type ReportLine } from './report.ts'
import type { Uploader } from './uploader.ts'
import type { UploadView } from './view.ts'

/** The latest of each of this run's transfers, told to the view as they change. */
export class Following {
  readonly #uploader: Uploader
  readonly #view: UploadView
  readonly #latest = new Map<TransferId, Transfer>()
  #ours: ReadonlySet<TransferId> | undefined
  #settle: (() => void) | undefined
  #limitedUntil = 0
  #heldBy: HoldReason | undefined
  passedOver = 0
  refused = 0

  constructor(uploader: Uploader, view: UploadView) {
    this.#uploader = uploader
    this.#view = view
    uploader.onChange(({ changed }) => {
      this.#see(changed)
    })
    uploader.onStatus(({ blocked }) => {
      if (blocked?.reason === 'rate-limited' && blocked.until !== undefined) this.#limited(blocked.until)
      this.#held(blocked?.reason === 'battery' || blocked?.reason === 'metered' ? blocked.reason : undefined)
    })
  }

  /** Resolves when everything in the report has come to an end. */
  async wait(report: Added): Promise<undefined> {
    for (const skipped of report.skipped) {
      // What was named, or met and could not be read, has failed; links and the like are passed over.
      if (skipped.named || skipped.failure.code !== 'not-a-file') {
        this.refused++
        const { code, message } = skipped.failure
        this.#view.line({ event: 'failed', id: '', path: skipped.path, code, message }, skipped.failure)
      } else {
        this.passedOver++
        this.#view.passedOver(skipped)
      }
    }
    this.#ours = new Set(report.ids)
    // What another engine told before we knew which transfers are ours.
    for (const transfer of this.transfers())
      if (!this.#uploader.isOurs(transfer.id)) this.#tell(undefined, transfer)
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#check()
    })
  }

  transfers(): readonly Transfer[] {
    return [...this.#latest.values()].filter((transfer) => this.#isOurs(transfer))
  }

  unfinished(): readonly Transfer[] {
    return this.transfers().filter(({ state }) => !isFinal(state))
  }

  #isOurs({ id }: Transfer): boolean {
    return this.#uploader.isOurs(id) || this.#ours?.has(id) === true
  }

  #see(changed: readonly Transfer[]): void {
    for (const transfer of changed) {
      const before = this.#latest.get(transfer.id)
      this.#latest.set(transfer.id, transfer)
      if (this.#isOurs(transfer)) this.#tell(before, transfer)
    }
    this.#view.draw(this.transfers())
    this.#check()
  }

  #tell(before: Transfer | undefined, after: Transfer): void {
    const failure = 'failure' in after.state ? after.state.failure : undefined
    for (const line of linesFor(before, after)) this.#view.line(line, failure, 'given-up')
  }

  /** Told once for each pause that the platform asks for. */
  #limited(until: number): void {
    if (until <= this.#limitedUntil) return
    this.#limitedUntil = until
    this.#view.line({ event: 'limited', seconds: Math.max(1, Math.round((until - Date.now()) / 1000)) })
  }

  #held(by: HoldReason | undefined): void {
    if (by && by !== this.#heldBy) this.#view.line({ event: 'held', reason: by })
    this.#heldBy = by
  }

  #check(): void {
    const transfers = this.transfers()
    if (this.#ours && transfers.length >= this.#ours.size && transfers.every(({ state }) => isFinal(state)))
      this.#settle?.()
  }
}

export function failedLine({ id, path }: Transfer, { code, message }: Failure): ReportLine {
  return { event: 'failed', id, path, code, message }
}
