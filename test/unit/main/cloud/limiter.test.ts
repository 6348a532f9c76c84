import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DriveError } from '#app/errors'
import { Limiter, type Endpoint } from '#main/cloud/limiter'
import { settled } from '#test/deferred'
import { failureOf } from '#test/failures'
import { mostWithin } from '#test/rate-simulation'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const forever = new AbortController().signal
const tooMany = (retryAfterMs?: number) => () =>
  Promise.reject(new DriveError('rate-limited', '429', retryAfterMs === undefined ? {} : { retryAfterMs }))

/** A platform 20 ms away that takes so many a second; tells when each request came. */
function platform(limiter: Limiter, endpoint: Endpoint, perSecond: number) {
  const came: number[] = []
  const refused: number[] = []
  const ask = () =>
    limiter.run(endpoint, new AbortController().signal, async () => {
      const now = performance.now()
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (came.filter((at) => at > now - 1000).length < perSecond) came.push(now)
      else {
        refused.push(now)
        throw new DriveError('rate-limited', '429')
      }
    })
  return { came, refused, ask }
}

test('many who ask at once go one after another, as the endpoint allows, first come first served', async () => {
  const limiter = new Limiter({ off: false })
  const { came, ask } = platform(limiter, 'list', Infinity)
  const order: number[] = []
  const all = Array.from({ length: 30 }, (_, index) => ask().then(() => order.push(index)))
  await vi.advanceTimersByTimeAsync(10_000)
  await Promise.all(all)
  expect(mostWithin(came, 1000)).toBeLessThanOrEqual(5)
  expect(Math.max(...came) - Math.min(...came)).toBeLessThan(6300)
  expect(order).toEqual(order.toSorted((one, other) => one - other))
})

test('endpoints do not wait for each other', async () => {
  const limiter = new Limiter({ off: false })
  await failureOf(limiter.run('create', forever, tooMany(3_600_000)))
  expect(await limiter.run('slice', forever, () => Promise.resolve('went out'))).toBe('went out')
})

test('after "too many" the endpoint pauses for everyone, for as long as was said', async () => {
  const limiter = new Limiter({ off: false })
  await failureOf(limiter.run('create', forever, tooMany(30_000)))
  const { came, ask } = platform(limiter, 'create', Infinity)
  const all = [ask(), ask()]
  await vi.advanceTimersByTimeAsync(29_900)
  expect(came).toEqual([])
  await vi.advanceTimersByTimeAsync(1000)
  await Promise.all(all)
  expect(came.length).toBe(2)
})

test('who is cancelled while waiting does not go, and takes nobody else his turn', async () => {
  const limiter = new Limiter({ off: false })
  await limiter.run('list', forever, () => Promise.resolve())
  const controller = new AbortController()
  const { came, ask } = platform(limiter, 'list', Infinity)
  const gone: string[] = []
  const cancelled = failureOf(
    limiter.run('list', controller.signal, () => Promise.resolve(gone.push('went'))),
  )
  const next = ask()
  controller.abort()
  expect((await cancelled).code).toBe('cancelled')
  await vi.advanceTimersByTimeAsync(250)
  await next
  expect(came.length).toBe(1)
  expect(gone).toEqual([])
  expect((await failureOf(limiter.run('slice', controller.signal, () => Promise.resolve()))).code).toBe(
    'cancelled',
  )
})

test.each([
  { name: 'as long as the platform said', said: 7000, pauseMs: 7000 },
  { name: 'a second when it did not say', said: undefined, pauseMs: 1000 },
])('the failure says how long the pause is: $name', async ({ said, pauseMs }) => {
  const failure = await failureOf(new Limiter({ off: false }).run('list', forever, tooMany(said)))
  expect(failure).toMatchObject({ code: 'rate-limited', retryAfterMs: pauseMs })
})

test('the failure says how long the pause still is when another refusal had said more', async () => {
  const limiter = new Limiter({ off: false })
  const refuse = (afterMs: number, said: number) =>
    failureOf(
      limiter.run('slice', forever, async () => {
        await new Promise((resolve) => setTimeout(resolve, afterMs))
        return tooMany(said)()
      }),
    )
  const both = [refuse(300, 9000), refuse(1200, 500)] as const
  await vi.advanceTimersByTimeAsync(3000)
  expect((await both[0]).retryAfterMs).toBe(9000)
  const second = (await both[1]).retryAfterMs
  expect(second).toBeGreaterThan(7500)
  expect(second).toBeLessThan(9000)
})

test('another failure pauses nobody', async () => {
  const limiter = new Limiter({ off: false })
  await failureOf(limiter.run('slice', forever, () => Promise.reject(new DriveError('server', '500'))))
  const next = limiter.run('slice', forever, () => Promise.resolve('went out'))
  await vi.advanceTimersByTimeAsync(110)
  expect(await next).toBe('went out')
})

test('what was learnt can be kept, and is used by the next one from the start', async () => {
  const first = new Limiter({ off: false })
  const { ask } = platform(first, 'single_create', 20)
  const worker = async (): Promise<void> => {
    while (performance.now() < 30_000) await ask().catch(() => undefined)
  }
  const workers = Promise.all([worker(), worker(), worker()])
  await vi.advanceTimersByTimeAsync(32_000)
  await workers
  const learnt = first.learnt()
  expect(learnt).toEqual({ single_create: { good: 20, bad: 21 } })

  const next = new Limiter({ off: false })
  next.recall(learnt)
  const { came, refused, ask: askNext } = platform(next, 'single_create', 20)
  const all = Array.from({ length: 60 }, () => askNext())
  await vi.advanceTimersByTimeAsync(3100)
  await Promise.all(all)
  expect([came.length, refused.length]).toEqual([60, 0])
})

test('forgetting an account lets those go who waited for its pause, and its late answers are not held against the next', async () => {
  const limiter = new Limiter({ off: false })
  await failureOf(limiter.run('create', forever, tooMany(3_600_000)))
  let refuse: (() => void) | undefined
  const late = failureOf(
    limiter.run('slice', forever, async () => {
      await new Promise<void>((resolve) => (refuse = resolve))
      return tooMany(3_600_000)()
    }),
  )
  const waiting = limiter.run('create', forever, () => Promise.resolve('went out'))
  await settled()
  limiter.forget()
  expect(await waiting).toBe('went out')
  refuse?.()
  await late
  expect(await limiter.run('slice', forever, () => Promise.resolve('went out'))).toBe('went out')
  expect(limiter.learnt()).toEqual({})
})

test('switched off it holds up nothing', async () => {
  const limiter = new Limiter({ off: true })
  for (let no = 0; no < 200; no++) await failureOf(limiter.run('list', forever, tooMany(3_600_000)))
})
