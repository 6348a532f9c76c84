import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatDuration } from '../../../renderer/format.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  vi.resetModules()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a wait of 20 s is never shown as 21, however long ago the clock ticked', async () => {
  const { msUntil, now } = await import('../../../renderer/clock.ts')
  vi.advanceTimersByTime(900)
  expect(now.value).toBe(0)
  const retryAt = Date.now() + 20_000
  expect(formatDuration(msUntil(retryAt), 'en')).toBe('20 sec')
  vi.advanceTimersByTime(5100)
  expect(now.value).toBe(6000)
  expect(msUntil(retryAt)).toBe(14_900)
})
