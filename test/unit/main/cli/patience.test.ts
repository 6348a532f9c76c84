import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Failure } from '#app/errors'
import { MOST_TRIES, OFFLINE_MS, Patience } from '#main/cli/patience'

const gaveUp = vi.fn<(failure: Failure) => void>()
const timeout: Failure = { code: 'timeout', message: 'No answer' }

beforeEach(() => {
  vi.useFakeTimers()
  gaveUp.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

test('no way to the platform is waited for, for a while, however often it is looked for', () => {
  const patience = new Patience(gaveUp)
  patience.look({ status: 'offline' })
  vi.advanceTimersByTime(OFFLINE_MS - 1)
  patience.look({ status: 'scanning' })
  patience.look({ status: 'offline' })
  expect(gaveUp).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(gaveUp).toHaveBeenCalledWith({ code: 'offline', message: 'No way to the platform' })
})

test('a way that is there again is waited for anew', () => {
  const patience = new Patience(gaveUp)
  patience.look({ status: 'offline' })
  patience.look({ status: 'comparing' })
  vi.advanceTimersByTime(OFFLINE_MS)
  expect(gaveUp).not.toHaveBeenCalled()
})

test('what fails again and again as a whole ends the run, each failure counted once', () => {
  const patience = new Patience(gaveUp)
  for (let until = 1; until <= MOST_TRIES; until++)
    for (let told = 0; told < 3; told++) patience.look({ status: 'waiting', until, failure: timeout })
  expect(gaveUp).not.toHaveBeenCalled()
  patience.look({ status: 'waiting', until: MOST_TRIES + 1, failure: timeout })
  expect(gaveUp).toHaveBeenCalledWith(timeout)
})

test('files that are being written are waited for as long as they are', () => {
  const patience = new Patience(gaveUp)
  for (let until = 1; until < 100; until++) patience.look({ status: 'waiting', until })
  expect(gaveUp).not.toHaveBeenCalled()
})
