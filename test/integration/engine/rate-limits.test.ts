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

/** When the platform took a request to this endpoint and when it refused one, from a time on. */
function seen(endpoint: Endpoint, from: number) {
  const all = world.emulator.requests().filter((one) => one.endpoint === endpoint && one.at >= from)
  return {
    taken: all.filter(({ code }) => code !== 429).map(({ at }) => at),
    refused: all.filter(({ code }) => code === 429).map(({ at }) => at),
  }
}

/** How many a second were taken in the best stretch of so many seconds: what a machine that is busy now and then still shows. */
function steadyRate(endpoint: Endpoint, from: number, seconds: number): number {
  const { taken } = seen(endpoint, from)
  const countFrom = (start: number): number =>
    taken.filter((at) => at >= start && at < start + seconds * SECOND).length
  return Math.max(0, ...taken.map(countFrom)) / seconds
}

test('with limits as published nearly all is used and nothing refused; one that is not published is found, and kept for the next start', async () => {
  world = await createWorld({
    quirks: { rateLimits: publishedRateLimits(UPLOADS) },
    rateLimit: 'on',
    retry: { maxAttempts: 50 },
  })
  const names = Array.from({ length: 1200 }, (_, no) => `many/${no}.txt`)
  await Promise.all(names.map((name) => world.write(name, name)))

  const begin = Date.now()
  await world.add(['many'])
  await listFor(22)
  expect(seen('list', begin).refused).toEqual([])
  expect(steadyRate('list', begin, 5)).toBeGreaterThan(0.95 * LISTS)
  // One that climbs until it is refused, again and again, has no such stretch.
  await world.until(() => steadyRate('single_create', begin, 5) > 0.9 * UPLOADS)

  await world.restart()
  const again = Date.now()
  await world.until(() => seen('single_create', again).taken.length > 3 * UPLOADS)
  // From nothing it would be 37 in three seconds.
  const [first = Infinity] = seen('single_create', again).taken
  const soon = seen('single_create', first).taken.filter((at) => at < first + 3 * SECOND)
  expect(soon.length).toBeGreaterThan(0.75 * 3 * UPLOADS)
})
