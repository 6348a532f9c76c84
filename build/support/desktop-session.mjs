/**
 * A desktop for one command where there is none: a session bus with a real, unlocked keyring, and a screen.
 * The home folder is its own, so nothing of the person's settings or passwords is read or changed.
 *
 *   node build/support/desktop-session.mjs COMMAND [ARG...]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { electronEnvironment } from '../setup/electron.mjs'
import { ROOT, run, runMain } from './process.mjs'

/** Does the person have a desktop that a window can open on? */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])

/**
 * Runs a command in such a session and returns its exit code. Linux only. Everything started in it ends with it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function runInDesktopSession(command, args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), '123pan-session-'))
  try {
    const script = join(ROOT, 'build/support/desktop-session.sh')
    const { code } = await run('dbus-run-session', ['--', 'bash', script, command, ...args], {
      env: { ...homeIn(folder), ...electronEnvironment(), ...env },
      group: true,
    })
    return code
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/**
 * A home of its own below `folder`, and nothing of the desktop that we may have been started from.
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
function homeIn(folder) {
  const home = join(folder, 'home')
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    // What an interrupted program leaves behind goes with the folder.
    TMPDIR: join(folder, 'tmp'),
  }
  for (const path of Object.values(env)) mkdirSync(path, { recursive: true, mode: 0o700 })
  return {
    ...env,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
    XAUTHORITY: undefined,
    DBUS_SESSION_BUS_ADDRESS: undefined,
    GNOME_KEYRING_CONTROL: undefined,
    XDG_CURRENT_DESKTOP: undefined,
    XDG_SESSION_TYPE: undefined,
    // No screen reader here: its bus would only be started for nothing.
    NO_AT_BRIDGE: '1',
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [command = 'true', ...args] = process.argv.slice(2)
  await runMain(() => runInDesktopSession(command, args))
}
