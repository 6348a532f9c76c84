import { parseArgs } from 'node:util'
import { setup } from '../support/build-worker.ts'
import { simulate } from '../support/sync/simulate.ts'

/** Whole lives of a pair, as many as are asked for: `npm run simulate -- [--lives 300] [--seed 1]`. The seed of one that fails is told. */
const { values } = parseArgs({
  options: { lives: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
})
const [first, lives] = [Number(values.seed), Number(values.lives)]
await setup()
const startedAt = performance.now()
let failed = 0
for (let seed = first; seed < first + lives; seed++) {
  try {
    await simulate(seed)
  } catch (thrown) {
    failed++
    console.log(`seed ${seed}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
console.log(
  `${lives - failed} passed, ${failed} failed (seeds ${first} to ${first + lives - 1}, ${seconds} s)`,
)
process.exitCode = failed > 0 ? 1 : 0
