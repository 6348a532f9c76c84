import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import { authorized } from '#main/transfers/context'
import { failure } from '#test/builders'
import { deferred, settled } from '#test/deferred'
import { failureOf } from '#test/failures'
import { ACCOUNT, CLIENT, Installation, LIFETIME_MS, PASTED } from '#test/fake-account'

const MINUTE = 60_000
const UNAUTHORIZED = failure('unauthorized')
let here: Installation

beforeEach(() => {
  here = new Installation()
})
afterEach(() => {
  // Whatever happened: nobody outside was told a secret.
  expect(JSON.stringify(here.published)).not.toMatch(/secret-token|the-client-secret|pasted-token/u)
})

/** Signed in some time ago, the token still good. */
async function signedIn() {
  const session = here.start()
  await session.signIn(CLIENT, 'keychain')
  here.now += 10 * MINUTE
  return session
}

describe('signing in', () => {
  test('with an id and secret: the account, and until when', async () => {
    expect(await here.start().signIn(CLIENT, 'keychain')).toEqual({
      status: 'signed-in',
      kept: 'keychain',
      account: ACCOUNT,
      expiresAt: here.now + LIFETIME_MS,
    })
  })

  test('with a pasted token: the account, and no end is claimed', async () => {
    const session = here.start()
    expect(await session.signIn(PASTED, 'keychain')).toEqual({
      status: 'signed-in',
      kept: 'keychain',
      account: ACCOUNT,
    })
    expect(await session.current()).toBe('pasted-token')
    expect(here.api.issued).toEqual([])
  })

  test('for this session only leaves nothing in the keychain', async () => {
    await here.start().signIn(CLIENT, 'session-only')
    expect(here.keychain.secrets.size).toBe(0)
    expect((await here.start().start()).status).toBe('signed-out')
  })

  test.each([
    { name: 'a wrong secret', fails: 'unauthorized', code: 'credentials-refused' },
    { name: 'an id nobody knows', fails: 'not-found', code: 'credentials-refused' },
    { name: 'no network', fails: 'offline', code: 'offline' },
    { name: 'too many tokens', fails: 'token-limit', code: 'token-limit' },
  ] as const)('with $name fails as $code, and nobody is signed in', async ({ fails, code }) => {
    here.api.issuingFails = fails
    const session = here.start()
    expect((await failureOf(session.signIn(CLIENT, 'keychain'))).code).toBe(code)
    expect(session.session.status).toBe('signed-out')
    expect(here.keychain.secrets.size).toBe(0)
  })

  test('with a pasted token that is refused leaves nobody signed in and nothing kept', async () => {
    here.api.refused.add('pasted-token')
    const session = here.start()
    expect((await failureOf(session.signIn(PASTED, 'keychain'))).code).toBe('credentials-refused')
    expect(session.session.status).toBe('signed-out')
    expect(here.keychain.secrets.size).toBe(0)
  })

  test('without a keychain leaves nobody signed in, and trying again uses up no further token', async () => {
    here.keychain.broken = true
    const session = here.start()
    expect((await failureOf(session.signIn(CLIENT, 'keychain'))).code).toBe('keychain-unavailable')
    expect((await failureOf(session.current())).code).toBe('signed-out')
    expect((await session.signIn(CLIENT, 'session-only')).status).toBe('signed-in')
    expect(here.api.issued).toHaveLength(1)
  })

  test('that fails leaves the one signed in who was', async () => {
    const session = await signedIn()
    here.api.refused.add('pasted-token')
    await failureOf(session.signIn(PASTED, 'keychain'))
    expect(await session.current()).toBe('secret-token-1-of-client-1')
  })
})

describe('a restart', () => {
  test('takes up the token that was issued, and issues none', async () => {
    await signedIn()
    const session = here.start()
    expect(await session.start()).toMatchObject({ status: 'signed-in', kept: 'keychain', account: ACCOUNT })
    expect(await session.current()).toBe('secret-token-1-of-client-1')
    expect(here.api.issued).toHaveLength(1)
  })

  test('takes up a pasted token', async () => {
    await here.start().signIn(PASTED, 'keychain')
    expect(await here.start().start()).toMatchObject({ status: 'signed-in', account: ACCOUNT })
  })

  test('without a network stays signed in, and says why the account is not known', async () => {
    await signedIn()
    here.api.fails = 'offline'
    const session = here.start()
    expect(await session.start()).toMatchObject({ status: 'signed-in', problem: { code: 'offline' } })
    expect(await session.current()).toBe('secret-token-1-of-client-1')
    here.api.fails = undefined
    expect(await session.reload()).not.toHaveProperty('problem')
  })

  test('with a token that ended meanwhile issues one new one, and keeps it', async () => {
    await signedIn()
    here.now += LIFETIME_MS
    await here.start().start()
    await here.start().start()
    expect(here.api.issued).toHaveLength(2)
  })

  test('without a keychain is signed out, with that reason', async () => {
    await signedIn()
    here.keychain.broken = true
    expect(await here.start().start()).toMatchObject({
      status: 'signed-out',
      reason: { code: 'keychain-unavailable' },
    })
  })

  test.each(['', 'not json', '{"version":2}', '{"version":1,"credentials":{"kind":"token","token":"a b"}}'])(
    'that finds %j in the keychain asks to sign in',
    async (text) => {
      here.keychain.secrets.set('https://open-api.123pan.com', text)
      expect(await here.start().start()).toEqual({ status: 'signed-out' })
    },
  )
})

describe('an account from the environment', () => {
  test.each([
    { name: 'a token', credentials: PASTED, token: 'pasted-token' },
    { name: 'an id and secret', credentials: CLIENT, token: 'secret-token-1-of-client-1' },
  ])('by $name is used and never stored', async ({ credentials, token }) => {
    const session = here.start(credentials)
    expect(await session.start()).toMatchObject({
      status: 'signed-in',
      kept: 'environment',
      account: ACCOUNT,
    })
    expect(await session.current()).toBe(token)
    here.now += LIFETIME_MS
    await session.reload()
    expect(here.keychain.secrets.size).toBe(0)
  })

  test('goes before the one in the keychain', async () => {
    await signedIn()
    const session = here.start(PASTED)
    await session.start()
    expect(await session.current()).toBe('pasted-token')
  })

  test('while no token could be had, no end of one is claimed', async () => {
    here.api.fails = 'offline'
    const state = await here.start(CLIENT).start()
    expect(state).toMatchObject({ status: 'signed-in', problem: { code: 'offline' } })
    expect(state).not.toHaveProperty('expiresAt')
  })
})

describe('a token near its end', () => {
  test.each([
    { name: 'six minutes before: not yet', before: 6 * MINUTE, issued: 1 },
    { name: 'four minutes before: renewed', before: 4 * MINUTE, issued: 2 },
  ])('$name', async ({ before, issued }) => {
    const session = here.start()
    await session.signIn(CLIENT, 'keychain')
    here.now += LIFETIME_MS - before
    expect(await session.current()).toBe(`secret-token-${issued}-of-client-1`)
    expect(here.api.issued).toHaveLength(issued)
  })

  test('is renewed once for all who ask, and the next start finds the new one', async () => {
    const session = await signedIn()
    here.now += LIFETIME_MS
    const tokens = await Promise.all(Array.from({ length: 20 }, () => session.current()))
    expect(new Set(tokens)).toEqual(new Set(['secret-token-2-of-client-1']))
    await here.start().start()
    expect(here.api.issued).toHaveLength(2)
  })

  test('is renewed also while the keychain is out of order', async () => {
    const session = await signedIn()
    here.now += LIFETIME_MS
    here.keychain.broken = true
    expect(await session.current()).toBe('secret-token-2-of-client-1')
  })
})

describe('a token that the platform refuses', () => {
  test('is renewed once for all whom it was refused, also for those who hear of it late', async () => {
    const session = await signedIn()
    const old = await session.current()
    const renewed = await Promise.all(Array.from({ length: 20 }, () => session.renew(old, UNAUTHORIZED)))
    expect(await session.renew(old, UNAUTHORIZED)).toBe(renewed[0])
    expect(new Set(renewed)).toEqual(new Set(['secret-token-2-of-client-1']))
    expect(here.api.issued).toHaveLength(2)
  })

  test('just after it was issued is not replaced by yet another: signed out, with the reason', async () => {
    const session = here.start()
    await session.signIn(CLIENT, 'keychain')
    here.now += 1000
    expect((await failureOf(session.renew(await session.current(), failure('token-limit')))).code).toBe(
      'token-limit',
    )
    expect(session.session).toMatchObject({ status: 'signed-out', reason: { code: 'token-limit' } })
    expect(here.api.issued).toHaveLength(1)
  })

  test('and was pasted cannot be renewed: signed out, with the reason', async () => {
    const session = here.start()
    await session.signIn(PASTED, 'keychain')
    expect((await failureOf(session.renew('pasted-token', UNAUTHORIZED))).code).toBe('unauthorized')
    expect(session.session).toMatchObject({ status: 'signed-out', reason: { code: 'unauthorized' } })
  })

  test('while the secret has been withdrawn: signed out, and those who waited hear that the account is gone', async () => {
    const session = await signedIn()
    here.api.issuingFails = 'unauthorized'
    expect((await failureOf(session.renew(await session.current(), UNAUTHORIZED))).code).toBe('unauthorized')
    expect(session.session).toMatchObject({ status: 'signed-out', reason: { code: 'credentials-refused' } })
  })

  test('while there is no network: still signed in, and the next try may succeed', async () => {
    const session = await signedIn()
    const old = await session.current()
    here.api.issuingFails = 'offline'
    expect((await failureOf(session.renew(old, UNAUTHORIZED))).code).toBe('offline')
    expect(session.session.status).toBe('signed-in')
    here.api.issuingFails = undefined
    expect(await session.renew(old, UNAUTHORIZED)).toMatch(/^secret-token-\d-of/u)
  })

  test('and whose replacement is refused as well ends the session by the next one, before a third is issued', async () => {
    const session = await signedIn()
    const use = () => authorized(session, () => Promise.reject(new DriveError('unauthorized', 'create: 401')))
    expect((await failureOf(use())).code).toBe('unauthorized')
    here.now += 1000
    expect((await failureOf(use())).code).toBe('unauthorized')
    expect(session.session).toMatchObject({ status: 'signed-out', reason: { code: 'unauthorized' } })
    expect(here.api.issued).toHaveLength(2)
  })
})

describe('signing out', () => {
  test('deletes what the keychain held, and no token is handed out any more', async () => {
    const session = await signedIn()
    expect([await session.signOut(), await session.signOut()]).toEqual([true, false])
    expect(here.keychain.secrets.size).toBe(0)
    expect((await failureOf(session.current())).code).toBe('signed-out')
    expect((await failureOf(session.renew('secret-token-1-of-client-1', UNAUTHORIZED))).code).toBe(
      'signed-out',
    )
  })

  test('while a renewal is under way: it does not sign in again, nor leave a secret behind', async () => {
    const session = await signedIn()
    const answer = deferred()
    here.api.hold = answer.promise
    const renewal = failureOf(session.renew(await session.current(), UNAUTHORIZED))
    await settled()
    await session.signOut()
    answer.resolve()
    expect((await renewal).code).toBe('signed-out')
    expect(session.session.status).toBe('signed-out')
    expect(here.keychain.secrets.size).toBe(0)
  })

  test('and in as somebody else while a renewal is under way: that other one it is', async () => {
    const session = await signedIn()
    const answer = deferred()
    here.api.hold = answer.promise
    const renewal = session.renew(await session.current(), UNAUTHORIZED).catch(() => undefined)
    await settled()
    here.api.hold = Promise.resolve()
    await session.signOut()
    await session.signIn(PASTED, 'keychain')
    answer.resolve()
    await renewal
    expect(await session.current()).toBe('pasted-token')
    expect([...here.keychain.secrets.values()].join()).not.toContain('client-1')
  })
})
