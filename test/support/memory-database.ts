import { DatabaseSync } from '@photostructure/sqlite'
import type { Database } from '#main/store/database'
import { MIGRATIONS } from '#main/store/schema'

/** Real SQLite with the newest schema, and no file. */
export function memoryDatabase(): Database {
  const db = new DatabaseSync(':memory:')
  db.exec('PRAGMA foreign_keys = ON')
  for (const sql of MIGRATIONS) db.exec(sql)
  return db
}
