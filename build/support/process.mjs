/**
 * Starting other programs, and making sure that they end with us: the one place that knows about signals.
 * Plain Node, because set-up runs before there are any packages.
 */
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The checkout's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/** How long a child may take to end by itself once it was asked to. */
const GRACE_MS = 5_000

/** A failure whose message says all that is needed: shown without a stack. */
export class Told extends Error {}

const interruption = new AbortController()

/** Aborted when the person interrupts: give it to every wait, so that the way out is open at once. */
export const interrupted = interruption.signal

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] Added to ours; `undefined` removes a variable.
 * @property {string} [cwd]
 * @property {boolean} [capture] Collect what it prints instead of showing it.
 * @property {boolean} [group] Give it a process group of its own, all of which ends when it ends. For a program
 *   that starts others and does not end them itself (xvfb-run, dbus-run-session). It gets no keyboard. Not on Windows.
 * @property {number} [timeoutMs] End it after this long; its exit code is then 124, as with timeout(1).
 */

/** @typedef {{ code: number, output: string }} Ended `output` is stdout and stderr together, empty unless captured. */

/**
 * Runs a program to its end. A failing one is no exception: a program that cannot be started has exit code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 */
export async function run(command, args, options = {}) {
  const { child, stop, ended } = start(command, args, options)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text))
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text))
  child.on('error', (error) => (output += error.message))
  let timedOut = false
  const expire = () => {
    timedOut = true
    stop()
  }
  const timer = options.timeoutMs ? setTimeout(expire, options.timeoutMs) : undefined
  const code = await ended
  clearTimeout(timer)
  return { code: timedOut ? 124 : code, output }
}

/**
 * Runs a JavaScript program, ours or a package's, with the Node that runs us.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export const runNode = (args, options) => run(process.execPath, args, options)

/**
 * Starts a program that stays until `stop` is called, or the person interrupts.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Omit<RunOptions, 'timeoutMs'>} [options]
 */
export function start(command, args, { env = {}, cwd = ROOT, capture = false, group = false } = {}) {
  interrupted.throwIfAborted()
  const ownGroup = group && process.platform !== 'win32'
  const output = capture ? 'pipe' : 'inherit'
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [capture || ownGroup ? 'ignore' : 'inherit', output, output],
    detached: ownGroup,
  })

  /** Sends a signal and says whether there was anybody left to get it. @param {NodeJS.Signals | 0} signal */
  const kill = (signal) => {
    try {
      return ownGroup && child.pid ? process.kill(-child.pid, signal) : child.kill(signal)
    } catch {
      return false
    }
  }
  const stop = () => {
    kill('SIGTERM')
    setTimeout(() => kill('SIGKILL'), GRACE_MS).unref()
  }
  const endTheRest = async () => {
    const deadline = Date.now() + GRACE_MS
    kill('SIGTERM')
    while (kill(0) && Date.now() < deadline) await sleep(20)
    kill('SIGKILL')
  }

  interrupted.addEventListener('abort', stop, { once: true })
  /** @type {Promise<number>} */
  const closed = new Promise((resolve) => {
    child.on('error', () => resolve(127))
    child.on(capture ? 'close' : 'exit', (code) => resolve(code ?? 1))
  })
  const ended = closed.then(async (code) => {
    interrupted.removeEventListener('abort', stop)
    if (ownGroup) await endTheRest()
    return code
  })
  return { child, stop, ended }
}

/**
 * Runs a command's main function so that an interrupt ends all children and the `finally` blocks on the way out
 * (temporary folders) are run. A second interrupt ends at once.
 * @param {() => Promise<number>} main Returns the exit code.
 */
export async function runMain(main) {
  let signalled = 0
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      if (signalled) process.exit(code)
      signalled = code
      interruption.abort(new Told('interrupted'))
    })
  }
  try {
    const code = await main()
    process.exitCode = signalled || code
  } catch (error) {
    if (!signalled) console.error(error instanceof Told ? error.message : error)
    process.exitCode = signalled || 1
  }
}
