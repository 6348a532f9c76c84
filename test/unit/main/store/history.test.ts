import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { HistoryFilter, Outcome } from '#app/history'
import type { Transfer, TransferId, TransferState } from '#app/transfer'
import { exportHistory } from '#main/engine/history-export'
import type { Database } from '#main/store/database'
import { TransferHistory } from '#main/store/history'
import { TransferStore } from '#main/store/transfer-store'
import type { Carry } from '#main/transfers/job'
import type { StoredTransfer } from '#main/transfers/queue-store'
import * as a from '#test/builders'
import { memoryDatabase } from '#test/memory-database'
import { tempFolder } from '#test/temp-folder'

let db: Database
let store: TransferStore
let history: TransferHistory

beforeEach(() => {
  db = memoryDatabase()
  store = new TransferStore(db, () => undefined)
  history = new TransferHistory(db)
})

const ANY: HistoryFilter = { text: '', outcome: 'any' }

function stored(
  name: string,
  state: TransferState,
  carry: Partial<Carry> = {},
  more: Partial<Transfer> = {},
): StoredTransfer {
  const transfer = a.transfer(state, {
    id: name as TransferId, // A brand has no constructor.
    path: `/home/li/${name}`,
    remotePath: `/照片/${name}`,
    ...more,
  })
  return {
    transfer,
    to: a.destination(transfer.remotePath),
    onDuplicate: 'fail',
    askedAt: 0,
    carry: { failures: 0, sentBytes: 0, ...carry },
  }
}

function save(transfers: readonly StoredTransfer[], unlisted: readonly string[] = []): void {
  store.save({ transfers, slices: [], unlisted: unlisted as readonly TransferId[], facts: [] })
}

const names = (filter: Partial<HistoryFilter> = {}, offset = 0, limit = 100): readonly string[] =>
  history.page({ ...ANY, ...filter, offset, limit }).rows.map(({ id }) => id)

describe('the history', () => {
  test('holds what has ended, on the list or off it, the latest first, and nothing that has not', () => {
    save(
      [
        stored('old', a.done({ finishedAt: 1 })),
        stored('waits', a.waiting()),
        stored('new', { ...a.failed(), finishedAt: 3 }),
        stored('queued', a.queued()),
        stored('middle', { ...a.cancelled(), finishedAt: 2 }),
      ],
      ['old'],
    )
    expect(names()).toEqual(['new', 'middle', 'old'])
  })

  test('forgets an end that a person has undone', () => {
    save([stored('a', a.failed())])
    save([stored('a', a.queued())])
    expect(names()).toEqual([])
  })

  test.each<{ outcome: Outcome | 'any'; found: readonly string[] }>([
    { outcome: 'any', found: ['s', 'd', 'f', 'c'] },
    { outcome: 'done', found: ['d'] },
    { outcome: 'failed', found: ['f'] },
    { outcome: 'skipped', found: ['s'] },
    { outcome: 'cancelled', found: ['c'] },
  ])('by how it ended: $outcome', ({ outcome, found }) => {
    save([
      stored('d', a.done()),
      stored('f', a.failed()),
      stored('s', a.skipped()),
      stored('c', a.cancelled()),
    ])
    expect([...names({ outcome })].sort()).toEqual([...found].sort())
  })

  test.each([
    { text: 'RAW', found: ['a.raw', 'b.RAW'] },
    { text: ' 照片 ', found: ['100%.txt', 'a.raw', 'a_b', 'b.RAW', 'back\\slash'] },
    { text: '100%', found: ['100%.txt'] },
    { text: '0%.', found: ['100%.txt'] },
    { text: 'a_b', found: ['a_b'] },
    { text: '\\', found: ['back\\slash'] },
    { text: "'; DROP TABLE transfers; --", found: [] },
  ])('by a part of the path, taken literally: $text', ({ text, found }) => {
    save(['a.raw', 'b.RAW', '100%.txt', 'a_b', 'back\\slash'].map((name) => stored(name, a.done())))
    expect([...names({ text })].sort()).toEqual(found)
    expect(history.page({ ...ANY, text, offset: 0, limit: 1 }).total).toBe(found.length)
  })

  test('comes in parts that together are all of it, each once', () => {
    const all = Array.from({ length: 1203 }, (_, no) => stored(`f${no}`, a.done({ finishedAt: no % 7 })))
    save(all)
    const parts = Array.from({ length: 13 }, (_, part) => names({}, part * 100))
    expect(new Set(parts.flat()).size).toBe(1203)
    expect([...history.all(ANY, 100)].flat()).toHaveLength(1203)
    expect(history.page({ ...ANY, offset: 0, limit: 1 }).total).toBe(1203)
  })

  test('is gone through without one twice or left out, whatever ends or begins anew meanwhile', () => {
    const old = Array.from({ length: 25 }, (_, no) => `f${no}`)
    save(old.map((name, no) => stored(name, a.done({ finishedAt: no % 3 }))))
    const seen: string[] = []
    for (const rows of history.all(ANY, 10)) {
      seen.push(...rows.map(({ id }) => id))
      save([stored(`new ${seen.length}`, a.done({ finishedAt: 99 })), stored(seen[0] ?? '', a.queued())])
    }
    expect([...seen].sort()).toEqual([...old].sort())
  })

  test('passes over a row that cannot be read', () => {
    save([stored('good', a.done()), stored('bad', a.done())])
    db.exec(`UPDATE transfers SET carry = 'x' WHERE id = 'bad'`)
    expect(names()).toEqual(['good'])
    expect(history.details('bad' as TransferId)).toBeUndefined()
  })
})

describe('details of one off the list', () => {
  test('are what is left of it: MD5, slices, and what went wrong on the way', () => {
    const lastFailure = { failure: a.failure('timeout', { traceId: 'T1' }), at: 5, times: 2 }
    const upload = { preuploadID: 'p', sliceSize: 30, servers: [], duplicate: undefined, done: new Set([1]) }
    save([stored('a', a.done({ sentBytes: 130 }), { failures: 3, lastFailure, upload })], ['a'])
    expect(history.details('a' as TransferId)).toMatchObject({
      md5: '4b5c549c4abd0a079caf92d6cad24127',
      failures: 2,
      lastFailure: { failure: { code: 'timeout', traceId: 'T1' }, at: 5 },
      sentBytes: 130,
      slices: { sizeBytes: 30, count: 4, done: [{ from: 1, end: 5 }] },
    })
    expect(history.details('nobody' as TransferId)).toBeUndefined()
  })
})

describe('an exported history', () => {
  const read = async (path: string): Promise<readonly string[]> =>
    (await readFile(path, 'utf8')).split('\r\n')

  test('is what a spreadsheet reads: a mark, a heading, a line each, nothing that it would run', async () => {
    const path = join(tempFolder(), '历史.csv')
    save([
      stored(
        '=cmd|x',
        a.done({ finishedAt: Date.UTC(2026, 10, 25, 12) }),
        {},
        { remotePath: '=1+1.txt', path: '=1+1.txt' },
      ),
      stored('f', {
        ...a.failed('name-taken'),
        finishedAt: 5,
        failure: a.failure('name-taken', { traceId: 'T"1' }),
      }),
    ])
    const { rows } = await exportHistory(history, { filter: ANY, path, language: 'zh-CN' })
    const [head = '', first = '', second = '', ...rest] = await read(path)
    expect(rows).toBe(2)
    expect(head.startsWith('\uFEFF结束时间,结果,云盘位置')).toBe(true)
    expect(first).toContain(",'=1+1.txt,")
    expect(first).toContain('分片上传,100,4b5c549c4abd0a079caf92d6cad24127,手动')
    expect(second).toContain('目标位置已有同名文件,"T""1"')
    expect(rest).toEqual([''])
    expect((await stat(path)).mode & 0o077).toBe(0)
  })

  test('has only what was looked for, in the language of the person', async () => {
    const path = join(tempFolder(), 'h.csv')
    save([stored('d', a.done()), stored('f', a.failed())])
    expect(
      await exportHistory(history, { filter: { ...ANY, outcome: 'failed' }, path, language: 'en' }),
    ).toEqual({
      rows: 1,
      path,
    })
    expect((await read(path)).join('\n')).toMatch(/Outcome.*\n.*Failed/u)
  })

  test('that cannot be written says so, and leaves nothing half done', async () => {
    const path = join(tempFolder(), 'no such folder', 'h.csv')
    save([stored('d', a.done())])
    await expect(exportHistory(history, { filter: ANY, path, language: 'en' })).rejects.toMatchObject({
      code: 'file-unwritable',
    })
    await expect(stat(`${path}.part`)).rejects.toThrow()
  })
})
