import { parseArgs } from 'node:util'
import { runRound } from './round.ts'

/**
 * `npm run crash -- [--rounds 200] [--seed N]`: kills the command line at random moments, round after round, and looks whether every
 * file still arrives once and whole. A failing round prints its seed; `--rounds 1 --seed N` plays it again.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
})
const first = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed)
const rounds = Number(values.rounds)
console.log(`crash test: ${rounds} rounds from seed ${first}`)
let failed = 0
const total = { kills: 0, bytes: 0, sentBytes: 0 }
for (let seed = first; seed < first + rounds; seed++) {
  const { problems, kills, bytes, sentBytes } = await runRound(seed)
  total.kills += kills
  total.bytes += bytes
  total.sentBytes += sentBytes
  if (problems.length === 0) continue
  failed++
  console.log(`seed ${seed}: FAILED\n  ${problems.join('\n  ')}`)
}
console.log(
  `${total.kills} kills; ${(total.sentBytes / total.bytes).toFixed(3)} times the bytes were sent; ` +
    `${rounds - failed} rounds passed, ${failed} failed`,
)
process.exitCode = failed === 0 ? 0 : 1
