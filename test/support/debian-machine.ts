import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SUPPORT = fileURLToPath(new URL('.', import.meta.url))
const MACHINE = join(SUPPORT, 'debian-machine.sh')
const SESSION = '/mnt/debian-session.sh'
/** What this file and its scripts use. */
const BASE = [
  'mount',
  'procps',
  'locales',
  'dbus-x11',
  'gnome-keyring',
  'xvfb',
  'xfwm4',
  'xdotool',
  'x11-utils',
  'libglib2.0-bin',
  'fonts-noto-cjk',
]
/** Installing takes a while, on a busy host more. */
const PATIENCE_MS = 100_000
const PERSON_ID = 1000

/** Why no such machine can be made here; undefined where one can. */
export function noDebianMachine(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has namespaces'
  if (process.getuid?.() !== 0) return 'only root may make a system of its own'
  try {
    execFileSync('mmdebstrap', ['--version'])
    execFileSync('unshare', ['--mount', '--pid', '--fork', 'true'])
    return undefined
  } catch (thrown) {
    return String(thrown)
  }
}

/** A Debian of its own, with none of the project in it: its own files, processes and users, and this machine's network. */
export interface DebianMachine {
  /** Its `/`, as seen from here. */
  readonly root: string
  /** Runs a shell script as root: what it printed. Fails with all that it said. */
  asRoot(script: string): Promise<string>
  /** The same as `person`, in their session if there is one. */
  asPerson(script: string): Promise<string>
  /** A command line that runs a program as the person, in their session, with its stdin and stdout. */
  personCommand(program: string, args: readonly string[]): readonly [string, ...(readonly string[])]
  /** The person's desktop: bus, unlocked keyring, screen, window manager; `env` is in all of it. */
  logIn(env: Readonly<Record<string, string>>): Promise<void>
  /** Ends all that the person runs. */
  logOut(): Promise<void>
  remove(): Promise<void>
}

export async function startDebianMachine(packages: readonly string[]): Promise<DebianMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'pan123-debian-'))
  const root = join(folder, 'root')
  const run = promisify(execFile)
  const debian = [
    ...['--variant=apt', '--mode=root', `--include=${[...BASE, ...packages].join(',')}`, '--quiet'],
    // What it knows of packages is kept: another `apt update` would cost seconds.
    ...['--skip=cleanup/apt', '--dpkgopt=force-unsafe-io', '--dpkgopt=path-exclude=/usr/share/doc/*'],
    ...['bookworm', root, 'http://deb.debian.org/debian'],
  ]
  await run('mmdebstrap', debian)
  // Whatever becomes of this process, nothing of the machine outlives it.
  const namespaces = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--']
  const holder = spawn('setpriv', [...namespaces, 'sh', MACHINE, root, SUPPORT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await said(holder, 'ready')
  const first = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim()
  const inside = ['--target', first, '--mount', '--pid', '--root', '--wdns=/', '--', 'env', '-i']
  const shell = async (args: readonly string[], script: string): Promise<string> => {
    const running = run('nsenter', [...inside, ...args, 'bash', '-c', `set -eu\n${script}`], {
      maxBuffer: 64 * 1024 ** 2,
      timeout: PATIENCE_MS,
    })
    const { stdout } = await running.catch((thrown: unknown) => {
      const { stdout, stderr } = thrown as { stdout: string; stderr: string }
      throw new Error(`${script}\n${stdout}\n${stderr}`, { cause: thrown })
    })
    return stdout
  }
  const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const ROOT_ENV = [PATH, 'HOME=/root', 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive']
  // A login shell's way, so that the groups are theirs too.
  const person = [PATH, 'setpriv', `--reuid=${PERSON_ID}`, `--regid=${PERSON_ID}`, '--init-groups', '--']
  const inSession = ['bash', SESSION, 'join']
  let session: Promise<unknown> | undefined
  const asRoot = (script: string): Promise<string> => shell(ROOT_ENV, script)
  const logOut = async (): Promise<void> => {
    if (!session) return
    await asRoot('pkill -TERM --uid person || true')
    await asRoot(
      'for _ in $(seq 100); do pgrep --uid person >/dev/null || exit 0; sleep 0.05; done; pkill -KILL --uid person',
    )
    await session
    session = undefined
  }
  await asRoot(
    'useradd --create-home --shell /bin/bash person; echo zh_CN.UTF-8 UTF-8 >/etc/locale.gen; locale-gen >/dev/null; ' +
      'install -d -o person -m 700 /run/user/1000',
  )
  return {
    root: `/proc/${first}/root`,
    asRoot,
    asPerson: (script) => shell([...person, ...inSession], script),
    personCommand: (program, args) => ['nsenter', ...inside, ...person, ...inSession, program, ...args],
    async logIn(env) {
      const given = Object.entries(env).map(([name, value]) => `${name}=${value}`)
      const begun = spawn('nsenter', [...inside, ...person, 'bash', SESSION, 'begin', ...given], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      session = once(begun, 'close')
      await said(begun, 'ready')
    },
    logOut,
    async remove() {
      await logOut()
      const ended = once(holder, 'close')
      holder.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when it says a line; fails when it ends first. */
async function said(child: ChildProcess, line: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let all = ''
    child.stdout?.on('data', (text: Buffer) => {
      all += text.toString('utf8')
      if (all.split('\n').includes(line)) resolve()
    })
    child.once('close', () => {
      reject(new Error(`It ended: ${all}`))
    })
    setTimeout(() => {
      reject(new Error(`It has not said ${line}: ${all}`))
    }, PATIENCE_MS).unref()
  })
}
