import type { TransferDetails } from '#app/details'
import {
  isFinished,
  type FinishedTransfer,
  type HistoryFilter,
  type HistoryPage,
  type HistoryQuery,
  type Outcome,
} from '#app/history'
import type { TransferId } from '#app/transfer'
import { detailsOf } from '../transfers/details.ts'
import type { StoredTransfer } from '../transfers/queue-store.ts'
import type { Database } from './database.ts'
import { readRow } from './rows.ts'

/** How each outcome stands in the `state` column; JSON.stringify writes `status` first. */
const STATE_LIKE: Readonly<Record<Outcome | 'any', string>> = {
  any: '%',
  done: '{"status":"done"%',
  skipped: '{"status":"skipped"%',
  failed: '{"status":"failed"%',
  cancelled: '{"status":"cancelled"%',
}

const WHERE = `FROM transfers WHERE finished_at IS NOT NULL AND state LIKE ? AND remote_path LIKE ? ESCAPE '\\'`

/** All that came to an end, on the list and off it, as it stands on disk. Only the engine's thread opens it. */
export class TransferHistory {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  page({ offset, limit, ...filter }: HistoryQuery): HistoryPage {
    const count: unknown = this.#db.prepare(`SELECT count(*) AS total ${WHERE}`).get(...parametersOf(filter))
    const { total } = count as { total: number } // As selected.
    return { total, rows: this.#rows(filter, limit, offset) }
  }

  /** Every one of them, the latest first, some at a time: what ends meanwhile is left out, and moves none of the others. */
  *all(filter: HistoryFilter, atOnce = 500): Generator<readonly FinishedTransfer[]> {
    const some = this.#db.prepare(
      `SELECT * ${WHERE} AND (finished_at, id) < (?, ?) ORDER BY finished_at DESC, id DESC LIMIT ?`,
    )
    let last = { finished_at: Number.MAX_SAFE_INTEGER, id: '' }
    for (;;) {
      const rows: unknown[] = some.all(...parametersOf(filter), last.finished_at, last.id, atOnce)
      if (rows.length > 0) yield this.#parsed(rows)
      if (rows.length < atOnce) return
      last = rows.at(-1) as typeof last // As selected.
    }
  }

  details(id: TransferId): TransferDetails | undefined {
    const stored = this.#read(this.#db.prepare('SELECT * FROM transfers WHERE id = ?').get(id))
    return stored && detailsOf(stored)
  }

  #rows(filter: HistoryFilter, limit: number, offset: number): readonly FinishedTransfer[] {
    const rows = this.#db
      .prepare(`SELECT * ${WHERE} ORDER BY finished_at DESC, id DESC LIMIT ? OFFSET ?`)
      .all(...parametersOf(filter), limit, offset)
    return this.#parsed(rows)
  }

  #parsed(rows: readonly unknown[]): readonly FinishedTransfer[] {
    return rows.flatMap((row) => {
      const transfer = this.#read(row)?.transfer
      return transfer && isFinished(transfer) ? [transfer] : []
    })
  }

  /** A row that does not parse was named when the store was opened; it is no reason to show nothing. */
  #read(row: unknown): StoredTransfer | undefined {
    try {
      return row === undefined ? undefined : readRow(row, () => new Set())
    } catch {
      return undefined
    }
  }
}

function parametersOf({ text, outcome }: HistoryFilter): [string, string] {
  return [STATE_LIKE[outcome], `%${text.trim().replaceAll(/[\\%_]/gu, '\\$&')}%`]
}
