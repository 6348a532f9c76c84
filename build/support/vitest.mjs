/** Runs one Vitest project and counts what came out, from its JSON report: the console is for people. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runNode } from './process.mjs'

/** @typedef {{ passed: number, failed: number }} Count */

/**
 * @param {string} project A project's name in test/vitest.config.ts.
 * @param {NodeJS.ProcessEnv} [env] Added to ours.
 * @returns {Promise<Count>}
 */
export async function runProject(project, env = {}) {
  const report = join(ROOT, 'out/test', `${project}.json`)
  mkdirSync(join(ROOT, 'out/test'), { recursive: true })
  rmSync(report, { force: true })
  const args = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    ...['run', '--config', 'test/vitest.config.ts', '--root', ROOT, '--project', project],
    ...['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report],
    // The thresholds for app/ stand in the configuration; the other suites go through threads, which it does not see.
    ...(project === 'unit' ? ['--coverage'] : []),
  ]
  const { code } = await runNode(args, { env })
  return count(report, code)
}

/**
 * A suite that did not load has no failed test of its own, and a run that crashed may have no report at all: each counts
 * as one failure.
 * @param {string} file
 * @param {number} code
 * @returns {Count}
 */
function count(file, code) {
  const { passed, failed } = countReport(file)
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed }
}

/** @param {string} file @returns {Count} */
function countReport(file) {
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 0 }
  }
  let [passed, failed] = [0, 0]
  for (const suite of report.testResults) {
    const of = (/** @type {string} */ status) =>
      suite.assertionResults.filter((test) => test.status === status).length
    passed += of('passed')
    failed += of('failed') || (suite.status === 'failed' ? 1 : 0)
  }
  return { passed, failed }
}
