import { afterEach, describe, expect, test } from 'vitest'
import { isFinal } from '#app/transfer'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

let world: World
afterEach(() => world.close())

/** What the app does, sooner: but what waits does so for longer than it takes to be told of it. */
const PARKED = { parkMs: 250 } as const

async function open(spaceBytes: number, options: WorldOptions = {}): Promise<World> {
  world = await createWorld({ retry: PARKED, ...options, quirks: { spaceBytes, ...options.quirks } })
  return world
}

const sentTo = (...endpoints: readonly string[]) =>
  world.emulator.requests().filter(({ endpoint }) => endpoints.includes(endpoint))

const slicesSent = () =>
  sentTo('slice')
    .map(({ sliceNo = 0 }) => sliceNo)
    .toSorted((a, b) => a - b)

/** How the file stands, and for one that waits why, and what is said to be missing. */
function standing(name: string): string {
  const transfer = world.engine.queue.list().find(({ remotePath }) => remotePath === `/${name}`)
  const state = transfer?.state
  if (state?.status !== 'waiting' && state?.status !== 'failed') return outcomeOf(transfer)
  return `${state.status} ${state.failure.code} ${state.failure.detail ?? ''}`.trim()
}

const until = (name: string, how: string) => world.until(() => standing(name) === how)
const allDone = () => world.until((all) => all.every(({ state }) => isFinal(state)))

/** How often the platform has been asked how much room there is: a file that is parked asks again. */
const asked = (): number => sentTo('user_info').length

describe('a big file that does not fit', () => {
  test('waits with what is missing, not a byte of it sent, while small ones go, and goes by itself when there is room', async () => {
    await open(4 * SLICE)
    const big = await world.write('d/big.bin', 8 * SLICE)
    const small = await Promise.all(
      Array.from({ length: 20 }, (_, index) => world.write(`d/${index}.txt`, `content ${index}`)),
    )
    await world.add(['d'])
    await world.until((all) => all.filter(({ state }) => state.status === 'done').length === 20)
    await until('d/big.bin', 'waiting quota-exceeded 2 MB')
    const before = asked()
    await world.until(() => asked() > before)
    expect(sentTo('create', 'slice')).toEqual([])
    expect(world.statuses.every(({ blocked }) => blocked === undefined)).toBe(true)
    world.emulator.quirks.spaceBytes = 100 * SLICE
    await allDone()
    expect(inCloud(world)).toEqual(
      [expected('/d/big.bin', big), ...small.map((file, index) => expected(`/d/${index}.txt`, file))].sort(),
    )
    expect(slicesSent()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(world.emulator.violations()).toEqual([])
  })

  test('of two that fit one at a time the other waits until there is room for it too', async () => {
    await open(5 * SLICE)
    const both = [
      expected('/a.bin', await world.write('a.bin', 3 * SLICE)),
      expected('/b.bin', await world.write('b.bin', 3 * SLICE)),
    ]
    await world.add(['a.bin', 'b.bin'])
    // Whichever is read first.
    await world.until(
      () => ['a.bin', 'b.bin'].map(standing).sort().join() === 'done sliced,waiting quota-exceeded 1 MB',
    )
    expect(both).toEqual(expect.arrayContaining([...inCloud(world)]))
    expect(sentTo('create')).toHaveLength(1)
    expect(slicesSent()).toEqual([1, 2, 3])
    world.emulator.quirks.spaceBytes = 6 * SLICE
    await allDone()
    expect(inCloud(world)).toEqual(both)
  })

  test('is parked also after a restart', async () => {
    await open(SLICE)
    const file = await world.write('a.bin', 3 * SLICE)
    await world.add(['a.bin'])
    await until('a.bin', 'waiting quota-exceeded 1 MB')
    await world.crash()
    await until('a.bin', 'waiting quota-exceeded 1 MB')
    world.emulator.quirks.spaceBytes = 3 * SLICE
    await until('a.bin', 'done sliced')
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  })

  test('fails at once where nobody waits for room, with what is missing; the others go on', async () => {
    await open(4 * SLICE, { retry: {} })
    await world.write('big.bin', 7 * SLICE)
    await world.write('small.txt', 'small')
    await world.upload(['big.bin', 'small.txt'])
    expect([standing('big.bin'), standing('small.txt')]).toEqual([
      'failed quota-exceeded 1 MB',
      'done single',
    ])
    expect(sentTo('create', 'slice')).toEqual([])
  })
})

describe('a drive that is full', () => {
  test('of many small files none is sent to be turned away, and how much is missing is asked for few times', async () => {
    // So that none asks again before the last one waits, however busy the machine is.
    await open(100, { retry: { parkMs: 60_000 } })
    for (let no = 0; no < 60; no++) await world.write(`d/${no}.txt`, `${no} ${'x'.repeat(2000)}`)
    await world.add(['d'])
    await world.until((all) => all.every(({ state }) => state.status === 'waiting'))
    expect(standing('d/7.txt')).toBe('waiting quota-exceeded 1 MB')
    expect(sentTo('single_create')).toEqual([])
    expect(asked()).toBeLessThan(5)
  })

  test('what is there already is done, whatever its size', async () => {
    await open(8 * SLICE)
    const file = await world.write('big.bin', 6 * SLICE)
    await world.upload(['big.bin'])
    world.engine.queue.clear(world.engine.queue.list().map(({ id }) => id))
    expect((await world.upload(['big.bin'])).map(outcomeOf)).toEqual(['done present'])
    expect(inCloud(world)).toEqual([expected('/big.bin', file)])
  })

  test('what goes on after a restart keeps its room from the others', async () => {
    await open(14 * SLICE, { tuning: { concurrency: 1 } })
    await world.write('a.bin', 8 * SLICE)
    await world.write('b.bin', 8 * SLICE)
    world.emulator.fault({ on: 'slice', kind: 'delay', ms: 40, times: 99 })
    await world.add(['a.bin'])
    await world.until(([it]) => it?.state.status === 'uploading' && it.state.slicesDone >= 2)
    await world.crash()
    await world.until(([it]) => it?.state.status === 'uploading')
    await world.add(['b.bin'])
    await until('b.bin', 'waiting quota-exceeded 1 MB')
    await until('a.bin', 'done sliced')
    expect(sentTo('create')).toHaveLength(1)
  })
})

describe('a platform that says itself that it is full', () => {
  test('to a small file: it is parked, the next ones go on, and it goes when there is room', async () => {
    await open(100, { tuning: { concurrency: 1 } })
    const large = await world.write('large.txt', 200)
    const fits = await world.write('fits.txt', 50)
    await world.add(['large.txt', 'fits.txt'])
    await until('fits.txt', 'done single')
    await world.until(() => standing('large.txt').startsWith('waiting quota-exceeded'))
    expect(inCloud(world)).toEqual([expected('/fits.txt', fits)])
    world.emulator.quirks.spaceBytes = 300
    await until('large.txt', 'done single')
    expect(inCloud(world)).toContain(expected('/large.txt', large))
  })

  test('because another device took the room: what is missing is asked for anew, and said', async () => {
    await open(8 * SLICE)
    await world.write('first.bin', 2 * SLICE)
    await world.upload(['first.bin'])
    await world.emulator.seed('/theirs.bin', Buffer.alloc(4 * SLICE))
    await world.write('a.bin', 6 * SLICE)
    await world.add(['a.bin'])
    await until('a.bin', 'waiting quota-exceeded 1 MB')
    // By our own count it fitted: the platform was asked, once, and nothing was sent.
    expect(sentTo('create').filter(({ code }) => code !== 0)).toHaveLength(1)
    expect(slicesSent()).toEqual([1, 2])
  })

  test('when all of a file has arrived: not a byte of it is sent again', async () => {
    await open(4 * SLICE, { tuning: { pollMs: 1000 } })
    const file = await world.write('a.bin', 3 * SLICE)
    // Long enough for the room to be gone before it has arrived, also on a busy machine.
    world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'delay', ms: 1200 })
    await world.add(['a.bin'])
    await world.until(([it]) => it?.state.status === 'uploading' && it.state.slicesDone === 2)
    await world.emulator.seed('/theirs.bin', Buffer.alloc(2 * SLICE))
    await world.until(() => standing('a.bin').startsWith('waiting quota-exceeded'))
    world.emulator.quirks.spaceBytes = 5 * SLICE
    await until('a.bin', 'done sliced')
    expect(inCloud(world)).toContain(expected('/a.bin', file))
    expect(slicesSent()).toEqual([1, 2, 3])
  })
})

describe('how much room there is', () => {
  const info = (space: object) => JSON.stringify({ code: 0, message: 'ok', data: { uid: 7, ...space } })

  test.each([
    { name: 'is not said', space: {} },
    { name: 'is said for a part only', space: { spaceTemp: 10, spaceUsed: 0 } },
    { name: 'is nothing', space: { spaceUsed: 5, spacePermanent: 0, spaceTemp: 0 } },
    { name: 'is in words', space: { spaceUsed: '3 GB', spacePermanent: '2.5 TB', spaceTemp: -1 } },
  ])('$name: nothing waits for it', async ({ space }) => {
    await open(100 * SLICE)
    world.emulator.fault({ on: 'user_info', kind: 'before', status: 200, body: info(space), times: 99 })
    await world.write('big.bin', 3 * SLICE)
    await world.write('small.txt', 'small')
    await world.upload(['big.bin', 'small.txt'])
    expect([standing('big.bin'), standing('small.txt')]).toEqual(['done sliced', 'done single'])
  })

  test('cannot be asked any more: what fits goes, and the platform itself turns away what does not', async () => {
    await open(4 * SLICE)
    await world.write('big.bin', 8 * SLICE)
    await world.add(['big.bin'])
    await until('big.bin', 'waiting quota-exceeded 1 MB')
    world.emulator.fault({ on: 'user_info', kind: 'before', status: 500, times: 9999 })
    await world.write('fits.bin', 3 * SLICE)
    await world.write('small.txt', 'small')
    await world.add(['fits.bin', 'small.txt'])
    await until('fits.bin', 'done sliced')
    await until('small.txt', 'done single')
    // Nobody knows how much is missing.
    await until('big.bin', 'waiting quota-exceeded')
  })
})
