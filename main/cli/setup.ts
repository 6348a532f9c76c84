import type { Worker } from 'node:worker_threads'
import { DriveError, toFailure } from '#app/errors'
import { routeFromEnvironment } from '#app/proxy'
import { CLI_RETRY } from '#app/retry'
import type { Credentials, Session } from '#app/session'
import type { Tuning } from '../transfers/context.ts'
import { createCloud, type Cloud } from '../cloud/client.ts'
import { DEFAULT_API_URL, trustApiUrl } from '../cloud/hosts.ts'
import { Limiter } from '../cloud/limiter.ts'
import { environmentProxies, type ProxySource } from '../cloud/routes.ts'
import { dataFolder } from '../data-folder.ts'
import { createEngine, type Engine, type EngineOptions } from '../engine/engine.ts'
import { AccountSession } from '../session/account-session.ts'
import { systemKeychain } from '../session/keychain.ts'
import { credentialsFrom } from '../session/secret.ts'
import { usage } from './options.ts'
import type { WrongUse } from './texts.ts'

/** What the environment says (design 6). */
type StartThread = (name: 'transfer' | 'scan') => Worker

export interface CliSetup {
  readonly apiUrl: string
  readonly dataDir: string
  readonly environment: Credentials | undefined
  readonly proxies: ProxySource
  readonly rateLimit: 'on' | 'off'
  /** The built threads lie beside the program's entry. */
  readonly startThread: StartThread
}

/** JSON calls of the account alone; the engine has a client of its own. */
const STALL_MS = 30_000

export function readSetup(env: NodeJS.ProcessEnv, wrong: WrongUse, startThread: StartThread): CliSetup {
  const environment = readEnvironment(env, wrong)
  const apiUrl = readApiUrl(env['PAN123_API_URL'] || DEFAULT_API_URL, wrong)
  const route = routeFromEnvironment(env, apiUrl)
  if (route.kind === 'unusable') throw usage(wrong.address(route.variable, route.value))
  return {
    apiUrl,
    dataDir: dataFolder(env),
    environment,
    proxies: environmentProxies(env),
    rateLimit: env['PAN123_RATE_LIMIT'] === 'off' ? 'off' : 'on',
    startThread,
  }
}

/** A wrong value is a wrong use of the command: the person is told which variable it is. */
function readApiUrl(given: string, wrong: WrongUse): string {
  try {
    return trustApiUrl(given)
  } catch (thrown) {
    const { code, detail = given } = toFailure(thrown)
    if (code === 'invalid-argument') throw usage(wrong.address('PAN123_API_URL', detail))
    if (code === 'insecure-server') throw usage(wrong.openAddress('PAN123_API_URL', detail))
    throw thrown
  }
}

function readEnvironment(env: NodeJS.ProcessEnv, wrong: WrongUse): Credentials | undefined {
  try {
    return credentialsFrom(env)
  } catch (thrown) {
    if (thrown instanceof DriveError) throw usage(wrong.together('PAN123_CLIENT_ID', 'PAN123_CLIENT_SECRET'))
    // The reason would quote the value.
    throw new DriveError('unauthorized', 'The token in the environment has characters no token has', {
      cause: toFailure(thrown).code,
    })
  }
}

/** `signal`: the person does not want to wait for the platform's answer any more. */
export function openSession(setup: CliSetup, signal = new AbortController().signal): AccountSession {
  const cloud: Cloud = createCloud({
    apiUrl: setup.apiUrl,
    limiter: new Limiter({ off: false }),
    routes: setup.proxies,
    stallMs: STALL_MS,
  })
  return new AccountSession({
    api: {
      issueToken: (clientID, clientSecret) => cloud.issueToken(clientID, clientSecret, signal),
      account: (token) => cloud.account(token, signal),
    },
    keychain: systemKeychain(),
    keychainAccount: setup.apiUrl,
    environment: setup.environment,
    now: Date.now,
    onChange: () => undefined,
  })
}

/** Signed in, or a DriveError that says why not. */
export async function requireSession(session: AccountSession): Promise<Session & { status: 'signed-in' }> {
  const state = await session.start()
  if (state.status === 'signed-in') return state
  throw state.reason ? DriveError.from(state.reason) : new DriveError('signed-out', 'Nobody is signed in')
}

export function openEngine(
  setup: CliSetup,
  session: AccountSession,
  tuning: Partial<Tuning>,
  rest: Pick<
    EngineOptions,
    'onChange' | 'onStatus' | 'onPairs' | 'onSyncEvents' | 'store' | 'problems' | 'pairs' | 'setAside'
  >,
): Engine {
  return createEngine({
    apiUrl: setup.apiUrl,
    tokens: session,
    proxies: setup.proxies,
    retry: CLI_RETRY,
    tuning,
    rateLimit: setup.rateLimit,
    startTransferThread: () => setup.startThread('transfer'),
    startScanThread: () => setup.startThread('scan'),
    ...rest,
  })
}
