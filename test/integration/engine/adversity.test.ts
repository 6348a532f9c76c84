import { truncate, utimes } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { isFinal, type Transfer } from '#app/transfer'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

/** Found by trying to break it; each was wrong once. */
let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

const idsOf = (transfers: readonly Transfer[]) => transfers.map(({ id }) => id)

describe('whose file is it', () => {
  test('keeping both: a.txt is not taken for ab.txt of the same content after a failure', async () => {
    await open({ tuning: { concurrency: 2 } })
    const a = await world.write('d/a.txt', 'same content')
    const ab = await world.write('d/ab.txt', 'same content')
    world.emulator.fault({ on: 'single_create', kind: 'hang' })
    const transfers = await world.upload(['d/a.txt', 'd/ab.txt'], { onDuplicate: 'keep-both' })
    expect(transfers.map(outcomeOf)).toEqual(['done single', 'done single'])
    expect(inCloud(world)).toEqual([expected('/a.txt', a), expected('/ab.txt', ab)])
  })

  test('overwriting does not replace what the same batch has just put there', async () => {
    await open({ tuning: { concurrency: 1 } })
    const one = await world.write('one/x.txt', 'first file')
    await world.write('two/x.txt', 'another file')
    const transfers = await world.upload(['one/x.txt', 'two/x.txt'], { onDuplicate: 'overwrite' })
    expect(transfers.map(outcomeOf).sort()).toEqual(['done single', 'failed name-taken'])
    expect(inCloud(world)).toEqual([expected('/x.txt', one)])
  })

  test('overwriting failed, retried as keep-both: the older file stays', async () => {
    await open({ tuning: { concurrency: 1 }, retry: { maxAttempts: 1 } })
    await world.emulator.seed('/a.bin', Buffer.from('older'))
    const file = await world.write('a.bin', 3 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'before', status: 500, body: '' })
    const failed = await world.upload(['a.bin'], { onDuplicate: 'overwrite' })
    expect(failed.map(outcomeOf)).toEqual(['failed server'])
    world.engine.queue.retry(idsOf(failed), 'keep-both')
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    const sizes = world.emulator
      .files()
      .filter(({ trashed }) => !trashed)
      .map(({ size }) => size)
    expect(sizes.sort((a, b) => a - b)).toEqual([5, file.size])
  })

  test('the name was taken while the slices went: retried as overwrite it arrives', async () => {
    await open({ tuning: { concurrency: 1 }, retry: { maxAttempts: 1 } })
    const file = await world.write('a.bin', 3 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'delay', ms: 300 })
    const done = world.upload(['a.bin'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' && state.slicesDone === 2),
    )
    await world.emulator.seed('/a.bin', Buffer.from('from another device'))
    const taken = await done
    expect(taken.map(outcomeOf)).toEqual(['failed name-taken'])
    world.engine.queue.retry(idsOf(taken), 'overwrite')
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  })

  test('another account: what the first one had is not taken for there', async () => {
    await open()
    const file = await world.write('a.txt', 'the content')
    world.emulator.fault({ on: 'list', skip: 1, kind: 'delay', ms: 50 })
    await world.emulator.seed('/a.txt', Buffer.from('the content'))
    expect((await world.upload(['a.txt'])).map(outcomeOf)).toEqual(['done present'])
    const listings = (): number =>
      world.emulator.requests().filter(({ endpoint }) => endpoint === 'list').length
    const before = listings()
    world.engine.forgetAccount()
    await world.upload(['a.txt'])
    expect(listings()).toBe(before + 1)
    expect(inCloud(world)).toEqual([expected('/a.txt', file)])
  })
})

describe('what the platform says', () => {
  test('does not go on as long as it came, and never with the token', async () => {
    await open()
    await world.write('a.txt', 'x')
    const message = `Bearer ${world.emulator.token} ${'坏'.repeat(1_000_000)}`
    world.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message })
    const transfers = await world.upload(['a.txt'])
    expect(transfers.map(outcomeOf)).toEqual(['failed refused'])
    expect(JSON.stringify(transfers).length).toBeLessThan(5000)
    expect(JSON.stringify(transfers)).not.toContain(world.emulator.token)
  })

  test('a slice size nobody means is refused before a slice goes', async () => {
    await open({ quirks: { sliceSize: 1 }, retry: { maxAttempts: 1 } })
    await world.write('a.bin', 1024 ** 2)
    expect((await world.upload(['a.bin'])).map(outcomeOf)).toEqual(['failed malformed-answer'])
    expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice')).toEqual([])
  })
})

describe('one of two upload servers is down', () => {
  async function withDeadServer(): Promise<void> {
    await open()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise((resolve) => server.close(resolve))
    world.emulator.quirks.servers = [`http://127.0.0.1:${port}`, ...world.emulator.uploadUrls.slice(0, 1)]
  }

  test('small files: nobody calls that offline, and few find it out anew', async () => {
    await withDeadServer()
    for (let index = 0; index < 30; index++) await world.write(`d/${index}.txt`, `content ${index}`)
    const transfers = await world.upload(['d'])
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done single']))
    expect(world.statuses.some(({ blocked }) => blocked?.reason === 'offline')).toBe(false)
  })

  test('slices go to the other one', async () => {
    await withDeadServer()
    const file = await world.write('a.bin', 20 * SLICE)
    expect((await world.upload(['a.bin'])).map(outcomeOf)).toEqual(['done sliced'])
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  })
})

test('odd names arrive as they are', async () => {
  await open()
  const names = [
    '😀.txt',
    'e\u0301.txt',
    '\u00e9.txt',
    '\u202eabc.txt',
    'trail. ',
    'trail.',
    ' lead',
    '漢'.repeat(80),
  ]
  names.push(
    'a\u2028b',
    'a\tb',
    "a'b",
    'a%20b',
    'a&b=c',
    '#',
    '..x',
    '...',
    '-rf',
    '😀'.repeat(60),
    'İ',
    'CON',
    '\u200b',
  )
  const want = await Promise.all(
    names.map(async (name, index) =>
      expected(`/d/${name}`, await world.write(`d/${name}`, `content ${index}`)),
    ),
  )
  const transfers = await world.upload(['d'])
  expect(transfers.filter(({ state }) => state.status !== 'done')).toEqual([])
  expect(inCloud(world)).toEqual(want.sort())
  expect(world.emulator.violations()).toEqual([])
})

test('a folder dropped twice, with a file and a deep folder of it beside: each once, no folder twice', async () => {
  await open()
  const deep = `d/${Array.from({ length: 40 }, (_, index) => `n${index}`).join('/')}`
  const x = await world.write(`${deep}/x.txt`, 'deep')
  const y = await world.write('d/y.txt', 'y')
  const report = await world.add(['d', 'd', 'd/y.txt', deep])
  await world.until((all) => all.every(({ state }) => isFinal(state)))
  const want = [
    expected(`/${deep}/x.txt`, x),
    expected('/d/y.txt', y),
    expected('/n39/x.txt', x),
    expected('/y.txt', y),
  ]
  expect(inCloud(world)).toEqual(want.sort())
  const folders = world.emulator.folders()
  expect(new Set(folders).size).toBe(folders.length)
  expect(report.added).toBe(4)
})

test('dates of 1970 and 2100, a sparse file and an empty one', async () => {
  await open()
  const old = await world.write('d/a.txt', 'a')
  const future = await world.write('d/b.txt', 'bb')
  await utimes(old.path, 0, 0)
  await utimes(future.path, 4_102_444_800, 4_102_444_800)
  await world.write('d/sparse.bin', '')
  await truncate(join(world.folder, 'd/sparse.bin'), 5 * 1024 ** 2)
  await world.write('d/zero', '')
  expect(new Set((await world.upload(['d'])).map(({ state }) => state.status))).toEqual(new Set(['done']))
  expect(world.emulator.files()).toHaveLength(4)
})

test('transfer threads that keep dying: every file arrives all the same', async () => {
  await open({ retry: { maxAttempts: 50 } })
  const files = await Promise.all(
    Array.from({ length: 6 }, async (_, index) =>
      expected(`/d/${index}.bin`, await world.write(`d/${index}.bin`, 6 * SLICE)),
    ),
  )
  world.emulator.fault({ on: 'slice', kind: 'delay', ms: 60, times: 30 })
  const done = world.upload(['d'])
  for (let kills = 1; kills <= 6; kills++) {
    const slicesBefore = kills * 2
    await world.until(
      () => world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice').length >= slicesBefore,
    )
    await world.killThreads()
  }
  expect(new Set((await done).map(outcomeOf))).toEqual(new Set(['done sliced']))
  expect(inCloud(world)).toEqual(files.sort())
  expect(world.emulator.violations()).toEqual([])
})
