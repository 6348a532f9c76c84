import { afterEach, describe, expect, test, vi } from 'vitest'
import { isFinal, isRunning } from '#app/transfer'
import { createAccountWorld, type AccountWorld } from '#test/account-world'
import { expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

let here: AccountWorld
let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<void> {
  here = await createAccountWorld(options)
  world = here.world
}

const allDone = () => world.until((all) => all.length > 0 && all.every(({ state }) => isFinal(state)))
const sentTo = (...endpoints: readonly string[]) =>
  world.emulator.requests().filter(({ endpoint }) => endpoints.includes(endpoint))
/** Nothing runs any more, and it says why. */
const isSignedOut = () =>
  world.until((all) => {
    const { blocked, running } = world.engine.queue.status()
    return blocked?.reason === 'signed-out' && running === 0 && all.every(({ state }) => !isRunning(state))
  })
const slicesAcknowledged = () =>
  sentTo('slice')
    .filter(({ code }) => code === 0)
    .map(({ sliceNo = 0 }) => sliceNo)
    .toSorted((a, b) => a - b)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Whoever has more than three live tokens meets this. */
const kickedOut = () => world.emulator.requests().filter(({ status, code }) => status === 200 && code === 401)

/** The token that is in use is no good any more; it had been good for a while. */
async function refuse(): Promise<void> {
  here.letPass(2 * 60_000)
  world.emulator.revoke(await here.session.current())
}

/** And there is no other one for this client. */
async function refuseForGood(): Promise<void> {
  world.emulator.fault({
    on: 'access_token',
    kind: 'before',
    code: 1,
    message: 'clientID或clientSecret错误',
  })
  await refuse()
}

describe('a token that ends', () => {
  test('many times while a queue goes up: every file arrives, and a new one is asked for once each time', async () => {
    const lifetimeMs = 320
    await open({ quirks: { tokenLifetimeMs: lifetimeMs } })
    const big = await world.write('d/big.bin', 6 * SLICE)
    const small = await Promise.all(upTo(60).map((no) => world.write(`d/${no}.txt`, `content ${no}`)))
    world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 40, times: 999 })
    world.emulator.fault({ on: 'slice', kind: 'delay', ms: 120, times: 999 })
    const transfers = await world.upload(['d'])
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done single', 'done sliced']))
    expect(inCloud(world)).toEqual(
      [
        expected('/d/big.bin', big),
        ...small.map((file, index) => expected(`/d/${index + 1}.txt`, file)),
      ].sort(),
    )
    const times = here.issued
    expect(times.length).toBeGreaterThan(3)
    expect(here.mostAtOnce()).toBe(1)
    // None while a good one was held: each had come to its last quarter.
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(lifetimeMs * 0.7)
    expect(kickedOut()).toEqual([])
    expect(slicesAcknowledged()).toEqual(upTo(6))
  })

  test('in the middle of slices, for all threads: one renewal, and no slice is sent twice', async () => {
    await open()
    const file = await world.write('big.bin', 24 * SLICE)
    world.emulator.fault({ on: 'slice', kind: 'delay', ms: 20, times: 999 })
    await world.add(['big.bin'])
    await world.until(([it]) => it?.state.status === 'uploading' && it.state.slicesDone >= 3)
    await refuse()
    expect((await allDone()).map(outcomeOf)).toEqual(['done sliced'])
    expect(here.issued).toHaveLength(2)
    expect(sentTo('slice').filter(({ code }) => code === 401).length).toBeGreaterThan(1)
    expect(slicesAcknowledged()).toEqual(upTo(24))
    expect(inCloud(world)).toEqual([expected('/big.bin', file)])
  })
})

/** A big file of which some slices have arrived and a small one, when the account is gone for good. */
async function cutOff() {
  // One at a time: no answer is under way when all of it is broken off.
  await open({ tuning: { concurrency: 1 } })
  const big = await world.write('big.bin', 12 * SLICE)
  const small = await world.write('small.txt', 'small')
  world.emulator.fault({ on: 'slice', kind: 'delay', ms: 50, times: 999 })
  await world.add(['big.bin'])
  await world.until(([it]) => it?.state.status === 'uploading' && it.state.slicesDone >= 3)
  await refuseForGood()
  await isSignedOut()
  await world.add(['small.txt'])
  return { big, small }
}

/** Calls about files that the platform let in, from then on. */
/** Later than that: what came in the very millisecond came before. */
const fileCalls = (since = 0): number =>
  sentTo('create', 'slice', 'single_create').filter(({ at, authorized }) => authorized && at > since).length

describe('a token that is refused for good', () => {
  test('stops all and keeps the queue, also over a restart; after signing in only what is missing goes', async () => {
    const { big, small } = await cutOff()
    const arrived = slicesAcknowledged()
    expect(here.session.session).toMatchObject({
      status: 'signed-out',
      reason: { code: 'credentials-refused' },
    })
    await world.crash()
    await isSignedOut()
    const before = fileCalls()
    const kept = world.engine.queue.list()
    expect(kept).toMatchObject([{ state: { status: 'queued' } }, { state: { status: 'queued' } }])
    expect(kept[0]?.keptBytes).toBe(arrived.length * SLICE)
    await here.session.signIn(here.client, 'session-only')
    expect((await allDone()).map(outcomeOf)).toEqual(['done sliced', 'done single'])
    expect(inCloud(world)).toEqual([expected('/big.bin', big), expected('/small.txt', small)])
    expect(slicesAcknowledged()).toEqual(upTo(12))
    expect(sentTo('create')).toHaveLength(1)
    expect(fileCalls() - before).toBe(12 - arrived.length + 1)
  })

  test('and somebody else signs in: not a byte of the first one’s files goes into the other drive', async () => {
    await cutOff()
    const before = fileCalls()
    await signInAsSomebodyElse()
    const [big, added] = await allDone()
    expect(outcomeOf(big)).toBe('failed other-account')
    // Added while nobody was signed in: it is for whoever signs in next.
    expect(outcomeOf(added)).toBe('done single')
    expect(fileCalls() - before).toBe(1)
  })
})

/** By another token, to which the platform gives another name. */
async function signInAsSomebodyElse(): Promise<void> {
  const body = JSON.stringify({ code: 0, message: 'ok', data: { uid: 2 } })
  world.emulator.fault({ on: 'user_info', kind: 'before', status: 200, body, times: 9999 })
  await here.session.signIn({ kind: 'token', token: world.emulator.token }, 'session-only')
}

/** For things of which nobody is told; far more than they take. */
const IN_TIME = { timeout: 20_000, interval: 5 }

/** Every fault has met the request it was for. */
const allStruck = () =>
  vi.waitFor(() => {
    expect(world.emulator.waitingFaults()).toBe(0)
  }, IN_TIME)

describe('somebody signs out, and somebody else in', () => {
  test.each([
    { name: 'a folder is being listed', on: 'list', size: 3 * SLICE },
    { name: 'a small file waits for its server', on: 'domain', size: 100 },
    { name: 'a small file is being sent', on: 'single_create', size: 100 },
    { name: 'slices are being sent', on: 'slice', size: 12 * SLICE },
  ] as const)('while $name: nothing of the first goes into the other drive', async ({ on, size }) => {
    await open()
    await world.write('d/a.bin', size)
    world.emulator.fault({ on, kind: 'delay', ms: 300 })
    await world.add(['d'])
    await allStruck()
    world.emulator.revoke(await here.session.current())
    await here.session.signOut()
    const since = Date.now()
    await signInAsSomebodyElse()
    expect((await allDone()).map(outcomeOf)).toEqual(['failed other-account'])
    expect(fileCalls(since)).toBe(0)
  })

  test('what the first one had queued, and whose turn had not come, stays theirs', async () => {
    await open({ tuning: { concurrency: 1 } })
    for (const no of upTo(20)) await world.write(`d/${no}.txt`, `content ${no}`)
    // They are on the list before it is known whose they are.
    world.emulator.fault({ on: 'user_info', kind: 'delay', ms: 100 })
    world.emulator.fault({ on: 'single_create', kind: 'hang' })
    await world.add(['d'])
    await allStruck()
    await signedInAnew()
  })

  test('so does what they had queued while everything was paused', async () => {
    await open()
    for (const no of upTo(20)) await world.write(`d/${no}.txt`, `content ${no}`)
    world.emulator.fault({ on: 'user_info', kind: 'delay', ms: 100 })
    world.engine.queue.pause('all')
    await world.add(['d'])
    await vi.waitFor(() => {
      expect(sentTo('user_info')).toHaveLength(2)
    }, IN_TIME)
    // Another question, answered after that one.
    await here.session.reload()
    await signedInAnew()
    expect(fileCalls()).toBe(0)
  })

  /** The app is killed and started again in between; of the twenty that wait none goes to the other drive. */
  async function signedInAnew(): Promise<void> {
    await here.session.signOut()
    await world.crash()
    await signInAsSomebodyElse()
    world.engine.queue.resume('all')
    expect((await allDone()).map(outcomeOf)).toEqual(upTo(20).map(() => 'failed other-account'))
    expect(world.emulator.files()).toEqual([])
  }
})
