import { expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import { Limiter } from '#main/cloud/limiter'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal
const tooMany = (retryAfterMs?: number) => () =>
  Promise.reject(new DriveError('rate-limited', '429', retryAfterMs === undefined ? {} : { retryAfterMs }))

test('after "too many" the endpoint pauses for everyone, and the others do not', async () => {
  const limiter = new Limiter({ off: false })
  await failureOf(limiter.run('create', forever, tooMany(3_600_000)))
  const controller = new AbortController()
  let sent = false
  const waiting = failureOf(
    limiter.run('create', controller.signal, () => {
      sent = true
      return Promise.resolve()
    }),
  )
  expect(await limiter.run('slice', forever, () => Promise.resolve('went out'))).toBe('went out')
  controller.abort()
  expect((await waiting).code).toBe('cancelled')
  expect(sent).toBe(false)
})

test.each([
  { name: 'as long as the platform said', said: 7000, pauseMs: 7000 },
  { name: 'a second when it did not say', said: undefined, pauseMs: 1000 },
])('the failure says how long the pause is: $name', async ({ said, pauseMs }) => {
  const failure = await failureOf(new Limiter({ off: false }).run('list', forever, tooMany(said)))
  expect(failure).toMatchObject({ code: 'rate-limited', retryAfterMs: pauseMs })
})

test('another failure pauses nobody', async () => {
  const limiter = new Limiter({ off: false })
  await failureOf(limiter.run('list', forever, () => Promise.reject(new DriveError('server', '500'))))
  expect(await limiter.run('list', forever, () => Promise.resolve('went out'))).toBe('went out')
})

test('switched off it holds up nothing', async () => {
  const limiter = new Limiter({ off: true })
  for (let no = 0; no < 200; no++) await failureOf(limiter.run('list', forever, tooMany(3_600_000)))
})
