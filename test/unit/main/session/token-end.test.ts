import { beforeEach, expect, test } from 'vitest'
import { failure } from '#test/builders'
import { failureOf } from '#test/failures'
import { CLIENT, Installation, PASTED } from '#test/fake-account'

const MINUTE = 60_000
const UNAUTHORIZED = failure('unauthorized')
let here: Installation
beforeEach(() => {
  here = new Installation()
})

/** Somebody for whom the platform issues tokens that live so long. */
async function signedIn(lifetimeMs: number) {
  here.api.lifetimeMs = lifetimeMs
  const session = here.start()
  await session.signIn(CLIENT, 'session-only')
  return session
}

test('a token that lives for a minute only is used for three quarters of it', async () => {
  const session = await signedIn(MINUTE)
  const tokens: string[] = []
  for (let second = 0; second < 180; second++) {
    tokens.push(await session.current())
    here.now += 1000
  }
  expect(new Set(tokens).size).toBe(4)
  expect(here.api.issued).toHaveLength(4)
})

test('a token that ended is renewed when it is refused, however young it is', async () => {
  const session = await signedIn(MINUTE / 2)
  const token = await session.current()
  here.now += MINUTE / 2
  expect(await session.renew(token, UNAUTHORIZED)).toBe('secret-token-2-of-client-1')
})

test('a clock that is a year ahead asks for no new token with every call, and ends the session when even that one is refused', async () => {
  const session = await signedIn(-365 * 24 * 60 * MINUTE)
  for (let call = 0; call < 10; call++) await session.current()
  here.now += 10 * MINUTE
  const token = await session.current()
  expect(here.api.issued).toHaveLength(1)
  expect(await session.renew(token, UNAUTHORIZED)).toBe('secret-token-2-of-client-1')
  here.now += 1000
  expect((await failureOf(session.renew('secret-token-2-of-client-1', UNAUTHORIZED))).code).toBe(
    'unauthorized',
  )
  expect(session.session.status).toBe('signed-out')
})

test('a renewal that fails while the old token is still good is tried again after a minute, and at its end', async () => {
  const session = await signedIn(60 * MINUTE)
  here.now += 56 * MINUTE
  here.api.issuingFails = 'server'
  for (let call = 0; call < 10; call++) expect(await session.current()).toBe('secret-token-1-of-client-1')
  expect(here.api.issued).toHaveLength(2)
  here.now += MINUTE
  await session.current()
  expect(here.api.issued).toHaveLength(3)
  here.now += 3 * MINUTE
  expect((await failureOf(session.current())).code).toBe('server')
  here.api.issuingFails = undefined
  expect(await session.current()).toBe('secret-token-5-of-client-1')
})

test('signing in over somebody who is signed in says first that they are gone', async () => {
  const session = await signedIn(60 * MINUTE)
  here.published.length = 0
  await session.signIn(PASTED, 'session-only')
  expect(here.published.map(({ status }) => status)).toEqual(['signed-out', 'signed-in'])
  expect(await session.current()).toBe('pasted-token')
})
