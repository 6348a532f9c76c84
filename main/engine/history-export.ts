import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { setImmediate as breathe } from 'node:timers/promises'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { DriveError } from '#app/errors'
import type { FinishedTransfer, HistoryFilter } from '#app/history'
import type { HistoryExport } from '#app/ipc'
import { explainState, type Language } from '#app/words/explain'
import { historyWords, type HistoryColumn } from '#app/words/history'
import type { TransferHistory } from '../store/history.ts'

export interface HistoryExportOrder {
  readonly filter: HistoryFilter
  /** Where it goes; what is there is replaced, once the new one is whole. */
  readonly path: string
  readonly language: Language
}

/** Writes what the history holds as CSV that spreadsheets read: UTF-8 with its mark, and no cell that they would take for a formula. */
export async function exportHistory(
  history: TransferHistory,
  { filter, path, language }: HistoryExportOrder,
): Promise<HistoryExport> {
  const { columns } = historyWords[language]
  const csv = stringify({
    header: true,
    columns: Object.entries(columns).map(([key, header]) => ({ key, header })),
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
  })
  const part = `${path}.part`
  let rows = 0
  try {
    await pipeline(
      async function* () {
        for (const some of history.all(filter)) {
          rows += some.length
          for (const transfer of some) yield cells(transfer, language)
          // Uploads go on beside it.
          await breathe()
        }
      },
      csv,
      createWriteStream(part, { mode: 0o600 }),
    )
    await rename(part, path)
  } catch (thrown) {
    // Of two failures the first says why.
    await rm(part, { force: true }).catch(() => undefined)
    throw new DriveError('file-unwritable', `The history could not be written to ${path}`, { cause: thrown })
  }
  return { rows, path }
}

function cells(transfer: FinishedTransfer, language: Language): Record<HistoryColumn, string | number> {
  const { state, size, remotePath, path, source } = transfer
  const words = historyWords[language]
  const done = state.status === 'done' ? state : undefined
  const failure = 'failure' in state ? state.failure : undefined
  return {
    finished: localTime(state.finishedAt),
    outcome: words.outcomes[state.status],
    remotePath,
    path,
    bytes: size,
    method: done ? words.methods[done.method] : '',
    sentBytes: done ? done.sentBytes : '',
    md5: done ? done.md5 : '',
    source: words.sources[source],
    reason: explainState(state, language)?.why ?? '',
    traceId: failure?.traceId ?? '',
  }
}

/** `2026-11-25 22:19:45` by the clock on the wall: what every spreadsheet takes for a time. */
function localTime(at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(at)
}
