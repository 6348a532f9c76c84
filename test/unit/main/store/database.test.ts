import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  openDatabase,
  transaction,
  valuesOf,
  type Migration,
  type OpenedDatabase,
} from '#main/store/database'
import { failureOf } from '#test/failures'
import { asOrdinaryUser } from '#test/ordinary-user'
import { tempFolder } from '#test/temp-folder'

const FIRST = 'CREATE TABLE fruit (name TEXT PRIMARY KEY, weight INTEGER) STRICT'
const SECOND = "ALTER TABLE fruit ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'"
const THIRD = 'CREATE INDEX fruit_colour ON fruit (colour)'
const NOW = new Date('2026-03-04T05:06:07.089Z')
const STAMP = '2026-03-04T05-06-07-089Z'

let folder: string
let path: string
beforeEach(() => {
  folder = tempFolder()
  path = join(folder, 'queue.db')
})

const open = (migrations: readonly Migration[] = [FIRST]): OpenedDatabase =>
  openDatabase(path, migrations, NOW)

function write(migrations: readonly Migration[], ...names: readonly string[]): void {
  const { db } = open(migrations)
  for (const name of names) db.exec(`INSERT INTO fruit (name, weight) VALUES ('${name}', 1)`)
  db.close()
}

function names({ db }: OpenedDatabase): readonly unknown[] {
  const found = valuesOf(db, 'SELECT name AS value FROM fruit ORDER BY name')
  db.close()
  return found
}

/** What stands beside the database, with its content. */
const asides = (): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder)
      .filter((name) => /damaged|newer/u.test(name))
      .map((name) => [name, readFileSync(join(folder, name))]),
  )

describe('a new database', () => {
  test("is its owner's alone, with its log, in a folder that is open to all", () => {
    chmodSync(folder, 0o777)
    const { db, setAside } = open()
    db.exec("INSERT INTO fruit VALUES ('apple', 1)")
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600)
    expect(setAside).toBeUndefined()
    db.close()
  })

  test('that is there, and empty, is one', () => {
    writeFileSync(path, '')
    expect(names(open())).toEqual([])
  })

  test('in a folder that cannot be written: that is said', async () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked, { mode: 0o500 })
    const thrown = await failureOf(() =>
      asOrdinaryUser(folder, () =>
        Promise.resolve().then(() => openDatabase(join(locked, 'queue.db'), [FIRST], NOW)),
      ),
    )
    expect(thrown).toMatchObject({
      code: 'data-folder-unusable',
      message: expect.stringContaining('queue.db') as string,
    })
  })

  test('where a folder stands in its place: that is said', async () => {
    mkdirSync(path)
    expect((await failureOf(() => open())).code).toBe('data-folder-unusable')
    expect(statSync(path).isDirectory()).toBe(true)
  })
})

describe('migrations', () => {
  const ALL = [FIRST, SECOND, THIRD]
  const shape = ({ db }: OpenedDatabase) => {
    const sql = valuesOf(db, 'SELECT sql AS value FROM sqlite_schema ORDER BY name')
    const version = valuesOf(db, 'SELECT user_version AS value FROM pragma_user_version')
    db.close()
    return { sql, version }
  }

  test.each([0, 1, 2, 3])('from version %i: the newest shape, and every row is still there', (version) => {
    if (version > 0) write(ALL.slice(0, version), 'apple', 'pear')
    const opened = open(ALL)
    expect(opened.setAside).toBeUndefined()
    expect(valuesOf(opened.db, 'SELECT name AS value FROM fruit')).toHaveLength(version > 0 ? 2 : 0)
    const made = shape(opened)
    expect(made.version).toEqual([3])
    path = join(folder, 'fresh.db')
    expect(made).toEqual(shape(open(ALL)))
  })

  test('each whole or not at all: one that fails leaves the version before it, and is made the next time', async () => {
    write([FIRST], 'apple')
    const broken = `${SECOND}; INSERT INTO nothing VALUES (1)`
    expect((await failureOf(() => open([FIRST, broken]))).code).toBe('data-folder-unusable')
    expect(names(open([FIRST]))).toEqual(['apple'])
    expect(names(open([FIRST, SECOND]))).toEqual(['apple'])
    expect(asides().size).toBe(0)
  })
})

describe('made by a newer version of the program', () => {
  test.each([
    { name: 'at rest', mode: 'WAL', log: false },
    { name: 'with what its process left in the log', mode: 'WAL', log: true },
    { name: 'that keeps no log', mode: 'DELETE', log: false },
  ])('$name: it is set aside as it is, byte for byte', ({ mode, log }) => {
    const newer = new DatabaseSync(path)
    newer.exec(
      `PRAGMA journal_mode = ${mode}; ${FIRST}; PRAGMA user_version = 2; INSERT INTO fruit VALUES ('kiwi', 1)`,
    )
    const suffixes = log ? ['', '-wal'] : ['']
    const before = new Map(suffixes.map((suffix) => [suffix, readFileSync(path + suffix)]))
    newer.close()
    // As a killed process leaves it: closing would have put the log into the database.
    for (const [suffix, bytes] of before) if (log) writeFileSync(path + suffix, bytes)
    const bytesBefore = new Map(suffixes.map((suffix) => [suffix, readFileSync(path + suffix)]))
    const opened = open()
    const aside = `${path}.newer-${STAMP}`
    expect(opened.setAside).toEqual({ reason: 'newer', path: aside })
    expect(names(opened)).toEqual([])
    for (const [suffix, bytes] of bytesBefore) expect(readFileSync(aside + suffix).equals(bytes)).toBe(true)
    const back = new DatabaseSync(aside)
    expect(valuesOf(back, 'SELECT name AS value FROM fruit')).toEqual(['kiwi'])
    back.close()
  })
})

describe('damaged', () => {
  /** What became of it: its content is at hand still, or it stands aside as it was. */
  function outcome(bytes: Buffer): 'read' | 'set aside' {
    const opened = open()
    const found = names(opened)
    if (opened.setAside === undefined) {
      expect(found).toHaveLength(400)
      return 'read'
    }
    expect(opened.setAside.reason).toBe('damaged')
    expect(found).toEqual([])
    expect(readFileSync(opened.setAside.path).equals(bytes)).toBe(true)
    return 'set aside'
  }

  function healthy(): Buffer {
    const { db } = open()
    transaction(db, () => {
      for (let no = 0; no < 400; no++) db.exec(`INSERT INTO fruit VALUES ('${no} ${'x'.repeat(100)}', ${no})`)
    })
    db.close()
    return readFileSync(path)
  }

  test.each([
    { name: 'garbage', bytes: Buffer.from('garbage '.repeat(2000)) },
    { name: 'zeros', bytes: Buffer.alloc(16_384) },
    { name: 'two bytes', bytes: Buffer.from('SQ') },
    { name: 'its first words and nothing else', bytes: Buffer.from('SQLite format 3\0') },
  ])('$name: set aside as it is', ({ bytes }) => {
    writeFileSync(path, bytes)
    expect(outcome(bytes)).toBe('set aside')
    expect([...asides().keys()]).toEqual([`queue.db.damaged-${STAMP}`])
  })

  test('cut off at any of a hundred places: set aside as it is', () => {
    const whole = healthy()
    const step = Math.ceil(whole.length / 100)
    const sizes = Array.from({ length: 100 }, (_, index) => index * step + ((index * 37) % 512) + 2).filter(
      (size) => size < whole.length,
    )
    for (const size of [...sizes, 4096, whole.length - 4096]) {
      writeFileSync(path, whole)
      truncateSync(path, size)
      expect([size, outcome(whole.subarray(0, size))]).toEqual([size, 'set aside'])
    }
    // One moment for all of them: none has taken the place of another.
    expect(asides().size).toBe(sizes.length + 2)
  })

  test('with a page of zeros or of noise in any place: never something that was not written', () => {
    const whole = healthy()
    for (let page = 0; page < whole.length / 4096; page++) {
      for (const fill of [0, 0xa5]) {
        const torn = Buffer.from(whole)
        torn.fill(fill, page * 4096, (page + 1) * 4096)
        writeFileSync(path, torn)
        expect([page, fill, outcome(torn)]).toEqual([page, fill, 'set aside'])
      }
    }
  })

  test('the log is noise: what the database holds is there, and nothing of the noise', () => {
    const whole = healthy()
    writeFileSync(`${path}-wal`, Buffer.alloc(20_000, 0x37))
    expect(outcome(whole)).toBe('read')
  })

  test('the log is cut off in the middle: all up to there is there', () => {
    healthy()
    const { db } = open()
    for (let no = 0; no < 50; no++) db.exec(`INSERT INTO fruit VALUES ('late ${no}', 1)`)
    const [bytes, log] = [readFileSync(path), readFileSync(`${path}-wal`)]
    db.close()
    let last = 0
    for (let size = 0; size <= log.length; size += 1777) {
      writeFileSync(path, bytes)
      writeFileSync(`${path}-wal`, log.subarray(0, size))
      const opened = open()
      expect(opened.setAside).toBeUndefined()
      const late = names(opened).filter((name) => String(name).startsWith('late')).length
      expect(late).toBeGreaterThanOrEqual(last)
      last = late
    }
    expect(last).toBeGreaterThan(40)
  })

  test('a log without its database, as a hand that clears up leaves it, is kept', () => {
    writeFileSync(`${path}-wal`, 'the only copy')
    const opened = open()
    expect(opened.setAside).toEqual({ reason: 'damaged', path: `${path}.damaged-${STAMP}` })
    opened.db.close()
    expect(asides().get(`queue.db.damaged-${STAMP}-wal`)?.toString()).toBe('the only copy')
  })

  test('a half-made change of its beside it goes with it, and not into the one begun in its place', () => {
    writeFileSync(path, 'garbage')
    writeFileSync(`${path}-journal`, 'what it was before')
    expect(names(open())).toEqual([])
    expect(asides().get(`queue.db.damaged-${STAMP}-journal`)?.toString()).toBe('what it was before')
    expect(existsSync(`${path}-journal`)).toBe(false)
  })

  test.each([
    { name: "another program's database", sql: 'CREATE TABLE other (a)' },
    { name: 'one whose tables are gone', sql: `${FIRST}; PRAGMA user_version = 1; DROP TABLE fruit` },
    { name: 'one whose tables are others', sql: 'CREATE TABLE fruit (name TEXT); PRAGMA user_version = 1' },
  ])('$name is set aside, and not tampered with', ({ sql }) => {
    const foreign = new DatabaseSync(path)
    foreign.exec(sql)
    foreign.close()
    const bytes = readFileSync(path)
    expect(outcome(bytes)).toBe('set aside')
  })

  test('twice in one moment: the second does not take the place of the first', () => {
    writeFileSync(path, 'first garbage')
    open().db.close()
    writeFileSync(path, 'second garbage')
    const opened = open()
    opened.db.close()
    expect([...asides().values()].map(String).sort()).toEqual(['first garbage', 'second garbage'])
    expect(existsSync(opened.setAside?.path ?? '')).toBe(true)
  })

  test('and the one begun in its place is used the next time', () => {
    writeFileSync(path, 'garbage')
    const { db } = open()
    db.exec("INSERT INTO fruit VALUES ('apple', 1)")
    db.close()
    const again = open()
    expect(again.setAside).toBeUndefined()
    expect(names(again)).toEqual(['apple'])
  })
})

describe('a transaction', () => {
  test('that fails leaves nothing, and the next one works', () => {
    const { db } = open()
    expect(() =>
      transaction(db, () => {
        db.exec("INSERT INTO fruit VALUES ('apple', 1)")
        throw new Error('in the middle')
      }),
    ).toThrow('in the middle')
    transaction(db, () => db.exec("INSERT INTO fruit VALUES ('pear', 1)"))
    expect(names({ db, setAside: undefined })).toEqual(['pear'])
  })

  test('is there after the process was killed: its files at that moment hold it', () => {
    const { db } = open()
    const copies = join(folder, 'copy')
    mkdirSync(copies)
    for (let no = 0; no < 30; no++) {
      transaction(db, () => db.exec(`INSERT INTO fruit VALUES ('apple ${no}', 1)`))
      for (const suffix of ['', '-wal', '-shm'])
        copyFileSync(path + suffix, join(copies, `queue.db${suffix}`))
      const copy = openDatabase(join(copies, 'queue.db'), [FIRST], NOW)
      expect(copy.setAside).toBeUndefined()
      expect(names(copy)).toHaveLength(no + 1)
    }
    db.close()
  })
})

test('bytes behind the end are no harm', () => {
  write([FIRST], 'apple')
  appendFileSync(path, Buffer.alloc(100))
  expect(names(open())).toEqual(['apple'])
})
