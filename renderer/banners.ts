import type { QueueStatus } from '#app/ipc'

/** Why nothing goes up, while nothing does. */
export type Standstill = NonNullable<QueueStatus['blocked']>['reason'] | 'paused'

/** What a person must do comes first, then what a person has done, then what passes by itself. */
const RANK: Readonly<Record<Standstill, number>> = {
  'signed-out': 0,
  storage: 1,
  paused: 2,
  battery: 3,
  metered: 4,
  proxy: 5,
  offline: 6,
  'rate-limited': 7,
}

/** The person has said so, now or beforehand: nothing is wrong. */
export function isChosen(reason: Standstill | undefined): boolean {
  return reason === 'paused' || reason === 'battery' || reason === 'metered'
}

/** The one to tell when several hold. */
export function standstill({ blocked, paused }: QueueStatus): Standstill | undefined {
  if (!paused) return blocked?.reason
  return blocked && RANK[blocked.reason] < RANK.paused ? blocked.reason : 'paused'
}
