import { afterEach, describe, expect, test, vi } from 'vitest'
import { NO_UP_LIMIT } from '#app/bandwidth'
import { Arrivals } from '#test/arrivals'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

/** Rates are measured where the bytes arrive and compared with the limit. Some last long: that is what a limit does. */
let world: World
let arrivals: Arrivals
afterEach(() => world.close())

const KB = 1000
const MB = 1_000_000

async function open(options: WorldOptions): Promise<void> {
  arrivals = new Arrivals()
  world = await createWorld({ ...options, onBodyBytes: arrivals.hear })
}

function limitTo(bytesPerSecond: number | undefined): void {
  world.engine.setUpLimit({ ...NO_UP_LIMIT, bytesPerSecond })
}

// 12 s.
test('over ten seconds, big and small files together get the limit, within 5 %, and arrive whole', async () => {
  const limit = 2 * MB
  await open({ tuning: { upBytesPerSecond: limit }, quirks: { sliceSize: 1024 ** 2 } })
  const written = await Promise.all([
    world.write('d/a.bin', 13 * MB),
    world.write('d/b.bin', 9 * MB),
    ...Array.from({ length: 20 }, (_, index) => world.write(`d/${index}.bin`, 60 * KB)),
  ])
  const transfers = await world.upload(['d'])
  expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done sliced', 'done single']))
  const paths = written.map((file) => expected(file.path.slice(world.folder.length), file))
  expect(inCloud(world)).toEqual(paths.sort())
  // A machine that is busy with something else can make a stretch slower, and none can be too fast.
  const fastest = Math.max(...arrivals.ratesOver(10_000)) / limit
  expect(fastest).toBeLessThan(1.05)
  expect(fastest).toBeGreaterThan(0.95)
})

// 8 s.
test('another limit holds within a second, for what is on the wire too; so does none, and one after none', async () => {
  await open({ quirks: { sliceSize: 4 * 1024 ** 2 } })
  await world.write('a.bin', 60 * MB)
  await world.add(['a.bin'])
  await arrivals.reached(2 * MB)
  for (const limit of [1 * MB, 4 * MB, 1 * MB]) {
    limitTo(limit)
    const changedAt = performance.now()
    await arrivals.past(changedAt + 2500)
    const ratio = arrivals.rateBetween(changedAt + 1000, arrivals.lastAt) / limit
    // A stretch this short holds some twenty pieces a second: one more or less shows.
    expect(ratio).toBeGreaterThan(0.85)
    expect(ratio).toBeLessThan(1.15)
  }
  limitTo(undefined)
  const changedAt = performance.now()
  await arrivals.reached(arrivals.total + 15 * MB)
  expect(arrivals.rateBetween(changedAt, arrivals.lastAt)).toBeGreaterThan(8 * MB)
})

// 9 s.
test('a limit too low for a slice stretches no request past the bound, and holds over several all the same', async () => {
  const limit = 100 * KB
  const stretchMs = 1000
  await open({
    tuning: { upBytesPerSecond: limit, stretchMs },
    // At the limit a slice would take 2.6 s.
    quirks: { bodyTimeoutMs: 2000 },
  })
  const file = await world.write('a.bin', 4 * SLICE)
  const [transfer] = await world.upload(['a.bin'])
  expect(outcomeOf(transfer)).toBe('done sliced')
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  const { requests } = arrivals
  expect(requests).toHaveLength(4)
  // Half a second for a busy machine: still a second less than the limit alone would take.
  for (const { first, last } of requests) expect(last - first).toBeLessThan(stretchMs + 500)
  const [begun, last] = [requests.at(0)?.first ?? NaN, requests.at(-1)?.first ?? NaN]
  const ratio = (3 * SLICE * 1000) / (last - begun) / limit
  expect(ratio).toBeGreaterThan(0.95)
  expect(ratio).toBeLessThan(1.05)
})

// 5 s.
test('waiting for the limit is no stall', async () => {
  await open({ tuning: { upBytesPerSecond: 4 * KB, stallMs: 400 } })
  const [a, b] = [await world.write('a', 9 * KB), await world.write('b', 9 * KB)]
  const transfers = await world.upload(['a', 'b'])
  expect(transfers.map(outcomeOf)).toEqual(['done single', 'done single'])
  expect(inCloud(world)).toEqual([expected('/a', a), expected('/b', b)])
  expect(arrivals.requests).toHaveLength(2)
})

describe('cancelled while the limit holds it back, an upload ends within a second', () => {
  const ended = (): Promise<unknown> =>
    vi.waitFor(
      () => {
        expect(world.engine.queue.status().running).toBe(0)
      },
      { timeout: 1000, interval: 20 },
    )

  test('in the middle of its body', async () => {
    await open({ tuning: { upBytesPerSecond: 2 * KB } })
    await world.write('a.bin', 60 * KB)
    const { ids } = await world.add(['a.bin'])
    await arrivals.reached(1 * KB)
    const cancelledAt = performance.now()
    world.engine.queue.cancel(ids)
    await ended()
    await vi.waitFor(() => {
      expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'single_create')).toHaveLength(1)
    })
    expect(arrivals.lastAt - cancelledAt).toBeLessThan(1000)
    expect(arrivals.total).toBeLessThan(20 * KB)
  })

  test('before it began, waiting for what is owed', async () => {
    await open({ tuning: { upBytesPerSecond: 20 * KB, stretchMs: 200 } })
    await world.write('a.bin', 2 * SLICE)
    const { ids } = await world.add(['a.bin'])
    await arrivals.reached(SLICE)
    await world.until(
      ([transfer]) => transfer?.state.status === 'uploading' && transfer.state.slicesDone === 1,
    )
    world.engine.queue.cancel(ids)
    await ended()
    expect(arrivals.requests).toHaveLength(1)
  })
})
