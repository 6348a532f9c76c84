import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PACKED } from './app.ts'

const CLI = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url))

/** In the package itself, beside the app that is made for tests. */
const PACKED_CLI = join(dirname(PACKED ?? ''), '../linux-unpacked/bin/pan123')

export interface CliRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The most memory it ever had in RAM, bytes. */
  readonly peakBytes: number
}

export interface CliOptions {
  readonly env: Readonly<Record<string, string>>
  readonly input?: string
  /** Where it is started. */
  readonly cwd?: string
  readonly started?: (child: ChildProcess) => void
  /** Called once with the process as soon as a line on stdout satisfies it. */
  readonly when?: { readonly line: RegExp; readonly then: (child: ChildProcess) => void }
}

/** Runs the built command line as a person's shell would, with only the given PAN123_ and proxy variables, and in English unless they say otherwise. */
export function runCli(
  args: readonly string[],
  { env, input, cwd, started, when }: CliOptions,
): Promise<CliRun> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^PAN123_|_proxy$/iu.test(name))
  const [program, first] = PACKED ? [PACKED_CLI, []] : [process.execPath, [CLI]]
  const child = spawn(program, [...first, ...args], {
    env: { ...Object.fromEntries(inherited), LC_ALL: 'C.UTF-8', ...env },
    cwd,
  })
  started?.(child)
  let stdout = ''
  let stderr = ''
  let peakBytes = 0
  let waiting = when
  const sample = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid))
  }, 50)
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString('utf8')
    if (waiting?.line.test(stdout)) {
      waiting.then(child)
      waiting = undefined
    }
  })
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString('utf8')
  })
  child.stdin.end(input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(sample)
      resolve({ code, stdout, stderr, peakBytes })
    })
  })
}

/** The kernel's high-water mark of a process's memory. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+) kB/u.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0 // It has ended.
  }
}

/** The JSON lines of a run, each a whole object: anything else on stdout fails here. */
export function linesOf({ stdout }: CliRun): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
