import { isDeepStrictEqual } from 'node:util'
import type { HoldReason } from '#app/conditions'
import type { ErrorCode } from '#app/errors'
import { hasStarted, type Transfer, type TransferState } from '#app/transfer'

/** The lines of `--json` (design 6): one object a line on stdout, nothing else there. */
export type ReportLine =
  | { event: 'started'; id: string; path: string; remotePath: string; size: number }
  | {
      event: 'progress'
      id: string
      phase: 'hashing' | 'uploading' | 'completing'
      bytes: number
      size: number
    }
  | {
      event: 'finished'
      id: string
      path: string
      remotePath: string
      fileID: number
      size: number
      md5: string
      method: 'instant' | 'single' | 'sliced'
    }
  /** The platform has asked for a pause. */
  | { event: 'limited'; seconds: number }
  /** The app that is running holds uploads up, as its person has set it. */
  | { event: 'held'; reason: HoldReason }
  | ({ event: 'failed' } & Reason)
  | ({ event: 'skipped' } & Reason)
  | ({ event: 'summary' } & Summary)

interface Reason {
  id: string
  path: string
  code: ErrorCode
  message: string
}

export interface Summary {
  readonly finished: number
  readonly failed: number
  readonly skipped: number
  readonly instant: number
  /** Of the files that finished. */
  readonly bytes: number
  /** File bytes that went over the wire. */
  readonly sentBytes: number
  readonly ms: number
}

/** What changed between two looks at a transfer, as report lines. States between two looks may have been passed over; `started` never is. */
export function linesFor(before: Transfer | undefined, after: Transfer): readonly ReportLine[] {
  const { id, path, remotePath, size, state } = after
  const lines: ReportLine[] = []
  if (hasStarted(state) && !(before && hasStarted(before.state))) {
    lines.push({ event: 'started', id, path, remotePath, size })
  }
  const progress = progressOf(state)
  if (progress) lines.push({ event: 'progress', id, size, ...progress, bytes: progress.bytes ?? size })
  // A window that opens has everything told once more.
  if (isDeepStrictEqual(state, before?.state)) return lines
  if (state.status === 'done') {
    const { fileID, md5, method } = state
    // Already there counts as done without sending, which is what instant means to a script.
    lines.push({
      event: 'finished',
      id,
      path,
      remotePath,
      fileID,
      size,
      md5,
      method: method === 'present' ? 'instant' : method,
    })
  }
  if (state.status === 'failed' || state.status === 'skipped')
    lines.push({ event: state.status, id, path, code: state.failure.code, message: state.failure.message })
  if (state.status === 'cancelled')
    lines.push({ event: 'failed', id, path, code: 'cancelled', message: 'Cancelled' })
  return lines
}

function progressOf(
  state: TransferState,
): { phase: 'hashing' | 'uploading' | 'completing'; bytes?: number } | undefined {
  switch (state.status) {
    case 'hashing':
      return { phase: 'hashing', bytes: state.hashed }
    case 'uploading':
      return { phase: 'uploading', bytes: state.sent }
    case 'completing':
      return { phase: 'completing' }
    default:
      return undefined
  }
}

/** `passedOver`: links and the like inside folders. `refused`: paths that were named and could not be queued. */
export function summarize(
  transfers: Iterable<Transfer>,
  passedOver: number,
  refused: number,
  ms: number,
): Summary {
  const summary = {
    finished: 0,
    failed: refused,
    skipped: passedOver,
    instant: 0,
    bytes: 0,
    sentBytes: 0,
    ms,
  }
  for (const { state, size } of transfers) {
    if (state.status === 'done') {
      summary.finished++
      summary.bytes += size
      summary.sentBytes += state.sentBytes
      if (state.method === 'instant' || state.method === 'present') summary.instant++
    } else if (state.status === 'skipped') summary.skipped++
    else summary.failed++
  }
  return summary
}
