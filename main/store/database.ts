import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { DriveError } from '#app/errors'
import type { SetAside } from '#app/ipc'
import { redact } from '#app/redact'

export type Database = DatabaseSyncInstance

export interface OpenedDatabase {
  readonly db: Database
  readonly setAside: SetAside | undefined
}

/** Each brings the schema one version on; what is published is never edited. The schema's version is how many have run. */
export type Migration = string

/** The file and what SQLite keeps beside it: left behind, it would be taken for the next one's. */
const SUFFIXES = ['', '-journal', '-wal', '-shm'] as const

/**
 * How long the log may grow, in pages of 4 KiB, before it goes into the database. While it does not, a copy of the folder taken file by
 * file is whole, whatever is written meanwhile: the database stands still and the log only grows. A checkpoint between the copying of
 * the two would mix old with new, so there are few: one for some thousand files, and one when the program ends.
 */
const CHECKPOINT_PAGES = 16_384

/**
 * Opens the file, or makes it, and brings its schema up to date. One that is damaged, or that a newer version of the program has
 * made, is moved beside and a new one begun: it is never written to.
 */
export function openDatabase(path: string, migrations: readonly Migration[], now: Date): OpenedDatabase {
  try {
    const reason = whyUnusable(path, migrations)
    const setAside = reason && moveAside(path, reason, now)
    return { db: connect(path, migrations), setAside }
  } catch (thrown) {
    const why = redact(thrown instanceof Error ? thrown.message : String(thrown))
    throw new DriveError('data-folder-unusable', `Cannot use the database (${why}): ${path}`, {
      cause: thrown,
    })
  }
}

/** All or nothing; what it throws is passed on. */
export function transaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (thrown) {
    // A full disk has rolled it back already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw thrown
  }
}

function connect(path: string, migrations: readonly Migration[]): Database {
  // Its owner's alone, whatever the folder is; the log gets the same mode.
  closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA busy_timeout = 5000')
    // With the write-ahead log a killed process loses nothing, a power cut at most the last moments.
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = NORMAL')
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.exec('PRAGMA foreign_keys = ON')
    migrate(db, migrations)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function migrate(db: Database, migrations: readonly Migration[]): void {
  for (const [index, sql] of migrations.entries()) {
    if (index < versionOf(db)) continue
    transaction(db, () => {
      db.exec(sql)
      db.exec(`PRAGMA user_version = ${index + 1}`)
    })
  }
}

/** Looks without writing: even opening it for writing would change a file that is not ours to change. */
function whyUnusable(path: string, migrations: readonly Migration[]): SetAside['reason'] | undefined {
  // SQLite takes one with nothing in it, or with a single byte, for a new database, and throws away the log beside it.
  const hasLog = sizeOf(`${path}-wal`) > 0
  if (sizeOf(path) <= 1) return hasLog ? 'damaged' : undefined
  let db: Database | undefined
  try {
    const url = pathToFileURL(path)
    // Nothing is made beside it.
    if (!hasLog) url.searchParams.set('immutable', '1')
    db = new DatabaseSync(url, { readOnly: true })
    if (!isSound(db)) return 'damaged'
    const version = versionOf(db)
    if (version > migrations.length) return 'newer'
    return schemaOf(db) === schemaAt(migrations.slice(0, version)) ? undefined : 'damaged'
  } catch (thrown) {
    if (isDamage(thrown)) return 'damaged'
    throw thrown
  } finally {
    db?.close()
  }
}

/** 0 where there is none. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * The values of the one column, `value`, of a query. Without a prepared statement: that would keep the file open beyond `close`, until
 * the collector comes, and Windows moves no open file.
 */
export function valuesOf(db: Database, query: string): readonly unknown[] {
  const values: unknown[] = []
  db.function('tell', (value: unknown) => {
    values.push(value)
    return null
  })
  db.exec(`SELECT tell(value) FROM (${query})`)
  return values
}

function isSound(db: Database): boolean {
  return valuesOf(db, 'SELECT quick_check AS value FROM pragma_quick_check')[0] === 'ok'
}

function versionOf(db: Database): number {
  return Number(valuesOf(db, 'SELECT user_version AS value FROM pragma_user_version')[0])
}

/** The tables and indexes as they were written. */
function schemaOf(db: Database): string {
  const query = "SELECT sql AS value FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
  return valuesOf(db, query).join('\n')
}

function schemaAt(migrations: readonly Migration[]): string {
  const db = new DatabaseSync(':memory:')
  try {
    migrate(db, migrations)
    return schemaOf(db)
  } finally {
    db.close()
  }
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

function isDamage(thrown: unknown): boolean {
  // Extended codes keep the plain one in their low byte.
  const code = thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) & 0xff : 0
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB
}

/** With its log, under a name that says when and that nothing else has. */
function moveAside(path: string, reason: SetAside['reason'], now: Date): SetAside {
  const stamped = `${path}.${reason}-${now.toISOString().replaceAll(/[:.]/gu, '-')}`
  let aside = stamped
  for (let more = 2; SUFFIXES.some((suffix) => existsSync(aside + suffix)); more++)
    aside = `${stamped}-${more}`
  for (const suffix of SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return { reason, path: aside }
}
