import { availableParallelism } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { NO_UP_LIMIT, type UpLimit } from '#app/bandwidth'
import type { HoldReason } from '#app/conditions'
import type { PairId, PairStatus, SyncEvent, SyncState } from '#app/sync/pair'
import type { CloudFolders, Problem, Preview, QueueStatus, SetAside, TransfersChange, Which } from '#app/ipc'
import type { RetryPolicy } from '#app/retry'
import { FIRST_SLICE_BYTES } from '#app/slices'
import { isFinal, isRetriable } from '#app/transfer'
import { createCloud, type Cloud } from '../cloud/client.ts'
import { trustApiUrl } from '../cloud/hosts.ts'
import type { ProblemStore } from '../store/problem-store.ts'
import type { SyncStore } from '../store/sync-store.ts'
import { Scanner } from '../sync/scanner.ts'
import type { SyncTuning } from '../sync/sync-context.ts'
import { SyncEngine } from '../sync/sync-engine.ts'
import { Limiter } from '../cloud/limiter.ts'
import { Routes, type ProxySource } from '../cloud/routes.ts'
import {
  authorized,
  DEFAULT_TUNING,
  type TokenSource,
  type TransferContext,
  type Tuning,
} from '../transfers/context.ts'
import { AccountFacts } from '../transfers/account-facts.ts'
import { Gate } from '../transfers/gate.ts'
import { TransferQueue } from '../transfers/queue.ts'
import type { AddOptions, QueueStore } from '../transfers/queue-store.ts'
import { RemoteIndex } from '../transfers/remote-index.ts'
import { runTransfer } from '../transfers/runner.ts'
import { Servers } from '../transfers/servers.ts'
import { Slots } from '../transfers/slots.ts'
import { Uplink } from '../transfers/uplink.ts'
import type { TransferJobs } from '../workers/jobs.ts'
import { Pool } from '../workers/pool.ts'
import { watchNetwork } from './network.ts'
import { RateMemory } from './rate-memory.ts'
import { Adder, type Added } from './adder.ts'
import { foldersIn } from './cloud-folders.ts'
import { preview } from './preview.ts'
import { Problems } from './problems.ts'

export interface EngineOptions {
  readonly apiUrl: string
  readonly tokens: TokenSource
  readonly proxies: ProxySource
  readonly store: QueueStore
  readonly problems: ProblemStore
  readonly pairs: SyncStore
  readonly setAside?: SetAside | undefined
  readonly retry: RetryPolicy
  readonly tuning?: Partial<Tuning>
  /** Off only for measurements. */
  readonly rateLimit: 'on' | 'off'
  readonly startTransferThread: () => Worker
  readonly startScanThread: () => Worker
  readonly syncTuning?: SyncTuning
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
  readonly onProblems?: (problems: readonly Problem[]) => void
  readonly onPairs?: (pairs: readonly PairStatus[]) => void
  readonly onSyncEvents?: (pair: PairId, events: readonly Omit<SyncEvent, 'at'>[]) => void
  /** The platform answers again after somebody could not reach it. */
  readonly onBack?: () => void
  /** Of a transfer thread or the scanner's. */
  readonly onThreadDeath?: (reason: string) => void
}

/** The engine without its thread: queue, cloud client and transfer threads, joined. Desktop and headless run the same one. */
export interface Engine {
  readonly queue: TransferQueue
  readonly cloud: Cloud
  /** Queues every file under the paths. */
  add(paths: readonly string[], options: AddOptions): Promise<Added>
  /** Counts what `add` would queue; another question ends the one before as `cancelled`. */
  preview(paths: readonly string[], options: AddOptions): Promise<Preview>
  /** What a folder of the cloud has in it that a person can go into. */
  folders(path: readonly string[]): Promise<CloudFolders>
  readonly problems: Pick<Problems, 'list' | 'dismiss'>
  readonly sync: SyncEngine
  /** Rules for all pairs; gitignore syntax. */
  setSyncRules(rules: readonly string[]): void
  /** Adds skipped paths, as they were meant, if that can be done now. */
  retryProblems(paths: readonly string[]): Promise<Added>
  /** Comes first: goes on with what an earlier process left, holds it until `goOn` or until the same file is added, or lets nothing run. */
  takeUp(how: 'go-on' | 'hold' | 'edit'): Promise<void>
  /** Everything goes on that has not arrived: what is held, paused, or has failed and may be tried again. */
  goOn(which: Which): Promise<Added>
  /** Another account may be the next: nothing goes on as its, and what was learnt of this one's folders no longer counts. */
  forgetAccount(): void
  /** From now on; those under way follow within a second. */
  setUpLimit(limit: UpLimit): void
  /** Nothing goes up for that reason, neither of the queue nor of a pair; undefined lets it go on. */
  setHold(reason: HoldReason | undefined): void
  /** The machine woke, or the proxy is another one: what is open is given up, and what was sent by it is sent anew. */
  reconnect(): void
  stop(): Promise<void>
}

/** Upload servers are asked for anew after this. */
const DOMAINS_MAX_AGE_MS = 10 * 60_000

/** Hashing is bound by a core each; more than four would starve the disk and the person's other programs. */
function threadCount(): number {
  return Math.min(4, Math.max(2, availableParallelism()))
}

/** Big files at once: one can be hashed while another goes up. Their slices share the slots. */
const BIG_AT_ONCE = 2

export function createEngine(options: EngineOptions): Engine {
  const tuning: Tuning = { ...DEFAULT_TUNING, ...options.tuning }
  const limiter = new Limiter({ off: options.rateLimit === 'off' })
  const rates = new RateMemory(limiter, options.store)
  const routes = new Routes(options.proxies, Date.now)
  const cloud = createCloud({
    apiUrl: options.apiUrl,
    limiter,
    routes,
    stallMs: tuning.stallMs,
    onAway: () => {
      network.miss()
    },
  })
  const pool = new Pool<TransferJobs>(options.startTransferThread, threadCount(), options.onThreadDeath)
  const stopping = new AbortController()
  const now = Date.now
  const { tokens } = options
  const slots = new Slots(tuning.concurrency, tuning.singleStepMaxBytes)
  const uplink = new Uplink({
    slots,
    limit: { ...NO_UP_LIMIT, bytesPerSecond: tuning.upBytesPerSecond },
    stretchMs: tuning.stretchMs,
    now,
  })

  const account = new AccountFacts(
    () => authorized(tokens, (token) => cloud.account(token, stopping.signal)),
    trustApiUrl(options.apiUrl),
    now,
    (owner) => {
      rates.recall(owner)
      queue.belongTo(owner)
    },
    options.retry.parkMs && options.retry.parkMs / 2,
  )

  const context: TransferContext = {
    cloud,
    limiter,
    tokens,
    routes,
    account,
    pool,
    index: new RemoteIndex(
      (folderID) => authorized(tokens, (token) => cloud.list(token, folderID, stopping.signal)),
      now,
    ),
    gate: new Gate(),
    slots,
    servers: new Servers(now),
    uplink,
    tuning,
    lastSliceSize: { bytes: FIRST_SLICE_BYTES },
    foldersFrom: { at: 0 },
    isOfAnother: (to, fileID) => queue.aimsAt(to) || options.store.hasArrived(fileID),
    domains: remembered(
      () => authorized(tokens, (token) => cloud.domains(token, stopping.signal)),
      DOMAINS_MAX_AGE_MS,
      now,
    ),
    now,
  }

  const queue = new TransferQueue({
    run: (job) =>
      runTransfer(
        {
          ...job,
          emit: (event) => {
            const { identity } = job.carry
            job.emit(event)
            if (event.type === 'finished' && identity) sync.arrived(job.id, event.result, identity)
          },
        },
        context,
      ),
    store: options.store,
    setAside: options.setAside,
    owner: () => account.lastOwner,
    retry: options.retry,
    checkAccount: () => tokens.current(),
    lanes: { small: tuning.concurrency, big: BIG_AT_ONCE },
    laneOf: (size) => (size <= tuning.singleStepMaxBytes ? 'small' : 'big'),
    now,
    onChange: (change) => {
      sync.hear(change.changed)
      options.onChange(change)
    },
    onStatus: (status) => {
      network.hear(status)
      const before = heldUp
      heldUp = holdUpOf(status)
      if (!isDeepStrictEqual(before, heldUp)) sync.goOn()
      options.onStatus(status)
    },
  })

  const network = watchNetwork({
    cloud,
    routes,
    pool,
    queue,
    now,
    onBack: () => options.onBack?.(),
  })

  let heldUp: HoldUp | undefined
  let syncRules: readonly string[] = []
  const sync: SyncEngine = new SyncEngine(
    {
      cloud,
      tokens,
      pool,
      scanner: new Scanner(options.startScanThread, options.onThreadDeath),
      store: options.pairs,
      uploads: queue,
      owner: () => account.owner(),
      rules: () => syncRules,
      paused: () => heldUp,
      now,
      tuning: options.syncTuning ?? {},
      onEvents: options.onSyncEvents,
    },
    (pairs) => options.onPairs?.(pairs),
  )

  const problems = new Problems(options.problems, now, (all) => options.onProblems?.(all))
  const adder = new Adder(queue, options.store, problems, now)
  let looking = new AbortController()
  return {
    queue,
    cloud,
    problems,
    sync,
    setSyncRules(rules) {
      syncRules = rules
      sync.rulesChanged()
    },
    retryProblems: (paths) => adder.again(paths),
    preview(paths, given) {
      looking.abort()
      looking = new AbortController()
      return preview(paths, given, looking.signal)
    },
    folders: (path) => foldersIn(context.index, path, now()),
    add(paths, given) {
      // Whose they are has to be known before anybody else can sign in, also where nothing may run at the moment.
      account.owner().catch(() => undefined)
      return adder.add(paths, given)
    },
    async takeUp(how) {
      queue.load(how)
      if (queue.leftUnsure) context.foldersFrom.at = now() + tuning.pollMs
      if (how === 'go-on') await adder.finish()
    },
    async goOn(which) {
      const found = which === 'all' ? await adder.finish() : []
      const meant = new Set(which === 'all' ? queue.list().map(({ id }) => id) : which)
      const failed = queue.list().filter(({ state }) => state.status === 'failed' && isRetriable(state))
      queue.retry(failed.flatMap(({ id }) => (meant.has(id) ? [id] : [])))
      queue.resume(which)
      const left = queue.list().filter(({ id, state }) => meant.has(id) && !isFinal(state))
      const skipped = found.flatMap((report) => report.skipped)
      return { added: left.length, skipped, ids: left.map(({ id }) => id) }
    },
    forgetAccount() {
      context.index.forget()
      account.forgetOwner()
      rates.forget()
      queue.breakOff()
    },
    setUpLimit: (limit) => uplink.setLimit(limit),
    setHold: (reason) => queue.setHold(reason),
    reconnect: () => {
      network.reconnect()
      sync.lookAgain()
    },
    async stop() {
      await sync.stop()
      network.stop()
      uplink.stop()
      queue.stop()
      stopping.abort()
      await pool.stop()
      rates.stop()
    },
  }
}

/** One answer for all who ask within a while; a failure is not remembered. */
function remembered<T>(ask: () => Promise<T>, maxAgeMs: number, now: () => number): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined
  return () => {
    if (last && now() - last.at < maxAgeMs) return last.answer
    const asked = { at: now(), answer: ask() }
    last = asked
    asked.answer.catch(() => {
      if (last === asked) last = undefined
    })
    return asked.answer
  }
}

type HoldUp = Extract<SyncState, { status: 'paused' | 'offline' | 'held' | 'signed-out' }>

/** What holds up the queue holds up sync, too. */
function holdUpOf({ blocked, paused }: QueueStatus): HoldUp | undefined {
  if (paused) return { status: 'paused', ...paused }
  if (blocked?.reason === 'signed-out') return { status: 'signed-out' }
  if (blocked?.reason === 'battery' || blocked?.reason === 'metered')
    return { status: 'held', reason: blocked.reason }
  return blocked?.reason === 'offline' || blocked?.reason === 'proxy' ? { status: 'offline' } : undefined
}
