/**
 * `npm run setup`: everything that building, running and testing needs, from a bare Debian 12 with git, Node and npm.
 * Installs only what is missing, so it may run before every command. `-- --electron=official` tries that download again.
 */
import { pathToFileURL } from 'node:url'
import { ensureDebianPackages } from './setup/debian.mjs'
import { ensureElectron } from './setup/electron.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'
import { manifest } from './support/manifest.mjs'
import { Told, runMain } from './support/process.mjs'

/** @param {{ electron?: boolean, official?: boolean }} [options] `electron: false` leaves Electron out. */
export async function setUp({ electron = true, official = false } = {}) {
  checkNode()
  await ensureDebianPackages()
  await ensureNpmPackages()
  if (electron) await ensureElectron({ official })
}

function checkNode() {
  const { engines } = manifest()
  const parts = (/** @type {string} */ version) => version.replace(/^\D*/, '').split('.').map(Number)
  const [have, need] = [parts(process.version), parts(engines.node)]
  const differs = need.findIndex((part, at) => part !== have[at])
  const isOlder = differs >= 0 && (have[differs] ?? 0) < (need[differs] ?? 0)
  if (isOlder)
    throw new Told(`Node ${engines.node} is needed; this is ${process.version}. See https://nodejs.org.`)
  console.log(`node: ${process.version}.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await setUp({ official: process.argv.includes('--electron=official') })
    return 0
  })
}
