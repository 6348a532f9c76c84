import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CLI_RETRY } from '#app/retry'
import { failure } from '#test/builders'
import { ScriptedQueue } from '#test/scripted-queue'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const ONE_AT_A_TIME = { lanes: { small: 1, big: 1 } }

describe.each([
  { code: 'offline', reason: 'offline' },
  { code: 'proxy-failed', reason: 'proxy' },
  { code: 'rate-limited', reason: 'rate-limited' },
] as const)('when one file is $code', ({ code, reason }) => {
  test('nothing else begins until its time has come, and the status says why and until when', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    world.add('a.txt')
    world.add('b.txt')
    await world.run.fail(failure(code, { retryAfterMs: 7000 }))
    expect(world.queue.status().blocked).toEqual({ reason, until: 1_007_000 })
    await vi.advanceTimersByTimeAsync(6999)
    expect(world.begun).toEqual(['a.txt'])
    await vi.advanceTimersByTimeAsync(1)
    expect(world.begun).toHaveLength(2)
    expect(world.queue.status().blocked).toBeUndefined()
  })

  test('everything goes on at once when somebody knows better', async () => {
    const world = new ScriptedQueue(ONE_AT_A_TIME)
    world.add('a.txt')
    world.add('b.txt')
    await world.run.fail(failure(code, { retryAfterMs: 7000 }))
    world.queue.unblock()
    // The network's return is what the first one waited for.
    expect(world.begun).toEqual(['a.txt', code === 'rate-limited' ? 'b.txt' : 'a.txt'])
    expect(world.queue.status().blocked).toBeUndefined()
  })
})

describe.each(['signed-out', 'unauthorized', 'token-limit'] as const)(
  'when the account is gone: %s',
  (code) => {
    test('the file goes back to the queue, nothing begins by itself, and signing in lets all go on', async () => {
      const world = new ScriptedQueue(ONE_AT_A_TIME)
      const id = world.add('a.txt')
      world.add('b.txt')
      await world.run.fail(failure(code))
      expect(world.statusOf(id)).toBe('queued')
      expect(world.queue.status().blocked).toEqual({ reason: 'signed-out' })
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(world.runs).toHaveLength(1)
      world.queue.unblock()
      while (world.queue.status().running > 0) await world.run.finish()
      expect(world.begun.toSorted()).toEqual(['a.txt', 'a.txt', 'b.txt'])
    })

    test('it costs the file none of its tries', async () => {
      const world = new ScriptedQueue()
      const id = world.add('a.txt')
      for (let time = 0; time < 20; time++) {
        await world.run.fail(failure(code))
        world.queue.unblock()
      }
      expect(world.queue.get(id)?.state).toMatchObject({ tries: { attempt: 0, restarts: 0 } })
    })
  },
)

test.each(['offline', 'rate-limited'] as const)(
  'that the account is gone is still said when another file turns out to be %s',
  async (code) => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    world.add('b.txt')
    await world.runs[0]?.fail(failure('unauthorized'))
    await world.runs[1]?.fail(failure(code))
    expect(world.queue.status().blocked).toEqual({ reason: 'signed-out' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(world.runs).toHaveLength(2)
  },
)

test('a refusal that is old news, as somebody has signed in since, holds up nothing', async () => {
  const world = new ScriptedQueue(ONE_AT_A_TIME)
  world.signedIn = true
  world.add('a.txt')
  await world.run.fail(failure('unauthorized'))
  expect(world.begun).toEqual(['a.txt', 'a.txt'])
  expect(world.queue.status().blocked).toBeUndefined()
})

test('a file added while nothing may begin waits with the others', async () => {
  const world = new ScriptedQueue()
  world.add('a.txt')
  await world.run.fail(failure('signed-out'))
  const id = world.add('b.txt')
  expect(world.statusOf(id)).toBe('queued')
  world.queue.unblock()
  expect(world.begun.toSorted()).toEqual(['a.txt', 'a.txt', 'b.txt'])
})

describe('headless, a network that stays away', () => {
  test('fails all that is left, for that reason, and stops what runs', async () => {
    const world = new ScriptedQueue({ retry: CLI_RETRY, ...ONE_AT_A_TIME })
    const ids = [world.add('a.txt'), world.add('B1', { size: 1e6 }), world.add('B2', { size: 1e6 })]
    const running = world.runs[1]
    for (let attempt = 0; attempt < CLI_RETRY.maxAttempts; attempt++) {
      const runsOfA = world.runs.filter(({ job }) => job.to.name === 'a.txt')
      expect(runsOfA).toHaveLength(attempt + 1)
      await runsOfA.at(-1)?.fail(failure('offline'))
      await vi.advanceTimersByTimeAsync(CLI_RETRY.capMs)
    }
    for (const id of ids)
      expect(world.queue.get(id)?.state).toMatchObject({ status: 'failed', failure: { code: 'offline' } })
    expect(running?.job.signal.aborted).toBe(true)
    expect(world.begun).not.toContain('B2')
  })

  test('ends the run as soon with a thousand files as with one', async () => {
    const world = new ScriptedQueue({ retry: CLI_RETRY })
    for (let no = 0; no < 1000; no++) world.add(`${no}.txt`)
    let failed = 0
    for (let seconds = 0; seconds < 120; seconds++) {
      for (; failed < world.runs.length; failed++) await world.runs[failed]?.fail(failure('offline'))
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(world.queue.list().filter(({ state }) => state.status !== 'failed')).toHaveLength(0)
  })
})

describe('who is told', () => {
  test('hears of everything that changed, at most ten times a second, however much happens', async () => {
    const world = new ScriptedQueue({ lanes: { small: 3, big: 1 } })
    for (let no = 0; no < 300; no++) world.add(`${no}.txt`)
    for (let tick = 0; tick < 100; tick++) {
      for (const run of world.runs.slice(-3)) run.emit({ type: 'hash-progressed', hashed: tick })
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(world.changes.length).toBeLessThanOrEqual(10)
    expect(world.changes.length).toBeGreaterThanOrEqual(9)
    expect(new Set(world.changes.flatMap(({ changed }) => changed.map(({ id }) => id))).size).toBe(300)
    expect(world.changes.at(-1)?.changed).toHaveLength(3)
  })

  test('hears the last state, not those on the way there', async () => {
    const world = new ScriptedQueue()
    const id = world.add('a.txt')
    world.run.emit({ type: 'hashed' })
    await world.run.finish()
    await vi.advanceTimersByTimeAsync(100)
    expect(world.changes).toHaveLength(1)
    expect(world.changes[0]?.changed).toMatchObject([{ id, state: { status: 'done' } }])
  })

  test('sees the speed rise and fade to nothing, and then hears no more', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    world.run.emit({ type: 'hashed' })
    for (let slice = 1; slice <= 20; slice++) {
      world.run.emit({ type: 'sending', progress: { sent: slice * 100_000, slicesDone: 0, slices: 1 } })
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(world.statuses.at(-1)?.speed).toBeGreaterThan(900_000)
    await world.run.finish()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(world.statuses.at(-1)).toEqual({ speed: 0, running: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('sees the bytes of a file as speed that has gone before anything was reported of it', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt', { size: 700 })
    world.run.emit({ type: 'hashed' })
    world.run.emit({ type: 'sending', progress: { sent: 0, slicesDone: 0, slices: 1 } })
    world.run.emit({ type: 'sent-all' })
    await world.run.finish()
    expect(world.queue.status().speed).toBe(700)
    await vi.advanceTimersByTimeAsync(100)
  })

  test('sees a repeated slice as speed, though the bar went back', async () => {
    const world = new ScriptedQueue()
    world.add('a.txt')
    const sending = (sent: number) =>
      world.run.emit({ type: 'sending', progress: { sent, slicesDone: 0, slices: 1 } })
    world.run.emit({ type: 'hashed' })
    sending(1000)
    sending(0)
    sending(1000)
    expect(world.queue.status().speed).toBe(2000)
    await vi.advanceTimersByTimeAsync(100)
  })
})
