import { writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { isFinal, type Transfer } from '#app/transfer'
import type { Endpoint } from '#emulator/types'
import {
  createWorld,
  expected,
  inCloud,
  outcomeOf,
  POLICIES,
  SLICE,
  type World,
  type WorldOptions,
} from '#test/world'

/** What is in the cloud already, and what an attempt without an answer may have left there. */
let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<void> {
  world = await createWorld(options)
}

async function toTheEnd(): Promise<readonly Transfer[]> {
  return world.until((transfers) => transfers.every(({ state }) => isFinal(state)))
}

const arrivals = () => world.emulator.files().filter(({ trashed }) => !trashed)
const requestsOf = (endpoint: Endpoint) =>
  world.emulator.requests().filter((request) => request.endpoint === endpoint)

/** Resolves when the platform has had so many requests of a kind, answered or not. */
async function until(endpoint: Endpoint, count: number): Promise<void> {
  await world.until(() => requestsOf(endpoint).length >= count)
}

describe('a file of the same content under a similar name', () => {
  test.each([
    { name: 'an attempt that failed before anything was sent', on: 'list', times: 1 },
    { name: 'an attempt that failed in asking for the upload servers', on: 'domain', times: 1 },
    { name: 'an attempt of which nothing came', on: 'single_create', times: 1 },
  ] as const)('is not taken for ours after $name', async ({ on, times }) => {
    await open()
    await world.emulator.seed('/apple.txt', Buffer.from('the same content'))
    const file = await world.write('a.txt', 'the same content')
    world.emulator.fault({ on, kind: 'before', status: 500, body: '', times })
    const [transfer] = await world.upload(['a.txt'], { onDuplicate: 'keep-both' })
    expect(outcomeOf(transfer)).toMatch(/^done/u)
    expect(inCloud(world)).toEqual([expected('/a.txt', file), expected('/apple.txt', file)])
  })

  test('is not taken for ours when the file becomes that content between two attempts', async () => {
    await open({ retry: { baseMs: 300, capMs: 300 } })
    await world.emulator.seed('/a(1).txt', Buffer.from('what it is to be'))
    await world.emulator.seed('/a.txt', Buffer.from('another file'))
    await world.write('a.txt', 'what it is at first')
    world.emulator.fault({ on: 'single_create', kind: 'before', status: 500, body: '' })
    await world.add(['a.txt'], { onDuplicate: 'keep-both' })
    await world.until((all) => all.some(({ state }) => state.status === 'waiting'))
    await writeFile(`${world.folder}/a.txt`, 'what it is to be')
    expect((await toTheEnd()).map(outcomeOf)).toEqual(['done single'])
    expect(
      arrivals()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/a(1).txt', '/a(2).txt', '/a.txt'])
  })

  test.each(['ab.txt', 'a_2.txt', 'a(1).txt'])(
    'of another file of ours, %s, is not taken for this one after a restart',
    async (name) => {
      await open({ tuning: { concurrency: 2 } })
      const a = await world.write('a.txt', 'the same content')
      const other = await world.write(name, 'the same content')
      world.emulator.fault({ on: 'single_create', kind: 'hang' })
      await world.add(['a.txt'], { onDuplicate: 'keep-both' })
      await world.until((all) => all.some(({ state }) => state.status === 'uploading'))
      const { ids } = await world.add([name], { onDuplicate: 'keep-both' })
      await world.until((all) => all.some(({ id, state }) => ids.includes(id) && state.status === 'done'))
      // Off the list it is ours no less.
      world.engine.queue.clear(ids)
      await world.crash()
      expect((await toTheEnd()).map(outcomeOf)).toEqual(['done single'])
      expect(inCloud(world)).toEqual([expected('/a.txt', a), expected(`/${name}`, other)].sort())
    },
  )
})

test('overwriting replaces no file that the same batch put there before a restart', async () => {
  await open({ tuning: { concurrency: 1 } })
  const one = await world.write('one/x.txt', 'first file')
  await world.write('two/x.txt', 'another file')
  world.emulator.fault({ on: 'single_create', kind: 'hang', skip: 1 })
  await world.add(['one/x.txt', 'two/x.txt'], { onDuplicate: 'overwrite' })
  await world.until((all) => all.some(({ state }) => state.status === 'done'))
  await world.crash()
  expect((await toTheEnd()).map(outcomeOf).sort()).toEqual(['done single', 'failed name-taken'])
  expect(inCloud(world)).toEqual([expected('/x.txt', one)])
})

/** The call whose answer is lost, and the size of a file for which it is made. */
const CALLS = [
  { on: 'single_create', size: 5000, method: 'single' },
  { on: 'create', size: 3 * SLICE, method: 'sliced' },
  { on: 'slice', size: 3 * SLICE, method: 'sliced' },
  { on: 'upload_complete', size: 3 * SLICE, method: 'sliced' },
] as const

describe.each(POLICIES)('%s: an answer that never comes', (onDuplicate) => {
  test.each(CALLS)(
    'to $on, and then the process is gone: the file is there once, and nothing was sent in vain',
    async ({ on, size, method }) => {
      await open({ tuning: { concurrency: 1, stallMs: 60_000 } })
      const file = await world.write('夹/文件.bin', size)
      // Applied, and the answer is held back until nobody waits for it any more.
      world.emulator.fault({ on, kind: 'lost-answer' })
      const answers = world.emulator.requests().length
      await world.add(['夹'], { onDuplicate })
      await world.until(() =>
        world.emulator
          .requests()
          .slice(answers)
          .some((it) => it.endpoint === on && it.status === 0),
      )
      await world.crash()
      expect((await toTheEnd()).map(outcomeOf)).toEqual([`done ${method}`])
      expect(inCloud(world)).toEqual([expected('/夹/文件.bin', file)])
      expect(world.emulator.folders()).toEqual(['/夹'])
      expect(requestsOf('single_create').length).toBeLessThanOrEqual(1)
      expect(requestsOf('slice').length).toBeLessThanOrEqual(on === 'slice' ? 4 : 3)
      expect(world.emulator.violations()).toEqual([])
    },
  )

  test('to create, for content the platform knows already, and then the process is gone: it is there once', async () => {
    await open()
    const file = await world.write('a.bin', 3 * SLICE)
    await world.upload(['a.bin'], { folders: ['before'] })
    world.emulator.fault({ on: 'create', kind: 'lost-answer' })
    await world.add(['a.bin'], { onDuplicate })
    await until('create', 2)
    await world.crash()
    const outcomes = (await toTheEnd()).map(outcomeOf)
    expect(outcomes).toEqual(['done sliced', 'done instant'])
    expect(inCloud(world)).toEqual([expected('/a.bin', file), expected('/before/a.bin', file)])
  })

  test('while the name is taken by other content: done as was wanted, once', async () => {
    await open()
    await world.emulator.seed('/a.txt', Buffer.from('older'))
    const file = await world.write('a.txt', 'newer')
    world.emulator.fault({ on: 'single_create', kind: 'lost-answer' })
    await world.add(['a.txt'], { onDuplicate })
    if (onDuplicate === 'keep-both' || onDuplicate === 'overwrite') {
      await until('single_create', 1)
      await world.crash()
    }
    const [transfer] = await toTheEnd()
    const there = arrivals().map(({ path, md5 }) => `${path} ${md5 === file.md5 ? 'newer' : 'older'}`)
    switch (onDuplicate) {
      case 'keep-both':
        expect(there).toEqual(['/a.txt older', '/a(1).txt newer'])
        break
      case 'overwrite':
        expect(there).toEqual(['/a.txt newer'])
        break
      default:
        expect(there).toEqual(['/a.txt older'])
    }
    expect(outcomeOf(transfer)).toBe(
      {
        fail: 'failed name-taken',
        skip: 'skipped name-taken',
        'keep-both': 'done single',
        overwrite: 'done single',
      }[onDuplicate],
    )
    expect(requestsOf('single_create').length).toBeLessThanOrEqual(1)
  })
})

describe('two files there could be the one that was sent', () => {
  async function twoCandidates(): Promise<Transfer | undefined> {
    await open()
    await world.emulator.seed('/a.txt', Buffer.from('older'))
    await world.write('a.txt', 'newer')
    world.emulator.fault({ on: 'single_create', kind: 'hang' })
    await world.add(['a.txt'], { onDuplicate: 'keep-both' })
    await world.until((all) => all.some(({ state }) => state.status === 'uploading'))
    // Somebody else does the same, from two other devices.
    await world.emulator.seed('/a(1).txt', Buffer.from('newer'))
    await world.emulator.seed('/a(2).txt', Buffer.from('newer'))
    await world.crash()
    return (await toTheEnd())[0]
  }

  test('a person has to look: nothing is sent, and nothing is said to be done', async () => {
    const transfer = await twoCandidates()
    expect(transfer?.state).toMatchObject({
      status: 'failed',
      failure: { code: 'ambiguous', detail: 'a.txt' },
    })
    expect(arrivals()).toHaveLength(3)
    expect(requestsOf('single_create')).toHaveLength(1)
  })

  test('after another restart that is said still; asked for again, it is sent', async () => {
    const transfer = await twoCandidates()
    await world.restart()
    expect(world.engine.queue.list().map(outcomeOf)).toEqual(['failed ambiguous'])
    if (transfer) world.engine.queue.retry([transfer.id])
    expect((await toTheEnd()).map(outcomeOf)).toEqual(['done single'])
    expect(
      arrivals()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/a(1).txt', '/a(2).txt', '/a(3).txt', '/a.txt'])
  })
})

test('a folder that was being made when the process ended is not made twice', async () => {
  let arrived = false
  await open({
    quirks: { folderGapMs: 100 },
    tuning: { pollMs: 1000 },
    onBodyBytes: () => {
      arrived = true
      world.look()
    },
  })
  const files = await Promise.all(
    ['x', 'y', 'z'].map(async (name) => expected(`/d/e/${name}`, await world.write(`d/e/${name}`, name))),
  )
  await world.add(['d'])
  // The body is there, the folders are in the making.
  await world.until(() => arrived)
  await world.crash()
  await toTheEnd()
  expect(inCloud(world)).toEqual(files.sort())
  expect(world.emulator.folders()).toEqual(['/d', '/d/e'])
})
