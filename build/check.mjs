/**
 * `npm run check`: all that can be said about the code without running it. Every step runs, and the end says which failed.
 *
 *   node build/check.mjs [types | lint | format | layers | dead]...
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, Told, runMain, runNode } from './support/process.mjs'

const CODE_FOLDERS = ['app', 'main', 'preload', 'renderer', 'test', 'build']

/** Each a package's program and its arguments. Their settings are in the files that these name, or at the root. */
const STEPS = /** @type {const} */ ({
  types: ['vue-tsc/bin/vue-tsc.js', '-b'],
  lint: ['eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.', '!**/*.md'],
  layers: [
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    'build/dependency-cruiser.cjs',
    ...CODE_FOLDERS,
  ],
  dead: ['knip/bin/knip.js', '--config', 'build/knip.jsonc', '--no-progress'],
})

/** @typedef {keyof typeof STEPS} Step */
/** @typedef {{ step: Step, ok: boolean, seconds: number, output: string }} Checked */

const ALL = /** @type {Step[]} */ (Object.keys(STEPS))

/**
 * Runs steps, as many at once as there are cores, and shows each as it ends; only a failed one shows its output.
 * @param {readonly Step[]} [steps]
 * @returns {Promise<Checked[]>}
 */
export async function check(steps = ALL) {
  const waiting = [...steps]
  /** @type {Checked[]} */
  const results = []
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await checkOne(step)
      results.push(result)
      if (!result.ok) console.log(result.output.trimEnd())
      console.log(
        `${result.ok ? 'ok    ' : 'FAILED'} ${step.padEnd(7)} ${result.seconds.toFixed(1).padStart(5)} s`,
      )
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker))
  return results
}

/** @param {Step} step @returns {Promise<Checked>} */
async function checkOne(step) {
  const [program, ...args] = STEPS[step]
  const started = performance.now()
  const { code, output } = await runNode([join(ROOT, 'node_modules', program), ...args], { capture: true })
  return { step, ok: code === 0, seconds: (performance.now() - started) / 1000, output }
}

/** @param {readonly string[]} words @returns {Step[]} */
function parse(words) {
  const unknown = words.find((word) => !Object.hasOwn(STEPS, word))
  if (unknown !== undefined) throw new Told(`No such check: ${unknown}. There are: ${ALL.join(', ')}.`)
  return words.length > 0 ? /** @type {Step[]} */ ([...words]) : ALL
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const failed = (await check(parse(process.argv.slice(2)))).filter((result) => !result.ok)
    if (failed.length > 0) console.log(`\nFailed: ${failed.map((result) => result.step).join(', ')}.`)
    return failed.length > 0 ? 1 : 0
  })
}
