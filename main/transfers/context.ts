import { DriveError } from '#app/errors'
import type { Cloud } from '../cloud/client.ts'
import { trustUploadServer } from '../cloud/hosts.ts'
import type { Limiter } from '../cloud/limiter.ts'
import type { ProxySource } from '../cloud/routes.ts'
import type { Target, TransferJobs } from '../workers/jobs.ts'
import type { Pool } from '../workers/pool.ts'
import type { AccountFacts } from './account-facts.ts'
import type { Gate } from './gate.ts'
import type { Destination, RemoteIndex } from './remote-index.ts'
import type { Servers } from './servers.ts'
import type { Slots } from './slots.ts'
import type { Uplink } from './uplink.ts'

/** Where tokens come from. The engine never stores one. */
export interface TokenSource {
  /** Fails as `signed-out` when there is none. */
  current(): Promise<string>
  /** The platform refused this one: a newer one, or a failure (`unauthorized`, `token-limit`). One renewal serves all who ask. */
  renew(refused: string, failure: DriveError['failure']): Promise<string>
}

/** Numbers with a reason; the tests choose others. */
export interface Tuning {
  /** Files up to this size go in one request (design 3.3). */
  readonly singleStepMaxBytes: number
  /** Slices on the wire at once (design 3.5), and as many small files beside them. */
  readonly concurrency: number
  /** No byte moved for this long: the gateway itself gives up after about 60 s. */
  readonly stallMs: number
  /** A speed limit makes no request last longer: never past 45 s (design 3.5), and the line and the platform take their time too. */
  readonly stretchMs: number
  /** The upload limit to begin with, bytes per second; without it there is none. */
  readonly upBytesPerSecond?: number | undefined
  /** Spec: one second between two questions whether it is complete. */
  readonly pollMs: number
}

export const DEFAULT_TUNING: Tuning = {
  singleStepMaxBytes: 8 * 1024 ** 2,
  concurrency: 3,
  stallMs: 60_000,
  stretchMs: 40_000,
  pollMs: 1000,
}

/** Everything a running transfer shares with the others. */
export interface TransferContext {
  readonly cloud: Cloud
  readonly limiter: Limiter
  readonly tokens: TokenSource
  readonly routes: ProxySource
  readonly account: AccountFacts
  readonly pool: Pool<TransferJobs>
  readonly index: RemoteIndex
  readonly gate: Gate
  readonly slots: Slots
  readonly servers: Servers
  readonly uplink: Uplink
  readonly tuning: Tuning
  /** The slice size the platform last named: what the hash pass prepares for. */
  readonly lastSliceSize: { bytes: number }
  /** Until then a folder that is missing may be in the making for a process that has ended: milliseconds since 1970. */
  readonly foldersFrom: { at: number }
  /** Whether another transfer goes to that place, or has put the file of that id there, now or in an earlier run. */
  readonly isOfAnother: (to: Destination, fileID: number) => boolean
  readonly domains: (signal: AbortSignal) => Promise<readonly string[]>
  readonly now: () => number
}

/** Where a request with content goes, by which way, as whom, and how fast. */
export async function targetOf(
  { routes, tuning, uplink }: TransferContext,
  host: string,
  token: string,
): Promise<Target> {
  const { stallMs, stretchMs } = tuning
  const route = await routes.routeFor(trustUploadServer(host).origin)
  return { host, route, token, stallMs, stretchMs, throttle: uplink.throttle.memory }
}

/** Runs something with the token; when the platform refuses it, once more with a renewed one (design 3, Retry). */
export async function authorized<T>(tokens: TokenSource, use: (token: string) => Promise<T>): Promise<T> {
  const token = await tokens.current()
  try {
    return await use(token)
  } catch (thrown) {
    if (!(thrown instanceof DriveError) || (thrown.code !== 'unauthorized' && thrown.code !== 'token-limit'))
      throw thrown
    return use(await tokens.renew(token, thrown.failure))
  }
}
