import { expect, test } from 'vitest'
import { simulate } from '#test/sync/simulate'

/** More of them: `npm run simulate`. */
const FIRST = 1
const SEEDS = Array.from({ length: 30 }, (_, index) => FIRST + index)

test.concurrent.each(SEEDS)('life %i ends with both sides as they should be', async (seed) => {
  expect(Object.keys(await simulate(seed)).length).toBeGreaterThanOrEqual(0)
})

test.concurrent('the same seed ends in the same tree', async () => {
  expect(await simulate(4711)).toEqual(await simulate(4711))
})
