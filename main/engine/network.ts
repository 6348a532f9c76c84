import type { QueueStatus } from '#app/ipc'
import type { TransferState } from '#app/transfer'
import type { Cloud } from '../cloud/client.ts'
import { forgetConnections } from '../cloud/http.ts'
import type { Routes } from '../cloud/routes.ts'
import type { TransferQueue } from '../transfers/queue.ts'
import type { TransferJobs } from '../workers/jobs.ts'
import type { Pool } from '../workers/pool.ts'
import { NetworkWatch, ownAddresses } from './network-watch.ts'

export interface NetworkOptions {
  readonly cloud: Cloud
  readonly routes: Routes
  readonly pool: Pool<TransferJobs>
  readonly queue: TransferQueue
  readonly now: () => number
  /** The platform answers again after somebody could not reach it. */
  readonly onBack: () => void
}

export interface Network {
  /** The queue says how it stands. */
  hear(status: QueueStatus): void
  /** A call did not get through. */
  miss(): void
  /** It is another one: what is open is given up, and what was sent by it is sent anew. */
  reconnect(): void
  stop(): void
}

/** Somebody who does not answer the watch's question may still take files: that is tried now and then. */
const LOST_MS = 60_000

/** What becomes of the queue and of the connections when the network is gone, back, or another one. */
export function watchNetwork({ cloud, routes, pool, queue, now, onBack }: NetworkOptions): Network {
  const disconnect = (): void => {
    routes.forget()
    forgetConnections()
    pool.tellAll('forgetConnections', null)
  }
  const beginAnew = (): void => {
    disconnect()
    queue.startAfresh()
  }
  const watch = new NetworkWatch({
    now,
    random: Math.random,
    addresses: ownAddresses,
    ask: (signal) => {
      routes.forget() // The proxy may be what is in the way, and another one by now.
      return cloud.reach(signal)
    },
    isQuiet: () => {
      const { running, speed } = queue.status()
      return running > 0 && speed === 0 && queue.list().some(({ state }) => isOnTheWire(state))
    },
    onAstray: beginAnew,
    onLost: ({ code }) => {
      disconnect()
      queue.lose(code === 'proxy-failed' ? 'proxy' : 'offline', now() + LOST_MS)
    },
    onBack: () => {
      const status = queue.status()
      // Where bytes move, they are let move.
      if (status.speed === 0) beginAnew()
      else if (isAway(status)) queue.unblock()
      onBack()
    },
  })
  return {
    hear(status) {
      if (isAway(status)) watch.miss()
    },
    miss() {
      watch.miss()
    },
    reconnect() {
      watch.rebase()
      beginAnew()
    },
    stop() {
      watch.stop()
    },
  }
}

function isOnTheWire({ status }: TransferState): boolean {
  return status === 'creating' || status === 'uploading' || status === 'completing'
}

function isAway({ blocked }: QueueStatus): boolean {
  return blocked?.reason === 'offline' || blocked?.reason === 'proxy'
}
