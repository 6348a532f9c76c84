/** The npm packages of package-lock.json, installed only when they are not what the lock says. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, Told, run, runNode } from '../support/process.mjs'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Locked */

/**
 * Errors only: npm's warnings are about packages of our tools (engines, deprecations), and nobody who installs can do a thing about them.
 * @public For its test.
 */
export const INSTALL = ['ci', '--no-audit', '--no-fund', '--loglevel=error']

/** Installs what is missing and sees to it that keytar, the one package compiled here, really loads. */
export async function ensureNpmPackages() {
  if (isAsLocked()) {
    console.log('npm: node_modules is what package-lock.json says.')
  } else {
    console.log('npm: installing packages (npm ci; compiles keytar, a minute or so).')
    const { code } = await npm(INSTALL)
    if (code !== 0) throw new Told(`npm ci failed (exit code ${code}).`)
  }
  if (await keytarLoads()) return
  console.log('npm: keytar does not load; compiling it again.')
  await npm(['rebuild', 'keytar', '--loglevel=error'])
  if (!(await keytarLoads())) throw new Told('keytar could not be built: see the messages above.')
}

/**
 * Compares the lock with what npm noted at the end of its last install: an interrupted install has left no note.
 * Packages for other platforms are in the lock only.
 */
function isAsLocked() {
  const installed = packagesIn(join(ROOT, 'node_modules/.package-lock.json'))
  const locked = packagesIn(join(ROOT, 'package-lock.json'))
  if (!installed || !locked) return false
  const paths = new Set([...Object.keys(installed), ...Object.keys(locked)])
  paths.delete('')
  return [...paths].every((path) => {
    const have = installed[path]
    const want = locked[path]
    if (!have) return want?.optional === true
    return have.version === want?.version && have.integrity === want?.integrity
  })
}

/** @param {string} file @returns {Record<string, Locked> | undefined} */
function packagesIn(file) {
  if (!existsSync(file)) return undefined
  return /** @type {{ packages: Record<string, Locked> }} */ (JSON.parse(readFileSync(file, 'utf8'))).packages
}

async function keytarLoads() {
  const { code } = await runNode(['-e', 'require("keytar")'], { capture: true })
  return code === 0
}

/**
 * Runs npm: the one that runs us, if so, as `npm` itself is no program that Windows can start without a shell.
 * @param {readonly string[]} args
 * @param {import('../support/process.mjs').RunOptions} [options]
 */
export function npm(args, options = {}) {
  const cli = process.env['npm_execpath'] ?? cliBesideNode()
  const env = { ...nodeHeaders(), ...options.env }
  return cli ? runNode([cli, ...args], { ...options, env }) : run('npm', args, { ...options, env })
}

function cliBesideNode() {
  const cli = join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')
  return existsSync(cli) ? cli : undefined
}

/** Node's own headers where they came with it: else node-gyp downloads them. @returns {NodeJS.ProcessEnv} */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {}
}
