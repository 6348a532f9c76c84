/** The real app, signed in to the emulated platform, with a data folder of its own. */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT, interrupted, run, start } from '../support/process.mjs'

/** How long the app may take to open its window, or to hand something to the one that runs. */
const OPEN_MS = 30_000
/** How much of what the app wrote is kept, to be shown when something went wrong. */
const KEPT_CHARACTERS = 8_000

/**
 * @typedef {object} RunningApp
 * @property {Promise<unknown>} ended
 * @property {() => string} log The end of what it wrote.
 * @property {(file: string) => Promise<void>} photograph Takes a picture of the window; not while a person has it.
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ url: string, token: string }} platform
 * @param {string} dataFolder
 */
export function appFor({ url, token }, dataFolder) {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const env = { PAN123_API_URL: url, PAN123_TOKEN: token, PAN123_DATA_DIR: dataFolder }
  const words = (/** @type {readonly string[]} */ paths) => ['.', '--upload', ...paths]
  return {
    /**
     * Starts it, with the first paths that it is to upload.
     * @param {readonly string[]} paths
     * @param {boolean} attended Is there a person who looks at it? Else Playwright drives it.
     */
    start: (paths, attended) =>
      attended ? startForPerson(words(paths), env) : startForPlaywright(words(paths), env),
    /** Starts it once more, as a right-click in the file manager does: it hands the paths to the first, and ends. */
    uploadMore: (/** @type {readonly string[]} */ paths) =>
      run(electronProgram(), words(paths), { env, capture: true, timeoutMs: OPEN_MS }),
  }
}

/** The main module of Electron's package is the path of its program. @returns {string} */
const electronProgram = () => createRequire(join(ROOT, 'package.json'))('electron')

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<RunningApp>} */
async function startForPerson(args, env) {
  const { child, stop, ended } = start(electronProgram(), args, { env, capture: true })
  return {
    ended,
    log: keepEnd(child),
    photograph: async () => {},
    stop: async () => {
      stop()
      await ended
    },
  }
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<RunningApp>} */
async function startForPlaywright(args, env) {
  const { _electron } = await import('playwright-core')
  const variables = Object.entries({ ...process.env, ...env }).filter(([, value]) => value !== undefined)
  const app = await _electron.launch({
    args,
    cwd: ROOT,
    env: /** @type {Record<string, string>} */ (Object.fromEntries(variables)),
    timeout: OPEN_MS,
  })
  const stop = () => app.close().catch(() => undefined)
  interrupted.addEventListener('abort', () => void stop())
  const ended = new Promise((resolve) => app.on('close', () => resolve(undefined)))
  try {
    const window = await app.firstWindow({ timeout: OPEN_MS })
    return {
      ended,
      log: keepEnd(app.process()),
      photograph: async (path) => void (await window.screenshot({ path })),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function keepEnd(child) {
  let end = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on(
      'data',
      (/** @type {Buffer} */ chunk) => (end = (end + chunk.toString()).slice(-KEPT_CHARACTERS)),
    )
  return () => end
}
