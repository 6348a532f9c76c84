import { expect, test } from 'vitest'
import type { QueueStatus } from '#app/ipc'
import { standstill, type Standstill } from '../../../renderer/banners.ts'

type Reason = NonNullable<QueueStatus['blocked']>['reason']

test.each<[Reason | undefined, boolean, Standstill | undefined]>([
  [undefined, false, undefined],
  [undefined, true, 'paused'],
  ['signed-out', false, 'signed-out'],
  ['signed-out', true, 'signed-out'],
  ['storage', false, 'storage'],
  ['storage', true, 'storage'],
  ['proxy', false, 'proxy'],
  ['proxy', true, 'paused'],
  ['offline', false, 'offline'],
  ['offline', true, 'paused'],
  ['rate-limited', false, 'rate-limited'],
  ['rate-limited', true, 'paused'],
  ['battery', false, 'battery'],
  ['battery', true, 'paused'],
  ['metered', false, 'metered'],
  ['metered', true, 'paused'],
])('blocked: %s, paused: %s', (reason, paused, told) => {
  expect(
    standstill({
      speed: 0,
      running: 0,
      ...(reason ? { blocked: { reason } } : {}),
      ...(paused ? { paused: {} } : {}),
    }),
  ).toBe(told)
})
