import { z } from 'zod'
import type { Problem } from '#app/ipc'
import type { AddOptions } from '../transfers/queue-store.ts'
import { transaction, type Database } from './database.ts'
import { storedAddOptions, storedFailure } from './rows.ts'

/** How the folder was added in which a path was met: what it takes to look at that path again. */
export interface ProblemOrigin {
  /** The path that was named; absolute. */
  readonly root: string
  readonly options: AddOptions
}

const origin = z.object({
  root: z.string(),
  options: storedAddOptions,
}) satisfies z.ZodType<ProblemOrigin>

export interface StoredProblem extends Problem {
  readonly origin: ProblemOrigin
}

/** What more there is says nothing new: a person acts by cause. */
const MOST = 5000

const row = z.object({
  path: z.string(),
  at: z.number(),
  named: z.number(),
  failure: z.string(),
  origin: z.string(),
})

/** Paths that could not be queued, until they can or a person has read of them. Only the engine's thread opens it. */
export class ProblemStore {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** The latest first. */
  all(): readonly StoredProblem[] {
    const rows = this.#db.prepare('SELECT * FROM problems ORDER BY at DESC, rowid DESC').all()
    return rows.flatMap((raw) => {
      try {
        const { path, at, named, failure, origin: from } = row.parse(raw)
        return [
          {
            path: z.string().parse(JSON.parse(path)),
            at,
            named: named === 1,
            failure: storedFailure.parse(JSON.parse(failure)),
            origin: origin.parse(JSON.parse(from)),
          },
        ]
      } catch {
        // Of a hand or another version: it shows where the files are added again.
        return []
      }
    })
  }

  /** Forgets the first, remembers the second. */
  replace(gone: readonly string[], found: readonly StoredProblem[]): void {
    const forget = this.#db.prepare('DELETE FROM problems WHERE path = ?')
    const remember = this.#db.prepare(
      'INSERT OR REPLACE INTO problems (path, at, named, failure, origin) VALUES (?, ?, ?, ?, ?)',
    )
    transaction(this.#db, () => {
      for (const path of gone) forget.run(JSON.stringify(path))
      for (const { path, at, named, failure, origin: from } of found)
        remember.run(JSON.stringify(path), at, named ? 1 : 0, JSON.stringify(failure), JSON.stringify(from))
      this.#db.exec(
        `DELETE FROM problems WHERE rowid NOT IN (SELECT rowid FROM problems ORDER BY at DESC, rowid DESC LIMIT ${MOST})`,
      )
    })
  }
}
