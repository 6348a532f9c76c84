import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { randomNumbers } from '#test/random'
import { MIB, planRound, type Kill, type Round } from './plan.ts'

const CLI = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url))

export interface Outcome {
  /** What is wrong; empty when all is well. */
  readonly problems: readonly string[]
  readonly kills: number
  /** File bytes, and those that came in over all runs. */
  readonly bytes: number
  readonly sentBytes: number
}

/**
 * One folder goes up while the command line is killed and the platform misbehaves; then one resume without faults. After it every file
 * must be there exactly once, whole, and little of it sent twice: 1.3 times the folder, and a slice for each kill.
 */
export async function runRound(seed: number): Promise<Outcome> {
  const round = planRound(seed)
  const base = await mkdtemp(join(tmpdir(), 'pan123-crash-'))
  const emulator = await startEmulator({
    quirks: { sliceSize: MIB, completion: { kind: 'code-20103', times: 1 } },
  })
  try {
    const files = await writeFiles(join(base, 'src'), round, randomNumbers(seed))
    emulator.randomFaults(round.faultRate > 0 ? { seed, rate: round.faultRate } : undefined)
    const run = (command: Kill['next']) => start(command, base, emulator, round)
    let next: Kill['next'] = 'upload'
    let kills = 0
    for (const kill of round.kills) {
      const { taken, killed } = await runAndKill(run(next), emulator, kill)
      if (killed) kills++
      next = taken ? kill.next : 'upload'
    }
    // The person sees the folder through: it was never taken, or the last run was a resume.
    if (next === 'upload') await runAndKill(run('upload'), emulator, undefined)
    emulator.randomFaults(undefined)
    const last = await finish(run('resume'))
    const sentBytes = bytesReceived(emulator)
    const bytes = round.files.reduce((sum, { size }) => sum + size, 0)
    const problems = [
      ...(last.code === 0
        ? []
        : [`resume ended with ${last.code ?? 'a signal'}: ${last.output.slice(-2000)}`]),
      ...differences(files, emulator),
      ...emulator.violations().map((violation) => `protocol: ${violation}`),
      ...(sentBytes <= 1.3 * bytes + kills * MIB + SLACK
        ? []
        : [`sent ${sentBytes} bytes for ${bytes}, ${kills} kills`]),
    ]
    return { problems, kills, bytes, sentBytes }
  } finally {
    await emulator.close()
    await rm(base, { recursive: true, force: true })
  }
}

/** Multipart framing, of thousands of requests at most. */
const SLACK = MIB

async function writeFiles(
  folder: string,
  { files }: Round,
  random: () => number,
): Promise<ReadonlyMap<string, string>> {
  const md5s = new Map<string, string>()
  for (const { path, size } of files) {
    const content = Buffer.alloc(size)
    // Every file differs from every other, and so does every slice: nothing is instant, nothing can stand in for another.
    for (let at = 0; at + 8 <= size; at += 4096) content.writeDoubleLE(random(), at)
    if (size > 0) content[size - 1] = Math.floor(random() * 256)
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
    md5s.set(`/dest/src/${path}`, createHash('md5').update(content).digest('hex'))
  }
  return md5s
}

interface Running {
  readonly pid: number
  /** Whether the run has said something about a file: then it has taken its paths. */
  readonly taken: () => boolean
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>
  readonly hasEnded: () => boolean
}

function start(command: Kill['next'], base: string, { url, token }: Emulator, round: Round): Running {
  const args =
    command === 'upload'
      ? [
          'upload',
          join(base, 'src'),
          '--to',
          '/dest',
          '--single-max',
          '512K',
          '--concurrency',
          String(round.concurrency),
        ]
      : ['resume']
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAN123_'))
  const child = spawn(process.execPath, [CLI, ...args, '--json'], {
    env: {
      ...Object.fromEntries(inherited),
      PAN123_API_URL: url,
      PAN123_TOKEN: token,
      PAN123_DATA_DIR: join(base, 'data'),
      PAN123_RATE_LIMIT: 'off',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let hasEnded = false
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      output += text.toString('utf8')
    })
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      hasEnded = true
      resolve({ code, output })
    })
  })
  return {
    pid: child.pid ?? 0,
    taken: () => command === 'resume' || output.includes('"started"'),
    ended,
    hasEnded: () => hasEnded,
  }
}

function finish(running: Running): Running['ended'] {
  return running.ended
}

/** Kills it at its moment, unless it has ended before. */
async function runAndKill(
  running: Running,
  emulator: Emulator,
  kill: Kill | undefined,
): Promise<{ readonly taken: boolean; readonly killed: boolean }> {
  if (!kill) {
    await running.ended
    return { taken: true, killed: false }
  }
  const goal = emulator.requests().length + kill.afterRequests
  while (!running.hasEnded() && emulator.requests().length < goal) await sleep(3)
  await Promise.race([sleep(kill.thenMs), running.ended])
  const killed = !running.hasEnded()
  if (killed) process.kill(running.pid, 'SIGKILL')
  await running.ended
  return { taken: running.taken() || !killed, killed }
}

function bytesReceived(emulator: Emulator): number {
  return emulator
    .requests()
    .filter(({ endpoint }) => endpoint === 'slice' || endpoint === 'single_create')
    .reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
}

function differences(expected: ReadonlyMap<string, string>, emulator: Emulator): readonly string[] {
  const found = new Map<string, string[]>()
  for (const { path, md5, trashed } of emulator.files()) {
    if (!trashed) found.set(path, [...(found.get(path) ?? []), md5])
  }
  const problems: string[] = []
  for (const [path, md5] of expected) {
    const there = found.get(path) ?? []
    if (there.length !== 1) problems.push(`${path} is there ${there.length} times`)
    else if (there[0] !== md5) problems.push(`${path} arrived damaged`)
    found.delete(path)
  }
  for (const path of found.keys()) problems.push(`${path} should not be there`)
  const folders = emulator.folders()
  for (const folder of new Set(folders))
    if (folders.filter((other) => other === folder).length > 1)
      problems.push(`folder ${folder} was made twice`)
  return problems
}
