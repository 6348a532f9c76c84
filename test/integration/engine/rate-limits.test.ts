import { afterEach, expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import { publishedRateLimits } from '#emulator/quirks'
import type { Endpoint } from '#emulator/types'
import { createWorld, type World } from '#test/world'

let world: World
afterEach(() => world.close())

const LISTS = 5
const UPLOADS = 20
const SECOND = 1000
const forever = new AbortController().signal

/** Three that list all the time, each as soon as the one before is done. */
async function listFor(seconds: number): Promise<void> {
  const until = Date.now() + seconds * SECOND
  const one = async (): Promise<void> => {
    while (Date.now() < until) {
      await world.engine.cloud.list(world.emulator.token, 0, forever).catch((thrown: unknown) => {
        if (!(thrown instanceof DriveError && thrown.code === 'rate-limited')) throw thrown
      })
    }
  }
  await Promise.all([one(), one(), one()])
}

/** What the platform saw of an endpoint from a time on: taken a second, and when it refused, in seconds from then. */
function seen(endpoint: Endpoint, from: number, until = Date.now()) {
  const all = world.emulator.requests().filter((one) => one.endpoint === endpoint && one.at >= from)
  const within = all.filter(({ at }) => at < until)
  const refused = within.filter(({ code }) => code === 429)
  return {
    first: all[0]?.at ?? Infinity,
    perSecond: (within.length - refused.length) / ((until - from) / SECOND),
    refusedAt: refused.map(({ at }) => (at - from) / SECOND),
  }
}

test('with limits as published nearly all is used and nothing refused; one that is not published is found, and kept for the next start', async () => {
  world = await createWorld({
    quirks: { rateLimits: publishedRateLimits(UPLOADS) },
    rateLimit: 'on',
    retry: { maxAttempts: 50 },
  })
  const names = Array.from({ length: 800 }, (_, no) => `many/${no}.txt`)
  await Promise.all(names.map((name) => world.write(name, name)))

  const begin = Date.now()
  await world.add(['many'])
  await listFor(22)
  expect(seen('list', begin).refusedAt).toEqual([])
  expect(seen('list', begin + 10 * SECOND).perSecond).toBeGreaterThan(0.95 * LISTS)
  // A hiccup of a busy machine may cost a refusal, and that two seconds; the exact bar is the simulation's (test/unit/app/rate.test.ts).
  expect(seen('single_create', begin + 12 * SECOND).perSecond).toBeGreaterThan(0.75 * UPLOADS)

  await world.restart()
  const again = Date.now()
  const uploads = () =>
    world.emulator.requests().filter(({ at, endpoint }) => endpoint === 'single_create' && at >= again)
  await world.until(() => uploads().length > 3 * UPLOADS)
  const { first } = seen('single_create', again)
  // From nothing it would be 37 in three seconds.
  expect(seen('single_create', first, first + 3 * SECOND).perSecond).toBeGreaterThan(0.75 * UPLOADS)
})
