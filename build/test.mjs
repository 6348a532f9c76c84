/**
 * `npm test`: sets up what is missing, then check, unit, integration, build, end-to-end and packages, all of them even when
 * one fails. The last line is always `N passed, N failed`.
 *
 *   npm test [-- check | unit | integration | e2e | installed | packed]...
 *
 * `packed` is left out unless it is named: it is `e2e` once more, all of it, with the packed program in place of the built one.
 */
import { join } from 'node:path'
import { check } from './check.mjs'
import { setUp } from './setup.mjs'
import { describeElectron } from './setup/electron.mjs'
import { buildApp } from './support/build-app.mjs'
import { manifest } from './support/manifest.mjs'
import { ROOT, Told, interrupted, runMain, runNode } from './support/process.mjs'
import { runProject } from './support/vitest.mjs'

/** @typedef {import('./support/vitest.mjs').Count} Count */
/** @typedef {'check' | 'unit' | 'integration' | 'e2e' | 'installed' | 'packed'} Part */

/** @type {Record<Part, () => Promise<Count>>} In the order in which they run. */
const PARTS = {
  check: async () => {
    const results = await check()
    const failed = results.filter((result) => !result.ok).length
    return { passed: results.length - failed, failed }
  },
  unit: () => runProject('unit'),
  integration: () => runProject('integration'),
  e2e: endToEnd,
  installed: () => onPackages(['installed', 'e2e-slice']),
  packed: () => onPackages(['e2e']),
}

/** These need more time than a run of all parts is to take. @type {readonly Part[]} */
const ON_DEMAND = ['packed']

/** Makes the packages and has these projects try them. @param {readonly string[]} projects @returns {Promise<Count>} */
async function onPackages(projects) {
  if (process.platform !== 'linux') {
    console.log('Only Linux packages are tried.')
    return { passed: 0, failed: 0 }
  }
  const { code, output } = await runNode(['build/dist.mjs', '--quick'], { capture: true })
  console.log(output.trimEnd())
  if (code !== 0) return { passed: 0, failed: 1 }
  const packed = join(ROOT, 'dist/inspectable', `${manifest().name}-inspectable`)
  const tested = []
  for (const project of projects) tested.push(await runProject(project, { PAN123_PACKED: packed }))
  return sumOf(tested)
}

/** The built app. @returns {Promise<Count>} */
async function endToEnd() {
  console.log(describeElectron())
  if (!(await buildApp())) return { passed: 0, failed: 1 }
  return sumOf([await runProject('e2e'), await runProject('e2e-measuring')])
}

/** With one more, for what had to be built first. @param {readonly Count[]} counts @returns {Count} */
function sumOf(counts) {
  const sum = (/** @type {keyof Count} */ key) => counts.reduce((total, count) => total + count[key], 0)
  return { passed: sum('passed') + 1, failed: sum('failed') }
}

/** @param {readonly string[]} words @returns {Part[]} */
function parse(words) {
  const all = /** @type {Part[]} */ (Object.keys(PARTS))
  const unknown = words.find((word) => !Object.hasOwn(PARTS, word))
  if (unknown !== undefined) throw new Told(`No such part: ${unknown}. There are: ${all.join(', ')}.`)
  return all.filter((part) => (words.length > 0 ? words.includes(part) : !ON_DEMAND.includes(part)))
}

/** @param {string} name @param {() => Promise<Count>} part @returns {Promise<Count>} */
async function timed(name, part) {
  console.log(`\n=== ${name}`)
  const started = performance.now()
  const { passed, failed } = await part().catch((/** @type {unknown} */ error) => {
    interrupted.throwIfAborted()
    console.error(error instanceof Told ? error.message : error)
    return { passed: 0, failed: 1 }
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`=== ${name}: ${passed} passed, ${failed} failed (${seconds} s)`)
  return { passed, failed }
}

await runMain(async () => {
  const parts = parse(process.argv.slice(2))
  const counts = [
    await timed('set-up', async () => {
      await setUp({ electron: parts.some((part) => !['check', 'unit', 'integration'].includes(part)) })
      return { passed: 0, failed: 0 }
    }),
  ]
  // Nothing can run without its packages.
  if (counts[0]?.failed === 0) for (const part of parts) counts.push(await timed(part, PARTS[part]))
  interrupted.throwIfAborted()
  const sum = (/** @type {keyof Count} */ key) => counts.reduce((total, count) => total + count[key], 0)
  const [passed, failed] = [sum('passed'), sum('failed')]
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
})
