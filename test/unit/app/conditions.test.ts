import { describe, expect, test } from 'vitest'
import {
  holdOf,
  isUploading,
  NO_CONDITIONS,
  observe,
  readsCosting,
  readsMetered,
  readsOnBattery,
  waive,
  wantedHolds,
  type Conditions,
  type HoldReason,
} from '#app/conditions'
import type { QueueStatus } from '#app/ipc'

const battery = (on: boolean) => (all: Conditions) => observe(all, 'battery', on)
const metered = (on: boolean) => (all: Conditions) => observe(all, 'metered', on)

test.each<[string, readonly ((all: Conditions) => Conditions)[], HoldReason | undefined]>([
  ['nothing', [], undefined],
  ['the battery', [battery(true)], 'battery'],
  ['the battery, and no more', [battery(true), battery(false)], undefined],
  ['the network', [metered(true)], 'metered'],
  ['both', [metered(true), battery(true)], 'battery'],
  ['both, and the battery no more', [metered(true), battery(true), battery(false)], 'metered'],
  ['both, and all of it waived', [metered(true), battery(true), waive], undefined],
  ['what comes after a waiver', [battery(true), waive, metered(true)], 'metered'],
  ['a waived one that still holds', [battery(true), waive, battery(true)], undefined],
  [
    'a waived one that ended and came again',
    [battery(true), waive, battery(false), battery(true)],
    'battery',
  ],
  ['a waiver of nothing', [waive, battery(true)], 'battery'],
])('held up by %s', (_, steps, hold) => {
  expect(holdOf(steps.reduce((all, step) => step(all), NO_CONDITIONS))).toBe(hold)
})

test('only what a person has chosen is looked at', () => {
  expect([...wantedHolds({ pauseOnBattery: false, pauseOnMetered: false })]).toEqual([])
  expect([...wantedHolds({ pauseOnBattery: true, pauseOnMetered: true })]).toEqual(['battery', 'metered'])
})

describe('what systems say', () => {
  test.each([
    ['   variant       boolean true\n', true],
    ['   variant       boolean false\n', false],
    ['', false],
  ])('UPower: %j', (printed, holds) => {
    expect(readsOnBattery(printed)).toBe(holds)
  })
  test.each([
    ['   variant       uint32 0\n', false],
    ['   variant       uint32 1\n', true],
    ['   variant       uint32 2\n', false],
    ['   variant       uint32 3\n', true],
    ['   variant       uint32 4\n', false],
    ['   variant       uint32 13\n', false],
  ])('NetworkManager: %j', (printed, holds) => {
    expect(readsMetered(printed)).toBe(holds)
  })
  test.each([
    ['Unrestricted\r\n', false],
    ['Unknown\r\n', false],
    ['Fixed\r\n', true],
    ['Variable\r\n', true],
    ['', false],
  ])('Windows: %j', (printed, holds) => {
    expect(readsCosting(printed)).toBe(holds)
  })
})

test.each<[boolean, Partial<QueueStatus>]>([
  [false, {}],
  [true, { running: 1 }],
  [false, { running: 1, paused: {} }],
  [false, { running: 1, blocked: { reason: 'offline' } }],
  [false, { running: 1, blocked: { reason: 'battery' } }],
])('files are on their way: %s with %j', (is, status) => {
  expect(isUploading({ speed: 0, running: 0, ...status })).toBe(is)
})
