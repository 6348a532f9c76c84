import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DriveError } from '#app/errors'
import type { QueueStatus } from '#app/ipc'
import type { RetryPolicy } from '#app/retry'
import { isFinal, type DuplicatePolicy, type Transfer, type TransferId } from '#app/transfer'
import { startEmulator, type Emulator, type EmulatorOptions } from '#emulator/emulator'
import { createEngine, type Engine } from '#main/engine/engine'
import type { ProxySource } from '#main/cloud/routes'
import { openStore } from '#main/store/open-store'
import type { TokenSource, Tuning } from '#main/transfers/context'
import type { SyncTuning } from '#main/sync/sync-context'
import type { AddOptions } from '#main/transfers/queue-store'
import { BUILT_SCANNER, BUILT_WORKER } from './build-worker.ts'
import { directly } from './builders.ts'

/** The real engine with its real threads, the emulator over real HTTP, and a folder of real files. */
export interface World {
  readonly emulator: Emulator
  readonly engine: Engine
  readonly folder: string
  /** Everything the engine said about its queue, newest last. */
  readonly statuses: readonly QueueStatus[]
  /** How often the platform's refusal made the engine ask for another token. */
  readonly renewals: () => number
  /** Writes a file below the folder; a number means so many random bytes. */
  write(path: string, content: number | string | Uint8Array): Promise<WrittenFile>
  /** Queues the paths (below the folder) and waits until each has come to an end. */
  upload(paths: readonly string[], options?: Partial<AddOptions>): Promise<readonly Transfer[]>
  add(paths: readonly string[], options?: Partial<AddOptions>): ReturnType<Engine['add']>
  /** Has every `until` look again, for conditions on something else than the queue. */
  look(): void
  /** Resolves when a transfer's state satisfies the condition. */
  until(condition: (transfers: readonly Transfer[]) => boolean): Promise<readonly Transfer[]>
  /** Another engine on the same data folder and files: what an app that was quit and started again does. */
  restart(how?: 'go-on' | 'hold', apiUrl?: string): Promise<void>
  /** Another engine on what the data folder holds at this moment: what an app has that was killed and started again. */
  crash(how?: 'go-on' | 'hold'): Promise<void>
  /** The data folder. */
  readonly data: string
  /** What the engines have told of each transfer, last. */
  readonly told: ReadonlyMap<TransferId, Transfer>
  /** Ends the transfer threads as a crash would. */
  killThreads(): Promise<void>
  close(): Promise<void>
}

export interface WrittenFile {
  readonly path: string
  readonly size: number
  readonly md5: string
}

export interface WorldOptions extends EmulatorOptions {
  readonly tuning?: Partial<Tuning>
  readonly retry?: Partial<RetryPolicy>
  /** Hands out a good token after the first refusal. */
  readonly renews?: boolean
  /** Where tokens come from instead. */
  readonly tokens?: (emulator: Emulator) => TokenSource
  readonly rateLimit?: 'on' | 'off'
  readonly proxies?: ProxySource
  readonly syncTuning?: SyncTuning
}

/** Small slices and short waits: the same code, sooner. */
const QUICK: Partial<Tuning> = { singleStepMaxBytes: 64 * 1024, stallMs: 1500 }
const QUICK_RETRY: RetryPolicy = { maxAttempts: 5, baseMs: 20, capMs: 200, offline: 'counts' }
export const SLICE = 256 * 1024
/** Waiting a second for each file is for the tests that are about it. */
const AT_ONCE = { kind: 'completed-false', times: 0 } as const

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'pan123-world-'))
  const { tuning, retry, renews, tokens: tokensOf, rateLimit, proxies, syncTuning, ...rest } = options
  const emulator = await startEmulator({
    ...rest,
    quirks: { sliceSize: SLICE, completion: AT_ONCE, ...options.quirks },
  })
  const statuses: QueueStatus[] = []
  const watchers = new Set<() => void>()
  const threads = new Set<Worker>()
  let renewals = 0
  let token = emulator.token
  const tokens: TokenSource = tokensOf?.(emulator) ?? {
    current: () =>
      token === ''
        ? Promise.reject(new DriveError('signed-out', 'Nobody is signed in'))
        : Promise.resolve(token),
    renew: (_refused, failure) => {
      renewals++
      token = renews ? emulator.token : ''
      if (!renews) return Promise.reject(DriveError.from(failure))
      return Promise.resolve(token)
    },
  }
  const look = (): void => {
    for (const watch of watchers) watch()
  }
  const newData = (): string => mkdtempSync(join(tmpdir(), 'pan123-world-data-'))
  let data = newData()
  const datas = [data]
  const told = new Map<TransferId, Transfer>()
  let stored = openStore(data)
  const start = (apiUrl = emulator.url): Engine =>
    createEngine({
      apiUrl,
      tokens,
      proxies: proxies ?? directly,
      store: stored.store,
      problems: stored.problems,
      pairs: stored.pairs,
      startScanThread: () => new Worker(BUILT_SCANNER),
      syncTuning: { againMs: 200, rootAgainMs: 200, quietShare: 0, tellMs: 10, ...syncTuning },
      onPairs: look,
      retry: { ...QUICK_RETRY, ...retry },
      tuning: { ...QUICK, ...tuning },
      rateLimit: rateLimit ?? 'off',
      startTransferThread: () => {
        const thread = new Worker(BUILT_WORKER)
        threads.add(thread)
        return thread
      },
      onChange: ({ changed }) => {
        for (const transfer of changed) told.set(transfer.id, transfer)
        look()
      },
      onStatus: (status) => {
        statuses.push(status)
        look()
      },
    })

  let engine = start()

  const until: World['until'] = (condition) =>
    new Promise((resolve) => {
      const watch = (): void => {
        const transfers = engine.queue.list()
        if (!condition(transfers)) return
        watchers.delete(watch)
        resolve(transfers)
      }
      watchers.add(watch)
      watch()
    })

  const add: World['add'] = (paths, more) =>
    engine.add(
      paths.map((path) => join(folder, path)),
      { rootID: 0, folders: [], onDuplicate: 'fail', exclude: [], source: 'manual', ...more },
    )

  return {
    emulator,
    get engine() {
      return engine
    },
    get data() {
      return data
    },
    told,
    folder,
    statuses,
    look,
    renewals: () => renewals,
    async write(path, content) {
      const bytes = typeof content === 'number' ? randomBytes(content) : Buffer.from(content)
      const full = join(folder, path)
      await mkdir(dirname(full), { recursive: true })
      await writeFile(full, bytes)
      return { path: full, size: bytes.length, md5: md5Of(bytes) }
    },
    add,
    async upload(paths, more) {
      const { ids } = await add(paths, more)
      const ours = new Set(ids)
      const transfers = await until((all) => all.every(({ id, state }) => !ours.has(id) || isFinal(state)))
      return transfers.filter(({ id }) => ours.has(id))
    },
    until,
    async restart(how = 'go-on', apiUrl = emulator.url) {
      await engine.stop()
      stored.store.close()
      stored = openStore(data)
      engine = start(apiUrl)
      await engine.takeUp(how)
      engine.sync.start()
    },
    async crash(how = 'go-on') {
      const snapshot = newData()
      datas.push(snapshot)
      copyQueue(data, snapshot)
      const [dead, its] = [engine, stored.store]
      data = snapshot
      stored = openStore(data)
      engine = start()
      const stopped = dead.stop().then(() => {
        its.close()
      })
      await engine.takeUp(how)
      engine.sync.start()
      await stopped
    },
    async killThreads() {
      await Promise.all([...threads].map((thread) => thread.terminate()))
      threads.clear()
    },
    async close() {
      await engine.stop()
      stored.store.close()
      await emulator.close()
      await rm(folder, { recursive: true, force: true })
      for (const each of datas) await rm(each, { recursive: true, force: true })
    },
  }
}

/** All files of the queue, at one moment. */
export function copyQueue(from: string, to: string): void {
  for (const name of readdirSync(from))
    if (name.startsWith('queue.db')) copyFileSync(join(from, name), join(to, name))
}

export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** What is in the cloud, bin aside, as `path size md5`, sorted. */
export function inCloud({ emulator }: Pick<World, 'emulator'>): readonly string[] {
  return emulator
    .files()
    .filter(({ trashed }) => !trashed)
    .map(({ path, size, md5 }) => `${path} ${size} ${md5}`)
    .sort()
}

export function expected(remotePath: string, { size, md5 }: WrittenFile): string {
  return `${remotePath} ${size} ${md5}`
}

/** `done sliced`, `failed name-taken`, …: what a person would be told, in short. */
export function outcomeOf(transfer: Transfer | undefined): string {
  const state = transfer?.state
  if (state?.status === 'done') return `done ${state.method}`
  if (state?.status === 'failed' || state?.status === 'skipped')
    return `${state.status} ${state.failure.code}`
  return state?.status ?? 'no transfer'
}

export const POLICIES: readonly DuplicatePolicy[] = ['fail', 'keep-both', 'overwrite', 'skip']
