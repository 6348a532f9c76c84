import { expect, test } from 'vitest'
import { Gate } from '#main/transfers/gate'
import { settled } from '#test/deferred'
import { failureOf } from '#test/failures'

const forever = new AbortController().signal

test('a path that somebody makes is closed to others until it is given back', () => {
  const gate = new Gate()
  const leave = gate.tryEnter(['0:/a', '0:/a/b'])
  expect(leave).toBeDefined()
  expect(gate.tryEnter(['0:/a'])).toBeUndefined()
  leave?.(['0:/a'])
  expect(gate.tryEnter(['0:/a'])).toBeDefined()
  expect(gate.tryEnter(['0:/a/b'])).toBeUndefined()
})

test('who cannot have all paths takes none', () => {
  const gate = new Gate()
  gate.tryEnter(['0:/a'])
  expect(gate.tryEnter(['0:/b', '0:/a'])).toBeUndefined()
  expect(gate.tryEnter(['0:/b'])).toBeDefined()
})

test('other paths go in side by side', () => {
  const gate = new Gate()
  expect(gate.tryEnter(['0:/a'])).toBeDefined()
  expect(gate.tryEnter(['7:/a'])).toBeDefined()
  expect(gate.tryEnter([])).toBeDefined()
})

test('all who wait are told when somebody leaves', async () => {
  const gate = new Gate()
  const leave = gate.tryEnter(['0:/a'])
  let told = 0
  for (let one = 0; one < 3; one++) void gate.changed(forever).then(() => told++)
  await settled()
  expect(told).toBe(0)
  leave?.(['0:/a'])
  await settled()
  expect(told).toBe(3)
})

test('who is cancelled while waiting waits no more', async () => {
  const gate = new Gate()
  gate.tryEnter(['0:/a'])
  const controller = new AbortController()
  const waiting = failureOf(gate.changed(controller.signal))
  controller.abort()
  expect((await waiting).code).toBe('cancelled')
  expect((await failureOf(gate.changed(AbortSignal.abort()))).code).toBe('cancelled')
})
