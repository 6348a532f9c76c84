import { createCloud } from '#main/cloud/client'
import { Limiter } from '#main/cloud/limiter'
import { AccountSession } from '#main/session/account-session'
import type { Credentials } from '#app/session'
import type { Emulator } from '#emulator/emulator'
import { directly } from './builders.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** A world whose tokens come from a real session, joined to the engine as the app joins them. */
export interface AccountWorld {
  readonly world: World
  readonly session: AccountSession
  /** The emulator's client. */
  readonly client: Credentials
  /** When tokens were asked for, and how many such questions there were at once. */
  readonly issued: readonly number[]
  readonly mostAtOnce: () => number
  /** The session's clock goes ahead of the platform's from now on: a token that was just issued has been in use for a while. */
  letPass(ms: number): void
}

/** Somebody is signed in by client id and secret. */
export async function createAccountWorld(options: WorldOptions = {}): Promise<AccountWorld> {
  const issued: number[] = []
  let [atOnce, most, passedMs] = [0, 0, 0]
  let session: AccountSession | undefined

  const open = (emulator: Emulator): AccountSession => {
    const forever = new AbortController().signal
    const limiter = new Limiter({ off: true })
    const cloud = createCloud({ apiUrl: emulator.url, limiter, routes: directly, stallMs: 5000 })
    return new AccountSession({
      api: {
        async issueToken(id, secret) {
          most = Math.max(most, ++atOnce)
          try {
            issued.push(Date.now())
            return await cloud.issueToken(id, secret, forever)
          } finally {
            atOnce--
          }
        },
        account: (token) => cloud.account(token, forever),
      },
      keychain: {
        get: () => Promise.resolve(undefined),
        set: () => Promise.resolve(),
        delete: () => Promise.resolve(false),
      },
      keychainAccount: emulator.url,
      environment: undefined,
      now: () => Date.now() + passedMs,
      onChange: ({ status }) => {
        if (status === 'signed-in') world.engine.queue.unblock()
        else world.engine.forgetAccount()
      },
    })
  }

  const world: World = await createWorld({ ...options, tokens: (emulator) => (session ??= open(emulator)) })
  const { emulator } = world
  session ??= open(emulator)
  const client = { kind: 'client', clientID: emulator.clientID, clientSecret: emulator.clientSecret } as const
  await session.signIn(client, 'session-only')
  return {
    world,
    session,
    client,
    issued,
    mostAtOnce: () => most,
    letPass: (ms) => {
      passedMs += ms
    },
  }
}
