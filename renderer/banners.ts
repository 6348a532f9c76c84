import type { QueueStatus } from '#app/ipc'

/** Why nothing goes up, while nothing does. */
export type Standstill = NonNullable<QueueStatus['blocked']>['reason'] | 'paused'

/** What a person must do comes first, then what a person has done, then what passes by itself. */
const RANK: Readonly<Record<Standstill, number>> = {
  'signed-out': 0,
  storage: 1,
  paused: 2,
  proxy: 3,
  offline: 4,
  'rate-limited': 5,
}

/** The one to tell when several hold. */
export function standstill({ blocked, paused }: QueueStatus): Standstill | undefined {
  if (!paused) return blocked?.reason
  return blocked && RANK[blocked.reason] < RANK.paused ? blocked.reason : 'paused'
}
