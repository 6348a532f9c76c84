import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { TransferId, TransferState } from '#app/transfer'
import { openDatabase, type Database } from '#main/store/database'
import { openStore } from '#main/store/open-store'
import { MIGRATIONS } from '#main/store/schema'
import { TransferStore } from '#main/store/transfer-store'
import type { Changes, StoredTransfer } from '#main/transfers/queue-store'
import * as states from '#test/builders'
import { memoryDatabase } from '#test/memory-database'
import { MemoryStore } from '#test/memory-store'
import { tempFolder } from '#test/temp-folder'

const UNREADABLE: string[] = []
beforeEach(() => {
  UNREADABLE.length = 0
})

function storeOn(db: Database): TransferStore {
  return new TransferStore(db, (id) => UNREADABLE.push(id))
}

function database(path = ':memory:'): Database {
  if (path !== ':memory:') return openDatabase(path, MIGRATIONS, new Date(0)).db
  return memoryDatabase()
}

function stored(
  name: string,
  more: Partial<StoredTransfer['transfer']> = {},
  rest: Partial<StoredTransfer> = {},
): StoredTransfer {
  const id = `id of ${name}` as TransferId // A brand has no constructor.
  return {
    transfer: states.transfer(states.queued(), {
      id,
      path: `/home/${name}`,
      remotePath: `/云/${name}`,
      position: 1,
      ...more,
    }),
    to: { rootID: 5, folders: ['云'], name },
    onDuplicate: 'fail',
    askedAt: 77,
    carry: { failures: 0, sentBytes: 0 },
    ...rest,
  }
}

function changes(more: Partial<Changes>): Changes {
  return { transfers: [], slices: [], unlisted: [], facts: [], ...more }
}

const UPLOAD = { preuploadID: 'p1', sliceSize: 10, servers: ['https://up'], duplicate: 1 } as const
const CARRY = {
  owner: 'https://api#18',
  identity: { dev: '1', ino: '18446744073709551615', size: 100, mtimeNs: '1700000000123456789' },
  hashes: { md5: 'd41d8cd98f00b204e9800998ecf8427e', sliceSize: 10, sliceMd5s: ['a', 'b'] },
  before: new Set([1758176091289, 2]),
  failures: 3,
  sentBytes: 12_345_678_901,
}

const EVERY_STATE: readonly TransferState[] = [
  states.queued({ attempt: 2, restarts: 1 }),
  states.hashing(5),
  states.creating(),
  states.uploading(30, { slicesDone: 2 }),
  states.completing(),
  states.waiting('quota-exceeded', {
    failure: states.failure('quota-exceeded', { detail: '5 MB', retryAfterMs: 5, traceId: 't' }),
  }),
  states.paused(),
  states.paused({ attempt: 0, restarts: 2 }, { until: 1_700_000_000_000 }),
  states.skipped(),
  states.failed('ambiguous'),
  states.cancelled(),
]

/** What every store must do: the one in memory stands for the real one in the tests of the queue. */
describe.each([
  { name: 'in memory', open: () => new MemoryStore() },
  { name: 'on SQLite', open: () => storeOn(database()) },
])('the store $name', ({ open }) => {
  const reload = (...saved: readonly Partial<Changes>[]): readonly StoredTransfer[] => {
    const store = open()
    for (const each of saved) store.save(changes(each))
    return store.load()
  }

  test.each(EVERY_STATE.map((state) => [state.status, state] as const))(
    'gives back what it was given: %s',
    (_status, state) => {
      const given = stored(
        'a.txt',
        { state, startedOver: 'integrity', size: 5 },
        { onDuplicate: 'overwrite', carry: CARRY },
      )
      expect(reload({ transfers: [given] })).toEqual([
        { ...given, transfer: { ...given.transfer, keptBytes: 0 } },
      ])
    },
  )

  test('of one that is done keeps no more than its result', () => {
    const given = stored(
      'a.txt',
      { state: states.done() },
      { carry: { ...CARRY, upload: { ...UPLOAD, done: new Set([1]) } } },
    )
    const [back] = reload({ transfers: [given], slices: [{ id: given.transfer.id, upload: 'p1', no: 1 }] })
    expect(back?.transfer.state).toEqual(states.done())
    expect(back?.carry).toEqual({ failures: 3, sentBytes: 12_345_678_901, completedSliceSize: 10 })
  })

  test('knows the slices of the upload that is open, each once, and of no other', () => {
    const given = stored('a.txt', {}, { carry: { ...CARRY, upload: { ...UPLOAD, done: new Set([9]) } } })
    const { id } = given.transfer
    const [back] = reload(
      { transfers: [given], slices: [{ id, upload: 'p0', no: 4 }] },
      { slices: [1, 2, 2].map((no) => ({ id, upload: 'p1', no })) },
      { slices: [{ id, upload: 'p1', no: 1 }] },
    )
    expect(back?.carry.upload).toEqual({ ...UPLOAD, done: new Set([1, 2]) })
  })

  test('does not remember a doubt: whoever loads it makes it', () => {
    const [back] = reload({ transfers: [stored('a.txt', {}, { carry: { ...CARRY, unsureSince: 5 } })] })
    expect(back?.carry).toEqual(CARRY)
  })

  test('lists by position, the last word on each, without those that left the list', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name, index) => stored(name, { position: index }))
    if (!a || !b || !c) throw new Error('Three were made')
    const moved = { ...c, transfer: { ...c.transfer, position: -1.5 } }
    const back = reload({ transfers: [b, a, c] }, { transfers: [moved], unlisted: [a.transfer.id] })
    expect(back.map(({ to }) => to.name)).toEqual(['c', 'b'])
  })

  test('keeps facts until they are forgotten', () => {
    const store = open()
    store.save(
      changes({
        facts: [
          ['paused', ''],
          ['adding:2', 'two'],
          ['adding:1', 'one'],
          ['addin', 'x'],
        ],
      }),
    )
    store.save(
      changes({
        facts: [
          ['adding:2', undefined],
          ['none', undefined],
          ['adding:3', 'three'],
          ['adding:1', 'uno'],
        ],
      }),
    )
    expect(store.fact('paused')).toBe('')
    expect(store.fact('adding:2')).toBeUndefined()
    expect(store.factsNamed('adding:')).toEqual([
      ['adding:1', 'uno'],
      ['adding:3', 'three'],
    ])
    store.setFact('paused', undefined)
    expect(store.fact('paused')).toBeUndefined()
  })
})

describe('names', () => {
  test.each([
    'a\nb\r\n',
    '😀.txt',
    'e\u0301 \u00e9',
    'half a \ud83d character',
    '\udc00',
    '"\'; DROP TABLE transfers; --',
    'nul \0 within',
    '\u2028\u2029\ufeff',
    '%_like',
    'x'.repeat(255),
  ])('come back as they were: %j', (name) => {
    const store = storeOn(database())
    const given = stored(name, { id: 'an id' as TransferId })
    store.save(changes({ transfers: [given] }))
    const [back] = store.load()
    expect(back?.to).toEqual(given.to)
    expect(back?.transfer).toEqual(given.transfer)
    expect(UNREADABLE).toEqual([])
  })
})

describe('a row that does not parse', () => {
  test.each([
    ['state', '{"status":"dancing"}'],
    ['state', '{"status":"waiting","tries":{"attempt":1,"restarts":0},"retryAt":null}'],
    ['state', 'not JSON'],
    ['carry', '[]'],
    ['carry', '{"failures":0,"sentBytes":0,"upload":{"preuploadID":"p","sliceSize":0,"servers":[]}}'],
    ['place', '{"path":"/x","rootID":0,"names":[]}'],
    ['on_duplicate', 'explode'],
    ['source', 'nobody'],
  ])('(%s: %s) is named and left where it is, and the others load', (column, value) => {
    const db = database()
    const store = storeOn(db)
    store.save(changes({ transfers: ['a', 'b', 'c'].map((name, position) => stored(name, { position })) }))
    db.prepare(`UPDATE transfers SET ${column} = ? WHERE id = 'id of b'`).run(value)
    expect(store.load().map(({ to }) => to.name)).toEqual(['a', 'c'])
    expect(UNREADABLE).toEqual(['id of b'])
    expect(db.prepare("SELECT listed FROM transfers WHERE id = 'id of b'").get()).toEqual({ listed: 1 })
  })

  test('a failure that only another version names is told as ours', () => {
    const db = database()
    const store = storeOn(db)
    store.save(changes({ transfers: [stored('a', { state: states.failed(), startedOver: 'integrity' })] }))
    db.exec(
      `UPDATE transfers SET state = replace(state, '"server"', '"from-the-future"'), started_over = 'from-the-future'`,
    )
    expect(store.load()).toMatchObject([
      { transfer: { startedOver: 'internal', state: { failure: { code: 'internal' } } } },
    ])
  })
})

describe('how much', () => {
  /** Counts what is asked of a database. */
  function counted(db: Database): { readonly db: Database; readonly counts: Record<string, number> } {
    const counts: Record<string, number> = {}
    const count = (what: string): void => {
      counts[what] = (counts[what] ?? 0) + 1
    }
    const proxy = <T extends object>(target: T, wrap: (name: string, value: unknown) => unknown): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value: unknown = Reflect.get(object, name)
          return typeof value === 'function' ? wrap(String(name), value.bind(object)) : value
        },
      })
    const watched = proxy(db, (name, method) => (...args: readonly unknown[]) => {
      const result: unknown = (method as (...given: readonly unknown[]) => unknown)(...args)
      if (name === 'exec') count(String(args[0]).split(/\s/u)[0] ?? '')
      if (name !== 'prepare') return result
      return proxy(result as object, (verb, run) => (...given: readonly unknown[]) => {
        count(verb)
        return (run as (...more: readonly unknown[]) => unknown)(...given)
      })
    })
    return { db: watched, counts }
  }

  test('fifteen thousand files: one transaction to write them, two questions to read them', () => {
    const { db, counts } = counted(database())
    const store = storeOn(db)
    const transfers = Array.from({ length: 15_000 }, (_, no) => stored(`${no}.txt`, { position: no }))
    for (const key of Object.keys(counts)) counts[key] = 0
    store.save(changes({ transfers }))
    expect(counts).toMatchObject({ BEGIN: 1, COMMIT: 1, run: 15_000 })
    expect(store.load()).toHaveLength(15_000)
    expect(counts).toMatchObject({ BEGIN: 1, COMMIT: 1, run: 15_000, all: 2 })
  })

  /** Finished ones by the thousand, the later ones with the higher numbers. */
  function fill(db: Database, count: number, listed: 0 | 1, state: string): void {
    db.exec(`
      WITH RECURSIVE numbers (no) AS (SELECT 1 UNION ALL SELECT no + 1 FROM numbers WHERE no < ${count})
      INSERT INTO transfers
      SELECT '${state}' || no || '-' || ${listed}, no, ${listed}, no, '/x', 1, 'manual', 1, 1, '{"path":"/x","rootID":0,"names":["x"]}', 'fail', NULL,
        '{"status":"${state}","finishedAt":' || no || ',"fileID":1,"method":"single","md5":"x","sentBytes":1,"failure":{"code":"server","message":""}}',
        '{"failures":0,"sentBytes":0}' FROM numbers`)
  }
  const count = (db: Database, where: string) =>
    (db.prepare(`SELECT count(*) AS n FROM transfers WHERE ${where}`).get() as { n: number }).n

  test('of what went well only the latest stays on the list over a restart; what failed, and what is open, stays', () => {
    const path = join(tempFolder(), 'queue.db')
    const db = database(path)
    const store = storeOn(db)
    fill(db, 2500, 1, 'done')
    fill(db, 500, 1, 'failed')
    store.save(changes({ transfers: [stored('open'), stored('paused', { state: states.paused() })] }))
    const before = count(db, '1')
    const next = storeOn(db)
    expect(count(db, "listed = 1 AND id LIKE 'done%'")).toBe(2001)
    expect(count(db, "listed = 0 AND id LIKE 'done%' AND finished_at > 500")).toBe(0)
    expect(next.load()).toHaveLength(2001 + 500 + 2)
    // Off the list is not away.
    expect(count(db, '1')).toBe(before)
  })

  test('the history holds the latest fifty thousand, and never what is on the list', () => {
    const path = join(tempFolder(), 'queue.db')
    const db = database(path)
    fill(db, 50_500, 0, 'done')
    fill(db, 300, 1, 'failed')
    storeOn(db)
    expect(count(db, 'listed = 0')).toBe(50_001)
    expect(count(db, 'listed = 0 AND finished_at < 500')).toBe(0)
    expect(count(db, 'listed = 1')).toBe(300)
  })

  test('cleared ones are history, without their slices', () => {
    const db = database()
    const store = storeOn(db)
    const gone = stored(
      'gone',
      { state: states.cancelled() },
      { carry: { ...CARRY, upload: { ...UPLOAD, done: new Set([1]) } } },
    )
    const { id } = gone.transfer
    store.save(
      changes({ transfers: [gone, stored('stays')], slices: [{ id, upload: 'p1', no: 1 }], unlisted: [id] }),
    )
    expect(store.load().map(({ to }) => to.name)).toEqual(['stays'])
    expect(count(db, `listed = 0 AND id = '${id}'`)).toBe(1)
    expect(db.prepare('SELECT count(*) AS n FROM slices').get()).toEqual({ n: 0 })
  })
})

describe('a full disk', () => {
  function full(): { readonly db: Database; readonly store: TransferStore; readonly empty: () => void } {
    const db = database()
    const store = storeOn(db)
    store.save(changes({ transfers: [stored('before')] }))
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number }
    db.exec(`PRAGMA max_page_count = ${pages + 2}`)
    return { db, store, empty: () => db.exec('PRAGMA max_page_count = 1000000') }
  }
  const many = (): readonly StoredTransfer[] =>
    Array.from({ length: 500 }, (_, no) => stored(`${no}.txt`, { position: no + 1 }))

  test('takes all of a batch or nothing, says so, and goes on when there is room', () => {
    const { store, empty } = full()
    const batch = changes({ transfers: many(), facts: [['paused', '']] })
    expect(() => store.save(batch)).toThrow(/full/u)
    expect(store.load().map(({ to }) => to.name)).toEqual(['before'])
    expect(store.fact('paused')).toBeUndefined()
    empty()
    store.save(batch)
    expect(store.load()).toHaveLength(501)
    expect(store.fact('paused')).toBe('')
  })

  test('hinders nobody who opens the queue and finds something to tidy', () => {
    const { db } = full()
    db.exec(
      "CREATE TEMP TRIGGER no_room BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    )
    db.exec(`PRAGMA max_page_count = 1000000`)
    for (let no = 0; no < 2010; no++)
      db.exec(`INSERT INTO transfers SELECT 'done-${no}', ${no}, 1, ${no + 1}, remote_path, size, source, added_at, asked_at, place, on_duplicate, NULL,
        '{"status":"cancelled","finishedAt":${no + 1}}', carry FROM transfers WHERE id = 'id of before'`)
    expect(storeOn(db).load().length).toBeGreaterThan(2000)
  })
})

test("a queue of another version of the schema, or none, opens by its folder's name", () => {
  const folder = tempFolder()
  const first = openStore(folder)
  first.store.save(changes({ transfers: [stored('a')] }))
  first.store.close()
  const { store, setAside } = openStore(folder)
  expect(setAside).toBeUndefined()
  expect(store.load()).toHaveLength(1)
  store.close()
})
