import { describe, expect, test } from 'vitest'
import type { Endpoint, Fault } from '#emulator/types'
import { createWorld, expected, inCloud, outcomeOf, SLICE } from '#test/world'

/** Each fault of the design's table, on each call of an upload: the upload still ends right, once. */
type Effect = Fault extends infer F ? (F extends Fault ? Omit<F, 'on'> : never) : never

const EFFECTS: readonly (readonly [name: string, effect: Effect])[] = [
  ['HTTP 500 with an empty body', { kind: 'before', status: 500, body: '' }],
  ['HTTP 502 with a page of HTML', { kind: 'before', status: 502, body: '<html>Bad Gateway</html>' }],
  ['HTTP 200 with a page of HTML', { kind: 'before', status: 200, body: '<html>Log in to the hotel</html>' }],
  ['half an answer', { kind: 'before', status: 200, body: '{"code":0,"mess' }],
  ['HTTP 429', { kind: 'before', status: 429, headers: { 'retry-after': '0' } }],
  ['code 429 in an HTTP 200', { kind: 'before', code: 429, message: '请求太频繁' }],
  ['HTTP 401 once', { kind: 'before', status: 401, code: 401, message: 'token is invalid' }],
  [
    'tokens number has exceeded the limit',
    { kind: 'before', code: 401, message: 'tokens number has exceeded the limit' },
  ],
  [
    'the gateway gives up on the body',
    { kind: 'before', status: 500, body: 'Read from request Body: i/o timeout' },
  ],
  ['the answer is lost after it was applied', { kind: 'lost-answer' }],
  ['cut before anything', { kind: 'cut', afterBytes: 0 }],
  ['cut in the middle of the body', { kind: 'cut', afterBytes: 30_000 }],
  ['a delay', { kind: 'delay', ms: 300 }],
  ['a hang', { kind: 'hang' }],
  ['two faults in a row', { kind: 'before', status: 503, times: 2 }],
]

const CALLS: readonly (readonly [on: Endpoint, size: number])[] = [
  ['list', 1000],
  ['domain', 1000],
  ['single_create', 50_000],
  ['create', 3 * SLICE + 5],
  ['slice', 3 * SLICE + 5],
  ['upload_complete', 3 * SLICE + 5],
]

describe.each(CALLS)('%s', (on, size) => {
  test.concurrent.each(EFFECTS)('%s', async (_name, effect) => {
    const world = await createWorld({ renews: true })
    try {
      const file = await world.write('夹/文件.bin', size)
      world.emulator.fault({ on, ...effect })
      const [transfer] = await world.upload(['夹'])
      expect(outcomeOf(transfer)).toMatch(/^done/u)
      expect(transfer?.state).toMatchObject({ md5: file.md5 })
      expect(inCloud(world)).toEqual([expected('/夹/文件.bin', file)])
      expect(world.emulator.folders()).toEqual(['/夹'])
      expect(world.emulator.violations()).toEqual([])
    } finally {
      await world.close()
    }
  })
})

test('only the slice that failed is sent again', async () => {
  const world = await createWorld()
  const file = await world.write('a.bin', 6 * SLICE)
  world.emulator.fault({ on: 'slice', sliceNo: 4, kind: 'before', status: 500, body: '' })
  const [transfer] = await world.upload(['a.bin'])
  const good = world.emulator.requests().filter(({ endpoint, code }) => endpoint === 'slice' && code === 0)
  expect(good.map(({ sliceNo }) => sliceNo).sort()).toEqual([1, 2, 3, 4, 5, 6])
  expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'create')).toHaveLength(1)
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  expect(transfer?.state.status).toBe('done')
  await world.close()
})

test('a finished upload whose answer was lost, and which the platform then no longer knows, is found and not sent again', async () => {
  const world = await createWorld({ quirks: { forgetsCompleted: true } })
  const file = await world.write('a.bin', 3 * SLICE)
  world.emulator.fault({ on: 'upload_complete', kind: 'lost-answer' })
  const [transfer] = await world.upload(['a.bin'])
  expect(outcomeOf(transfer)).toBe('done sliced')
  expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice')).toHaveLength(3)
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  await world.close()
})

test('an instant upload whose answer was lost is found, in every duplicate mode, and never made twice', async () => {
  const world = await createWorld()
  const file = await world.write('a.bin', 3 * SLICE)
  await world.upload(['a.bin'])
  for (const onDuplicate of ['fail', 'keep-both', 'overwrite', 'skip'] as const) {
    world.emulator.fault({ on: 'create', kind: 'lost-answer' })
    const [transfer] = await world.upload(['a.bin'], { folders: [onDuplicate], onDuplicate })
    expect(outcomeOf(transfer)).toMatch(/^done/u)
  }
  const paths = ['/a.bin', '/fail/a.bin', '/keep-both/a.bin', '/overwrite/a.bin', '/skip/a.bin']
  expect(inCloud(world)).toEqual(paths.map((path) => expected(path, file)))
  await world.close()
})

test('keeping both, with the answer lost, leaves one new file and not two', async () => {
  const world = await createWorld()
  await world.emulator.seed('/a.txt', Buffer.from('older'))
  const file = await world.write('a.txt', 'newer')
  world.emulator.fault({ on: 'single_create', kind: 'lost-answer' })
  const [transfer] = await world.upload(['a.txt'], { onDuplicate: 'keep-both' })
  expect(outcomeOf(transfer)).toBe('done single')
  const there = world.emulator.files().map(({ md5 }) => md5)
  expect(there).toHaveLength(2)
  expect(there.filter((md5) => md5 === file.md5)).toHaveLength(1)
  await world.close()
})

test('a fault that does not go away ends in a failure with its trace id, and the rest goes on', async () => {
  const world = await createWorld()
  await world.write('d/bad.bin', 3 * SLICE)
  const good = await world.write('d/good.txt', 'good')
  world.emulator.fault({ on: 'create', kind: 'before', status: 500, message: 'broken', times: 1000 })
  const transfers = await world.upload(['d'])
  expect(transfers.map(outcomeOf).sort()).toEqual(['done single', 'failed server'])
  const failed = transfers.find(({ state }) => state.status === 'failed')
  expect(failed?.state).toMatchObject({ failure: { traceId: expect.stringMatching(/.+/u) as string } })
  expect(inCloud(world)).toEqual([expected('/d/good.txt', good)])
  await world.close()
})

test('a network that is gone fails everything headless, and nothing hangs', async () => {
  // Long enough to be told: what changes is told ten times a second.
  const world = await createWorld({ retry: { maxAttempts: 3, baseMs: 500, capMs: 500 } })
  for (let index = 0; index < 20; index++) await world.write(`d/${index}.txt`, `content ${index}`)
  await world.emulator.close()
  const transfers = await world.upload(['d'])
  expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['failed offline']))
  expect(world.statuses.some(({ blocked }) => blocked?.reason === 'offline')).toBe(true)
  await world.close()
})

test('damaged on the way: the whole file is sent again once, then it is said', async () => {
  const world = await createWorld()
  const file = await world.write('a.bin', 3 * SLICE)
  const damaged = { on: 'upload_complete', kind: 'before', code: 1, message: '文件上传失败' } as const
  world.emulator.fault(damaged)
  const [healed] = await world.upload(['a.bin'])
  expect(outcomeOf(healed)).toBe('done sliced')
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'create')).toHaveLength(2)

  await world.write('b.bin', 3 * SLICE)
  world.emulator.fault({ ...damaged, times: 10 })
  const [broken] = await world.upload(['b.bin'])
  expect(outcomeOf(broken)).toBe('failed integrity')
  await world.close()
})

test('an upload the platform has forgotten is begun anew once', async () => {
  const world = await createWorld()
  const file = await world.write('a.bin', 5 * SLICE)
  world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'before', code: 1, message: 'preuploadID不存在' })
  const [transfer] = await world.upload(['a.bin'])
  expect(outcomeOf(transfer)).toBe('done sliced')
  expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'create')).toHaveLength(2)
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  await world.close()
})

test('a folder that vanishes while files go into it is found or made again', async () => {
  const world = await createWorld()
  await world.write('d/a.txt', 'a')
  await world.upload(['d'])
  const file = await world.write('d/b.txt', 'b')
  world.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: 'parentFileID不存在' })
  const [transfer] = await world.upload(['d/b.txt'], { folders: ['d'] })
  expect(outcomeOf(transfer)).toBe('done single')
  expect(inCloud(world)).toContain(expected('/d/b.txt', file))
  await world.close()
})
