import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DIRECT, type ProxyRoute } from '#app/proxy'
import { isFinal } from '#app/transfer'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { behind, startHttpProxy, startSocks5Proxy, type TestProxy } from '#test/proxies'
import { quietPort } from '#test/quiet-port'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

const USER = { username: 'li', password: 'geheim' }

/** What the app does: a network that is gone is waited out. Its own next attempt is far off, so who is back sooner was called back. */
const PATIENT = { offline: 'is-waited-out', baseMs: 120_000, capMs: 120_000 } as const

async function open(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options)
  onTestFinished(() => world.close())
  return world
}

/** A world whose platform can only be reached through the proxy. */
async function openBehind(route: () => ProxyRoute, options: WorldOptions = {}): Promise<World> {
  const world = await open({ proxies: { routeFor: () => Promise.resolve(route()) }, ...options })
  world.emulator.quirks.servers = world.emulator.uploadUrls.map(behind)
  await world.restart('go-on', behind(world.emulator.url))
  return world
}

async function started(proxy: Promise<TestProxy>): Promise<TestProxy> {
  const running = await proxy
  onTestFinished(() => running.close())
  return running
}

const allDone = (world: World) =>
  world.until((all) => all.length > 0 && all.every(({ state }) => isFinal(state)))

function blockedUntil(world: World, reason: 'offline' | 'proxy'): Promise<number> {
  return world
    .until(() => world.statuses.at(-1)?.blocked?.reason === reason)
    .then(() => world.statuses.at(-1)?.blocked?.until ?? 0)
}

const slicesOf = ({ emulator }: Pick<World, 'emulator'>) =>
  emulator
    .requests()
    .filter(({ endpoint, code }) => endpoint === 'slice' && code === 0)
    .map(({ sliceNo = 0 }) => sliceNo)
    .toSorted((a, b) => a - b)

describe.each([
  { kind: 'HTTP', start: startHttpProxy },
  { kind: 'SOCKS5', start: startSocks5Proxy },
])('where only a proxy by $kind leads to the platform', ({ start }) => {
  test('every call of an upload goes through it', async () => {
    const proxy = await started(start({ credentials: USER }))
    const world = await openBehind(() => proxy.route)
    const [big, small] = [await world.write('d/big.bin', 3 * SLICE), await world.write('d/small.txt', 'x')]
    expect((await world.upload(['d'])).map(outcomeOf).sort()).toEqual(['done single', 'done sliced'])
    expect(inCloud(world)).toEqual([expected('/d/big.bin', big), expected('/d/small.txt', small)])
    expect(new Set(world.emulator.requests().map(({ endpoint }) => endpoint))).toEqual(
      new Set(['user_info', 'list', 'domain', 'single_create', 'create', 'slice', 'upload_complete']),
    )
    // The API and both upload servers, and nothing was asked for that is not behind the proxy.
    expect(new Set(proxy.asked)).toEqual(
      new Set([world.emulator.url, ...world.emulator.uploadUrls].map((url) => behind(url).slice(7))),
    )
    expect(world.emulator.violations()).toEqual([])
  })

  test('a wrong password is said, without a word of it', async () => {
    const proxy = await started(start({ credentials: USER }))
    const wrong: ProxyRoute = {
      kind: 'proxy',
      server: proxy.server,
      credentials: { ...USER, password: 'falsch' },
    }
    const world = await openBehind(() => wrong, { retry: { maxAttempts: 1 } })
    await world.write('a.txt', 'a')
    const transfers = await world.upload(['a.txt'])
    expect(transfers.map(outcomeOf)).toEqual(['failed proxy-failed'])
    expect(JSON.stringify([transfers, world.statuses])).not.toMatch(/falsch|geheim/u)
    expect(world.emulator.requests()).toEqual([])
  })

  test('a wrong password is not tried again and again, and the right one is at once', async () => {
    const proxy = await started(start({ credentials: USER }))
    let route: ProxyRoute = { kind: 'proxy', server: proxy.server }
    const world = await openBehind(() => route, { retry: { offline: 'is-waited-out' } })
    const file = await world.write('a.txt', 'a')
    const now = Date.now()
    await world.add(['a.txt'])
    expect(await blockedUntil(world, 'proxy')).toBeGreaterThanOrEqual(now + 60_000)
    route = proxy.route
    world.engine.reconnect()
    expect((await allDone(world)).map(outcomeOf)).toEqual(['done single'])
    expect(inCloud(world)).toEqual([expected('/a.txt', file)])
  })

  test('it may die and come back', async () => {
    let proxy = await start({ port: quietPort() })
    const world = await openBehind(() => proxy.route, { retry: PATIENT })
    await world.write('a.txt', 'a')
    await world.upload(['a.txt'])
    await proxy.close()
    const file = await world.write('b.bin', 3 * SLICE)
    await world.add(['b.bin'])
    const until = await blockedUntil(world, 'proxy')
    proxy = await started(start({ port: proxy.server.port }))
    const back = Date.now()
    expect((await allDone(world)).map(outcomeOf)).toEqual(['done single', 'done sliced'])
    expect(inCloud(world)).toContain(expected('/b.bin', file))
    expect(Date.now()).toBeLessThan(until)
    expect(asksOf(world.emulator)).toBe(1)
    console.info(`back ${Date.now() - back} ms after the proxy`)
  })
})

test('a proxy of the system that is switched off is done without, though nobody says so', async () => {
  const proxy = await startHttpProxy()
  let route = proxy.route
  const world = await open({ proxies: { routeFor: () => Promise.resolve(route) }, retry: PATIENT })
  await world.write('a.txt', 'a')
  await world.upload(['a.txt'])
  await proxy.close()
  const file = await world.write('b.txt', 'b')
  await world.add(['b.txt'])
  const until = await blockedUntil(world, 'proxy')
  route = DIRECT
  expect((await allDone(world)).map(outcomeOf)).toEqual(['done single', 'done single'])
  expect(Date.now()).toBeLessThan(until)
  expect(inCloud(world)).toContain(expected('/b.txt', file))
})

test('an upload server that only a proxy that is gone leads to is waited for, too', async () => {
  let proxy = await startHttpProxy({ port: quietPort() })
  const isApi = (origin: string): boolean => origin === world.emulator.url
  const world = await open({
    proxies: { routeFor: (origin) => Promise.resolve(isApi(origin) ? DIRECT : proxy.route) },
    retry: PATIENT,
  })
  await proxy.close()
  const file = await world.write('a.bin', 3 * SLICE)
  await world.add(['a.bin'])
  const until = await blockedUntil(world, 'proxy')
  proxy = await started(startHttpProxy({ port: proxy.server.port }))
  expect((await allDone(world)).map(outcomeOf)).toEqual(['done sliced'])
  expect(Date.now()).toBeLessThan(until)
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
})

/** How often it was asked whether it is there. */
function asksOf(emulator: Emulator): number {
  return emulator.requests().filter(({ endpoint }) => endpoint === 'unknown').length
}

test('a platform that was gone is noticed when it is back, and everything goes on', async () => {
  const store = await mkdtemp(join(tmpdir(), 'pan123-store-'))
  onTestFinished(() => rm(store, { recursive: true, force: true }))
  const world = await open({ retry: PATIENT, store })
  const { url, token } = world.emulator
  const big = await world.write('big.bin', 12 * SLICE)
  world.emulator.fault({ on: 'slice', sliceNo: 5, kind: 'hang' })
  await world.add(['big.bin'])
  await world.until(([transfer]) => transfer?.state.status === 'uploading' && transfer.state.slicesDone >= 4)
  await world.emulator.close()
  // What broke off is tried again, as by somebody who does not want to wait two minutes for it.
  const [id] = world.engine.queue.list().map((transfer) => transfer.id)
  await world.until(([transfer]) => transfer?.state.status === 'waiting')
  if (id) world.engine.queue.retry([id])
  const small = await world.write('small.txt', 'small')
  await world.add(['small.txt'])
  const until = await blockedUntil(world, 'offline')
  const sentBefore = slicesOf(world)
  const emulator = await startEmulator({
    store,
    token,
    port: Number(new URL(url).port),
    quirks: { sliceSize: SLICE },
  })
  onTestFinished(() => emulator.close())
  const back = Date.now()
  expect((await allDone(world)).map(outcomeOf)).toEqual(['done sliced', 'done single'])
  console.info(`back ${Date.now() - back} ms after the platform`)
  expect(inCloud({ emulator })).toEqual([expected('/big.bin', big), expected('/small.txt', small)])
  expect(Date.now()).toBeLessThan(until)
  expect(asksOf(emulator)).toBe(1)
  expect([...sentBefore, ...slicesOf({ emulator })].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  )
})

test('a network that goes without a word is noticed, and everything goes on when it is back', async () => {
  const proxy = await started(startHttpProxy())
  const world = await openBehind(() => proxy.route, { tuning: { stallMs: 600_000 }, retry: PATIENT })
  const file = await world.write('a.bin', 24 * SLICE)
  await world.add(['a.bin'])
  await world.until(([transfer]) => transfer?.state.status === 'uploading' && transfer.state.slicesDone >= 6)
  proxy.swallow(true)
  const gone = Date.now()
  const until = await blockedUntil(world, 'offline')
  console.info(`noticed after ${Date.now() - gone} ms`)
  expect(world.engine.queue.list().map(({ state }) => state.status)).toEqual(['queued'])
  proxy.swallow(false)
  const back = Date.now()
  expect((await allDone(world)).map(outcomeOf)).toEqual(['done sliced'])
  console.info(`back ${Date.now() - back} ms after the network`)
  expect(Date.now()).toBeLessThan(until)
  expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  expect(slicesOf(world).length).toBeLessThanOrEqual(24 + 3)
})

describe('when the machine wakes', () => {
  /** Whoever waited for that would fail the test by its own time. */
  const NEVER = { stallMs: 600_000 }

  test('connections that are dead are given up at once, and what has arrived is not sent anew', async () => {
    const proxy = await started(startHttpProxy())
    const world = await openBehind(() => proxy.route, { tuning: NEVER })
    const file = await world.write('a.bin', 24 * SLICE)
    await world.add(['a.bin'])
    await world.until(
      ([transfer]) => transfer?.state.status === 'uploading' && transfer.state.slicesDone >= 6,
    )
    proxy.freeze()
    const arrived = slicesOf(world)
    expect(arrived.length).toBeLessThan(24)
    world.engine.reconnect()
    expect((await allDone(world)).map(outcomeOf)).toEqual(['done sliced'])
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
    const sent = slicesOf(world)
    expect(new Set(sent).size).toBe(24)
    // Those whose answer was under way when all went dead may have come twice.
    expect(sent.length).toBeLessThanOrEqual(24 + 3)
    // It was nobody's failure.
    expect(world.statuses.every(({ blocked }) => blocked === undefined)).toBe(true)
  })

  test('a slice that hangs is sent anew, and it alone', async () => {
    const world = await open({ tuning: NEVER })
    const file = await world.write('a.bin', 12 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'hang' })
    await world.add(['a.bin'])
    await world.until(
      ([transfer]) =>
        world.emulator.waitingFaults() === 0 &&
        transfer?.state.status === 'uploading' &&
        transfer.state.slicesDone === 11,
    )
    world.engine.reconnect()
    expect((await allDone(world)).map(outcomeOf)).toEqual(['done sliced'])
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
    expect(slicesOf(world)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    const asked = world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice')
    expect(asked).toHaveLength(13)
  })

  test('a call whose answer does not come is made anew', async () => {
    const proxy = await started(startHttpProxy())
    const world = await openBehind(() => proxy.route, { tuning: NEVER })
    await world.write('a.txt', 'a')
    await world.upload(['a.txt'])
    proxy.freeze()
    const file = await world.write('b.bin', 3 * SLICE)
    await world.add(['b.bin'], { folders: ['新'] })
    await world.until((all) => all.at(-1)?.state.status === 'creating')
    world.engine.reconnect()
    expect((await allDone(world)).map(outcomeOf)).toEqual(['done single', 'done sliced'])
    expect(inCloud(world)).toContain(expected('/新/b.bin', file))
  })
})

test('another proxy is used from the moment it is set', async () => {
  const [first, second] = [await started(startHttpProxy()), await started(startSocks5Proxy())]
  let route = first.route
  const world = await openBehind(() => route)
  await world.write('a.txt', 'a')
  await world.upload(['a.txt'])
  expect(second.asked).toEqual([])
  route = second.route
  world.engine.reconnect()
  const before = first.asked.length
  await world.write('b.bin', 3 * SLICE)
  expect((await world.upload(['b.bin'])).map(outcomeOf)).toEqual(['done sliced'])
  expect(first.asked).toHaveLength(before)
  expect(second.asked.length).toBeGreaterThan(0)
})
