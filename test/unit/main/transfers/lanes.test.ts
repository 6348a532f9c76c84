import { expect, test } from 'vitest'
import type { TransferId } from '#app/transfer'
import { Lanes } from '#main/transfers/lanes'

const id = (name: string) => name as TransferId // A brand has no constructor.
const always = () => true

/** Takes all that may run now. */
function takeAll(lanes: Lanes, wantsToRun: (id: TransferId) => boolean = always): readonly string[] {
  const taken: string[] = []
  for (let next = lanes.next(wantsToRun); next; next = lanes.next(wantsToRun)) taken.push(next.id)
  return taken
}

test('small files go on while big ones fill their lane', () => {
  const lanes = new Lanes({ small: 2, big: 1 })
  for (const name of ['B1', 'B2']) lanes.push('big', id(name))
  for (const name of ['s1', 's2', 's3']) lanes.push('small', id(name))
  expect(takeAll(lanes).toSorted()).toEqual(['B1', 's1', 's2'])
  lanes.leave('small')
  expect(takeAll(lanes)).toEqual(['s3'])
  lanes.leave('big')
  expect(takeAll(lanes)).toEqual(['B2'])
})

test('the oldest goes first', () => {
  const lanes = new Lanes({ small: 3, big: 1 })
  for (const name of ['s1', 's2', 's3']) lanes.push('small', id(name))
  expect(takeAll(lanes)).toEqual(['s1', 's2', 's3'])
})

test('one that no longer wants to run takes no place', () => {
  const lanes = new Lanes({ small: 1, big: 1 })
  for (const name of ['s1', 's2']) lanes.push('small', id(name))
  expect(takeAll(lanes, (given) => given !== id('s1'))).toEqual(['s2'])
  expect(lanes.running).toBe(1)
})

test('asked for twice it runs once', () => {
  const lanes = new Lanes({ small: 5, big: 1 })
  lanes.push('small', id('s1'))
  lanes.push('small', id('s1'))
  expect(takeAll(lanes)).toEqual(['s1'])
})
