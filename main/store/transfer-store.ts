import type { Changes, QueueStore, StoredTransfer } from '../transfers/queue-store.ts'
import { transaction, type Database } from './database.ts'
import { printRow, readRow } from './rows.ts'

/** What is over and off the list is remembered, the latest of it. */
const HISTORY_ROWS = 50_000
/** What went well stays on the list over a restart, the latest of it: nobody scrolls further. */
const LISTED_DONE = 2000

const TIDY = [
  `UPDATE transfers SET listed = 0 WHERE listed = 1 AND finished_at IS NOT NULL AND state NOT LIKE '{"status":"failed"%'
     AND finished_at < (SELECT finished_at FROM transfers WHERE listed = 1 AND finished_at IS NOT NULL
       ORDER BY finished_at DESC LIMIT 1 OFFSET ${LISTED_DONE})`,
  `DELETE FROM transfers WHERE listed = 0 AND finished_at < (SELECT finished_at FROM transfers WHERE listed = 0
     ORDER BY finished_at DESC LIMIT 1 OFFSET ${HISTORY_ROWS})`,
]

const UPSERT = `INSERT INTO transfers
  (id, position, listed, finished_at, remote_path, size, source, added_at, asked_at, place, on_duplicate, started_over, state, carry)
  VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET position = excluded.position, finished_at = excluded.finished_at, size = excluded.size,
    asked_at = excluded.asked_at, on_duplicate = excluded.on_duplicate, started_over = excluded.started_over,
    state = excluded.state, carry = excluded.carry`

/** The queue on disk. Only the engine's thread opens it. */
export class TransferStore implements QueueStore {
  readonly #db: Database
  readonly #statements: ReturnType<typeof prepare>
  /** A row that does not parse is left where it is and named here. */
  readonly #onUnreadable: (id: string, why: string) => void

  constructor(db: Database, onUnreadable: (id: string, why: string) => void) {
    this.#db = db
    this.#onUnreadable = onUnreadable
    this.#statements = prepare(db)
    try {
      transaction(db, () => {
        for (const sql of TIDY) db.exec(sql)
      })
    } catch {
      // On a full disk the queue can be read still; it is tidied another time.
    }
  }

  load(): readonly StoredTransfer[] {
    const rows = this.#db.prepare('SELECT * FROM transfers WHERE listed = 1 ORDER BY position').all()
    const slices = this.#slices()
    return rows.flatMap((row) => {
      try {
        return [readRow(row, (id, upload) => slices.get(sliceKey(id, upload)) ?? new Set())]
      } catch (thrown) {
        const id = String((row as { id?: unknown }).id)
        this.#onUnreadable(id, thrown instanceof Error ? thrown.name : 'unreadable')
        return []
      }
    })
  }

  save({ transfers, slices, unlisted, facts }: Changes): void {
    const { upsert, addSlice, dropSlices, unlist } = this.#statements
    transaction(this.#db, () => {
      for (const stored of transfers) upsert.run(...printRow(stored))
      for (const { id, upload, no } of slices) addSlice.run(id, upload, no)
      // One that failed or was cancelled may be asked for again.
      for (const { transfer } of transfers) if (transfer.state.status === 'done') dropSlices.run(transfer.id)
      for (const id of unlisted) {
        unlist.run(id)
        dropSlices.run(id)
      }
      for (const [name, value] of facts) this.setFact(name, value)
    })
  }

  hasArrived(fileID: number): boolean {
    return this.#statements.arrived.get(fileID) !== undefined
  }

  fact(name: string): string | undefined {
    const row: unknown = this.#db.prepare('SELECT value FROM facts WHERE name = ?').get(name)
    return (row as { value: string } | undefined)?.value
  }

  factsNamed(prefix: string): readonly (readonly [string, string])[] {
    const rows = this.#db
      .prepare('SELECT name, value FROM facts WHERE substr(name, 1, ?) = ? ORDER BY rowid')
      .all(prefix.length, prefix)
    return (rows as { name: string; value: string }[]).map(({ name, value }) => [name, value] as const)
  }

  setFact(name: string, value: string | undefined): void {
    if (value === undefined) this.#db.prepare('DELETE FROM facts WHERE name = ?').run(name)
    else
      this.#db
        .prepare(
          'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        )
        .run(name, value)
  }

  close(): void {
    this.#db.close()
  }

  #slices(): ReadonlyMap<string, Set<number>> {
    const done = new Map<string, Set<number>>()
    for (const row of this.#db.prepare('SELECT transfer_id, upload, no FROM slices').all()) {
      const { transfer_id: id, upload, no } = row as { transfer_id: string; upload: string; no: number }
      const key = sliceKey(id, upload)
      const numbers = done.get(key) ?? new Set<number>()
      done.set(key, numbers.add(no))
    }
    return done
  }
}

function prepare(db: Database) {
  return {
    upsert: db.prepare(UPSERT),
    addSlice: db.prepare('INSERT OR IGNORE INTO slices (transfer_id, upload, no) VALUES (?, ?, ?)'),
    dropSlices: db.prepare('DELETE FROM slices WHERE transfer_id = ?'),
    // No index: asked only when a file that may be ours was found.
    arrived: db.prepare(`SELECT 1 FROM transfers WHERE json_extract(state, '$.fileID') = ? LIMIT 1`),
    unlist: db.prepare('UPDATE transfers SET listed = 0 WHERE id = ?'),
  }
}

function sliceKey(id: string, upload: string): string {
  return `${id} ${upload}`
}
