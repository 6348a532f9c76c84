import { parseArgs } from 'node:util'
import { setup } from '../support/build-worker.ts'
import { benchScan } from './scan.ts'
import { benchSync } from './sync.ts'

/**
 * Speed and weight against the bars of design 11, as ratios within one run: `npm run bench -- [--files 100000] [--entries 1000000]`. Wants the built app.
 * Ends with 1 when a bar is missed.
 */
const { values } = parseArgs({
  options: { files: { type: 'string', default: '100000' }, entries: { type: 'string', default: '1000000' } },
})
await setup()
const results = [...(await benchScan(Number(values.entries))), ...(await benchSync(Number(values.files)))]
for (const { what, value, bar, unit } of results)
  console.log(`${value <= bar ? 'ok    ' : 'MISSED'} ${what}: ${value.toFixed(2)}${unit} (bar ${bar}${unit})`)
process.exitCode = results.every(({ value, bar }) => value <= bar) ? 0 : 1
