import { beforeEach, describe, expect, test } from 'vitest'
import type { Transfer, TransferState } from '#app/transfer'
import { folderOf, nameOf, TransferList } from '../../../renderer/transfer-list.ts'
import {
  cancelled,
  done,
  failed,
  hashing,
  id,
  paused,
  skipped,
  transfer,
  uploading,
  waiting,
} from './samples.ts'

let list: TransferList

beforeEach(() => {
  list = new TransferList()
})

const put = (...changed: Transfer[]): boolean => list.apply({ changed, removed: [] })
const at = (name: string, position: number, state?: TransferState, more: Partial<Transfer> = {}): Transfer =>
  transfer(name, state, { position, ...more })

describe('order', () => {
  test('what moves first, then what waits, then what is to come, then what is over, the latest first', () => {
    put(transfer('old', done()), transfer('new', cancelled), transfer('q1'), transfer('q2'))
    put(transfer('w', waiting('server')), transfer('run', uploading(10)))
    expect(list.ids('all')).toEqual(['run', 'w', 'q1', 'q2', 'new', 'old'])
  })

  test('what failed stands above what is done, however much was done since', () => {
    put(transfer('f1', failed()), transfer('d1', done()), transfer('f2', failed()), transfer('d2', done()))
    put(transfer('q'), transfer('c', cancelled))
    expect(list.ids('all')).toEqual(['q', 'f2', 'f1', 'c', 'd2', 'd1'])
    expect(list.ids('failed')).toEqual(['f2', 'f1'])
    list.apply({ changed: [transfer('f2', done())], removed: [id('f1')] })
    expect(list.ids('all')).toEqual(['q', 'f2', 'c', 'd2', 'd1'])
  })

  test('what is to come stands in the order in which it starts, wherever it came from', () => {
    put(at('c', 3), at('a', 1), at('b', 2, uploading(10)))
    expect(list.ids('all')).toEqual(['b', 'a', 'c'])
    put(at('b', 2))
    expect(list.ids('all')).toEqual(['a', 'b', 'c'])
  })

  test('what is held by itself stands before what is to come, in the same order', () => {
    put(at('q', 1), at('late', 3, paused), at('early', 2, paused), at('run', 4, uploading(1)))
    expect(list.ids('all')).toEqual(['run', 'early', 'late', 'q'])
    expect(list.paused).toBe(2)
    expect(list.counts().active).toBe(4)
  })
})

describe('15,000 rows to come', () => {
  const COUNT = 15_000
  const name = (index: number): string => `f${index}`
  const names = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, index) => name(from + index))

  beforeEach(() => {
    put(...Array.from({ length: COUNT }, (_, index) => at(name(index), index)))
  })

  test.each<{ what: string; changed: Transfer[]; removed?: string[]; order: string[] }>([
    {
      what: 'one is put first',
      changed: [at(name(14_999), -1)],
      order: [name(14_999), ...names(0, 14_999)],
    },
    {
      what: 'one is put last',
      changed: [at(name(0), 20_000)],
      order: [...names(1, COUNT), name(0)],
    },
    {
      what: 'some are put first together',
      changed: [at(name(7000), -2), at(name(9000), -1)],
      order: [name(7000), name(9000), ...names(0, 7000), ...names(7001, 9000), ...names(9001, COUNT)],
    },
    {
      what: 'one starts',
      changed: [at(name(5), 5, uploading(1))],
      order: [name(5), ...names(0, 5), ...names(6, COUNT)],
    },
    {
      what: 'one is retried, and keeps its place',
      changed: [at(name(5), 5, failed()), at(name(5), 5)],
      order: names(0, COUNT),
    },
    { what: 'one goes', changed: [], removed: [name(1)], order: [name(0), ...names(2, COUNT)] },
    { what: 'one comes', changed: [at('new', 2.5)], order: [...names(0, 3), 'new', ...names(3, COUNT)] },
  ])('$what', ({ changed, removed = [], order }) => {
    expect(list.apply({ changed, removed: removed.map(id) })).toBe(true)
    expect(list.ids('active')).toEqual(order)
  })

  test('a row in its place that only says more moves nothing', () => {
    expect(put(at(name(3), 3, undefined, { keptBytes: 5 }))).toBe(false)
    expect(list.ids('active')).toEqual(names(0, COUNT))
  })

  test('a new position of a row that runs or is over moves nothing', () => {
    put(at(name(3), 3, uploading(1)))
    expect(put(at(name(3), 99, uploading(2)))).toBe(false)
  })
})

describe('tabs', () => {
  beforeEach(() => {
    put(transfer('run', hashing(5)), transfer('w', waiting('busy')), transfer('q'))
    put(
      transfer('done', done()),
      transfer('skipped', skipped),
      transfer('failed', failed()),
      transfer('cancelled', cancelled),
    )
  })

  test('each shows its own', () => {
    expect(list.ids('active')).toEqual(['run', 'w', 'q'])
    expect(list.ids('done')).toEqual(['skipped', 'done'])
    expect(list.ids('failed')).toEqual(['failed'])
    expect(list.ids('all')).toHaveLength(7)
  })

  test('and counts them', () => {
    expect(list.counts()).toEqual({ all: 7, active: 3, done: 2, failed: 1 })
    expect(list.running).toBe(1)
  })

  test('everything that is over but failures can be cleared', () => {
    expect(list.clearableIds()).toEqual(['done', 'skipped', 'cancelled'])
    expect(list.clearable).toBe(3)
  })
})

describe('changes', () => {
  test('progress moves no row', () => {
    expect(put(transfer('a', uploading(1)))).toBe(true)
    expect(put(transfer('a', uploading(50)))).toBe(false)
    expect(list.get(id('a'))?.state).toMatchObject({ sent: 50 })
  })

  test('a new place moves it', () => {
    put(transfer('a', uploading(1)))
    expect(put(transfer('a', done()))).toBe(true)
    expect(put(transfer('b'))).toBe(true)
  })

  test('what is removed is gone from everywhere', () => {
    put(transfer('a', done()), transfer('b'))
    expect(list.apply({ changed: [], removed: [id('a'), id('never was')] })).toBe(true)
    expect(list.ids('all')).toEqual(['b'])
    expect(list.counts()).toEqual({ all: 1, active: 1, done: 0, failed: 0 })
    expect(list.apply({ changed: [], removed: [id('a')] })).toBe(false)
  })

  test('bytes left follow each of them', () => {
    put(transfer('a'), transfer('b', uploading(30)))
    expect(list.bytesLeft).toBe(170)
    put(transfer('b', uploading(80)))
    expect(list.bytesLeft).toBe(120)
    put(transfer('b', done()), transfer('a', failed()))
    expect(list.bytesLeft).toBe(0)
    put(transfer('a'))
    expect(list.bytesLeft).toBe(100)
    list.apply({ changed: [], removed: [id('a')] })
    expect(list.bytesLeft).toBe(0)
  })
})

describe('search', () => {
  test('looks at the name, whatever its case', () => {
    put(transfer('DSC_1.RAW'), transfer('年会.mp4', done()))
    expect(list.ids('all', 'dsc')).toEqual(['DSC_1.RAW'])
    expect(list.ids('all', ' 年会 ')).toEqual(['年会.mp4'])
    expect(list.ids('active', '年会')).toEqual([])
  })

  test('not at the folder', () => {
    put(transfer('a.raw'))
    expect(list.ids('all', '照片')).toEqual([])
  })
})

test('15,000 rows take a thousand small changes in well under a second', () => {
  put(...Array.from({ length: 15_000 }, (_, index) => transfer(`f${index}`)))
  const start = performance.now()
  for (let index = 0; index < 1000; index += 1)
    put(transfer(`f${index}`, uploading(1)), transfer(`f${index}`, done()))
  expect(performance.now() - start).toBeLessThan(500)
  expect(list.counts()).toEqual({ all: 15_000, active: 14_000, done: 1000, failed: 0 })
})

test.each([
  ['/照片/秋/a.raw', 'a.raw', '/照片/秋'],
  ['/a.raw', 'a.raw', '/'],
])('%s', (path, name, folder) => {
  expect([nameOf(path), folderOf(path)]).toEqual([name, folder])
})
