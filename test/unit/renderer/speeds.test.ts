import { describe, expect, test } from 'vitest'
import { plot, PLOT_SECONDS, remember, Speeds, type SpeedReport } from '../../../renderer/speeds.ts'
import { completing, hashing, id, transfer, uploading } from './samples.ts'

describe('the speed of a row', () => {
  const a = id('a')

  test('is unknown until something moved', () => {
    const speeds = new Speeds()
    speeds.apply({ changed: [transfer('a', uploading(50))], removed: [] }, 0)
    expect(speeds.of(a, 0)).toBeUndefined()
  })

  test('comes from one report and the next', () => {
    const speeds = new Speeds()
    speeds.apply({ changed: [transfer('a', uploading(0))], removed: [] }, 0)
    speeds.apply({ changed: [transfer('a', uploading(1000))], removed: [] }, 1000)
    speeds.apply({ changed: [transfer('a', uploading(2000))], removed: [] }, 2000)
    expect(speeds.of(a, 3000)).toBe(1000)
  })

  test('tells the time left only once it has been steady', () => {
    const speeds = new Speeds()
    for (let at = 0; at <= 4000; at += 500)
      speeds.apply({ changed: [transfer('a', uploading(at))], removed: [] }, at)
    expect(speeds.isSteady(a, 3400)).toBe(false)
    expect(speeds.isSteady(a, 4000)).toBe(true)
    expect(speeds.isSteady(id('unknown'), 4000)).toBe(false)
  })

  test('falls to nothing when nothing moves any more', () => {
    const speeds = new Speeds()
    speeds.apply({ changed: [transfer('a', uploading(0))], removed: [] }, 0)
    speeds.apply({ changed: [transfer('a', uploading(1000))], removed: [] }, 1000)
    expect(speeds.of(a, 60_000)).toBe(0)
  })

  test('starts anew with each phase, and when the server lost something', () => {
    const speeds = new Speeds()
    speeds.apply({ changed: [transfer('a', hashing(0))], removed: [] }, 0)
    speeds.apply({ changed: [transfer('a', hashing(900))], removed: [] }, 1000)
    speeds.apply({ changed: [transfer('a', uploading(950))], removed: [] }, 2000)
    expect(speeds.of(a, 2000)).toBeUndefined()
    speeds.apply({ changed: [transfer('a', uploading(100))], removed: [] }, 3000)
    expect(speeds.of(a, 3000)).toBeUndefined()
  })

  test('ends with the phase, and with the row', () => {
    const speeds = new Speeds()
    const move = (sent: number, at: number): void =>
      speeds.apply({ changed: [transfer('a', uploading(sent))], removed: [] }, at)
    move(0, 0)
    move(10, 1000)
    speeds.apply({ changed: [transfer('a', completing)], removed: [] }, 1500)
    expect(speeds.of(a, 1500)).toBeUndefined()
    move(0, 2000)
    move(10, 3000)
    speeds.apply({ changed: [], removed: [a] }, 3500)
    expect(speeds.of(a, 3500)).toBeUndefined()
  })
})

describe('the plot', () => {
  const now = 100_000

  test('has a value for each of the last sixty seconds', () => {
    expect(plot([], now)).toEqual(Array.from({ length: PLOT_SECONDS }, () => 0))
  })

  test('holds the last report until the next', () => {
    const values = plot(
      [
        { at: now - 10_000, speed: 5 },
        { at: now - 4000, speed: 0 },
      ],
      now,
    )
    expect(values.slice(-12)).toEqual([0, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0])
  })

  test('shows the highest of several in one second', () => {
    const values = plot(
      [
        { at: now - 900, speed: 3 },
        { at: now - 500, speed: 9 },
        { at: now, speed: 4 },
      ],
      now,
    )
    expect(values.at(-1)).toBe(9)
  })

  test('begins with what was said before it', () => {
    expect(plot([{ at: 0, speed: 7 }], now)[0]).toBe(7)
  })
})

test('only what the plot can still show is remembered, and the one before', () => {
  let reports: readonly SpeedReport[] = []
  for (let at = 0; at <= 300_000; at += 1000) reports = remember(reports, { at, speed: at })
  expect(reports.length).toBe(PLOT_SECONDS + 1)
  expect(reports[0]?.at).toBe(240_000)
})
