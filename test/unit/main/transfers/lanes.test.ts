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
  for (const [position, name] of ['B1', 'B2'].entries()) lanes.push('big', id(name), position)
  for (const [position, name] of ['s1', 's2', 's3'].entries()) lanes.push('small', id(name), position)
  expect(takeAll(lanes).toSorted()).toEqual(['B1', 's1', 's2'])
  lanes.leave('small')
  expect(takeAll(lanes)).toEqual(['s3'])
  lanes.leave('big')
  expect(takeAll(lanes)).toEqual(['B2'])
})

test('the foremost on the list goes first, whenever it came', () => {
  const lanes = new Lanes({ small: 3, big: 1 })
  for (const position of [3, -1, 2]) lanes.push('small', id(`at ${position}`), position)
  expect(takeAll(lanes)).toEqual(['at -1', 'at 2', 'at 3'])
})

test('one that gets another place waits there, and nowhere else', () => {
  const lanes = new Lanes({ small: 9, big: 1 })
  for (const position of [1, 2, 3]) lanes.push('small', id(`was at ${position}`), position)
  lanes.move(id('was at 3'), 0)
  lanes.move(id('was at 1'), 9)
  lanes.move(id('is not there'), 5)
  expect(takeAll(lanes)).toEqual(['was at 3', 'was at 2', 'was at 1'])
  expect(lanes.running).toBe(3)
})

test('two in one place, which nobody gives them, both run', () => {
  const lanes = new Lanes({ small: 9, big: 1 })
  for (const name of ['a', 'b', 'c']) lanes.push('small', id(name), 1)
  lanes.move(id('a'), 2)
  expect(takeAll(lanes).toSorted()).toEqual(['a', 'b', 'c'])
})

test('one that no longer wants to run takes no place', () => {
  const lanes = new Lanes({ small: 1, big: 1 })
  for (const [position, name] of ['s1', 's2'].entries()) lanes.push('small', id(name), position)
  expect(takeAll(lanes, (given) => given !== id('s1'))).toEqual(['s2'])
  expect(lanes.running).toBe(1)
})

test('asked for twice it runs once', () => {
  const lanes = new Lanes({ small: 5, big: 1 })
  lanes.push('small', id('s1'), 1)
  lanes.push('small', id('s1'), 1)
  expect(takeAll(lanes)).toEqual(['s1'])
})
