import { parseArgs } from 'node:util'
import { fails, shrink, sizeFor } from '../support/sync/check-plans.ts'

/**
 * The planner against as many random cases as are asked for: `npm run fuzz -- [--cases 100000] [--seed 0]`. Each seed is a case; one that
 * fails is made as small as it can be and told. It belongs into test/unit/app/sync/reconcile-fuzz.test.ts then.
 */
const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '0' } },
})
const [first, cases] = [Number(values.seed), Number(values.cases)]
const startedAt = performance.now()
let failed = 0
for (let seed = first; seed < first + cases; seed++) {
  const size = sizeFor(seed)
  if (fails(seed, size) === undefined) continue
  failed++
  const small = shrink(seed, size)
  console.log(`seed ${seed}, ${JSON.stringify(small)}: ${fails(seed, small)}`)
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
console.log(
  `${cases - failed} passed, ${failed} failed (seeds ${first} to ${first + cases - 1}, ${seconds} s)`,
)
process.exitCode = failed > 0 ? 1 : 0
