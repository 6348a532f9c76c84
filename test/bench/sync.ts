import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runCli } from '../support/cli.ts'
import type { Measured } from './measured.ts'
import { createSyncWorld, type SyncWorld } from '../support/sync/sync-world.ts'

const PER_FOLDER = 100
const RUNS = 7
const IDLE_MS = 60_000
const MB = 1024 ** 2
/** Ticks of the clock that Linux counts a process's time with. */
const TICKS_PER_SECOND = 100

/** One pair with so many files, in the cloud already: what it costs to look at them, to know them, and to wait for changes. */
export async function benchSync(files: number): Promise<readonly Measured[]> {
  const sync = await createSyncWorld(
    { mode: 'mirror' },
    { syncTuning: { quietShare: 1, tellMs: 10 } },
    'paused',
  )
  try {
    await fill(sync, files)
    sync.world.engine.sync.resume(sync.id)
    await sync.until(({ state, files: known }) => state.status === 'synced' && known === files)
    return [...(await looks(sync)), await notices(sync), ...(await weighs(sync, files))]
  } finally {
    await sync.world.close()
  }
}

const pathOf = (no: number): string => `${Math.floor(no / PER_FOLDER)}/${no}.txt`

async function fill({ world }: SyncWorld, files: number): Promise<void> {
  for (let no = 0; no < files; no++) {
    const path = join(world.folder, pathOf(no))
    if (no % PER_FOLDER === 0) mkdirSync(join(path, '..'))
    writeFileSync(path, String(no))
    await world.emulator.seed(`/pair/${pathOf(no)}`, Buffer.from(String(no)))
  }
}

/** A cycle that finds nothing against `find`, one after the other so that both meet the same machine. */
async function looks(sync: SyncWorld): Promise<readonly Measured[]> {
  const { folder } = sync.world
  const longAgo = new Date(2001, 0, 1)
  const probe = join(folder, pathOf(0))
  utimesSync(probe, longAgo, statSync(probe).mtime)
  // Its change of times is looked at, which reads it; from then on nothing reads it.
  await sync.sync()
  utimesSync(probe, longAgo, statSync(probe).mtime)
  const ratios: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const found = timed(() => {
      execFileSync('find', [folder, '-printf', '%s %T@ %i %p\\n'], { maxBuffer: 1024 * MB })
    })
    const startedAt = performance.now()
    await sync.sync()
    ratios.push((performance.now() - startedAt) / found)
  }
  const isOpened = statSync(probe).atime.getTime() !== longAgo.getTime()
  return [
    { what: 'a cycle that finds nothing, times find', value: median(ratios), bar: 2, unit: 'x' },
    { what: 'files opened by it', value: isOpened ? 1 : 0, bar: 0, unit: '' },
  ]
}

/** From the moment a file holds still to the first call for it, the quiet time taken off. */
async function notices({ world }: SyncWorld): Promise<Measured> {
  const QUIET_MS = 3000
  const waits: number[] = []
  for (let run = 0; run < 5; run++) {
    const before = world.emulator.requests().length
    writeFileSync(join(world.folder, `${run}/new ${run}.txt`), `new ${run}`)
    const writtenAt = Date.now()
    await world.until(() => world.emulator.requests().slice(before).some(isUpload))
    const begun = world.emulator.requests().slice(before).find(isUpload)
    waits.push((begun?.at ?? Infinity) - writtenAt - QUIET_MS)
  }
  return {
    what: 'noticed and begun after the quiet time',
    value: Math.max(...waits) / 1000,
    bar: 3,
    unit: ' s',
  }
}

const isUpload = ({ endpoint }: { readonly endpoint: string }): boolean =>
  endpoint === 'create' || endpoint === 'single_create'

/** The built command line, watching all of it and watching ten files. */
async function weighs({ world }: SyncWorld, files: number): Promise<readonly Measured[]> {
  const data = await mkdtemp(join(tmpdir(), 'pan123-bench-'))
  try {
    mkdirSync(join(data, 'few'))
    for (let no = 0; no < 10; no++) writeFileSync(join(data, 'few', `${no}`), `few ${no}`)
    const few = await watch(world.emulator, join(data, 'few'), '/few', join(data, '1'))
    const many = await watch(world.emulator, world.folder, '/pair', join(data, '2'))
    const per100k = ((many.residentBytes - few.residentBytes) / MB / files) * 100_000
    return [
      { what: 'memory at rest per 100,000 files', value: per100k, bar: 100, unit: ' MB' },
      { what: 'idle, of a core', value: many.idleShare * 100, bar: 0.5, unit: ' %' },
    ]
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

interface Weight {
  readonly residentBytes: number
  readonly idleShare: number
}

async function watch(
  { url, token }: { readonly url: string; readonly token: string },
  local: string,
  remote: string,
  dataDir: string,
): Promise<Weight> {
  const env = {
    PAN123_API_URL: url,
    PAN123_TOKEN: token,
    PAN123_DATA_DIR: dataDir,
    PAN123_RATE_LIMIT: 'off',
  }
  // A first run brings it in step; the one that is weighed finds it so, as on every later day.
  const first = await runCli(['sync', local, remote, '--mode', 'mirror', '--json'], { env })
  if (first.code !== 0) throw new Error(`The first run ended with ${String(first.code)}: ${first.stderr}`)
  return new Promise((resolve, reject) => {
    void runCli(['sync', local, remote, '--mode', 'mirror', '--watch', '--json'], {
      env,
      started: (child) => {
        weigh(child.pid ?? 0)
          .then(resolve, reject)
          .finally(() => child.kill('SIGINT'))
      },
    })
  })
}

/** Once it has been still for a while. */
async function weigh(pid: number): Promise<Weight> {
  let last = -1
  for (let used = ticksOf(pid); used !== last; used = ticksOf(pid)) {
    last = used
    await sleep(3000)
  }
  const before = ticksOf(pid)
  await sleep(IDLE_MS)
  const idleShare = (ticksOf(pid) - before) / TICKS_PER_SECOND / (IDLE_MS / 1000)
  const resident = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return { residentBytes: Number(resident) * 1024, idleShare }
}

/** Time of all its threads. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name before the last bracket may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function timed(work: () => void): number {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN
}
