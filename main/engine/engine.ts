import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { NO_UP_LIMIT, type UpLimit } from '#app/bandwidth'
import type { AddReport, QueueStatus, SkippedPath, TransfersChange } from '#app/ipc'
import type { RetryPolicy } from '#app/retry'
import { FIRST_SLICE_BYTES } from '#app/slices'
import type { DuplicatePolicy, Source, TransferId } from '#app/transfer'
import { createCloud, type Cloud } from '../cloud/client.ts'
import { Limiter } from '../cloud/limiter.ts'
import {
  authorized,
  DEFAULT_TUNING,
  type TokenSource,
  type TransferContext,
  type Tuning,
} from '../transfers/context.ts'
import { Gate } from '../transfers/gate.ts'
import { TransferQueue } from '../transfers/queue.ts'
import { RemoteIndex } from '../transfers/remote-index.ts'
import { runTransfer } from '../transfers/runner.ts'
import { Servers } from '../transfers/servers.ts'
import { Slots } from '../transfers/slots.ts'
import { Uplink } from '../transfers/uplink.ts'
import { walk } from '../transfers/walk.ts'
import type { TransferJobs } from '../workers/jobs.ts'
import { Pool } from '../workers/pool.ts'

export interface EngineOptions {
  readonly apiUrl: string
  readonly tokens: TokenSource
  readonly retry: RetryPolicy
  readonly tuning?: Partial<Tuning>
  /** Off only for measurements. */
  readonly rateLimit: 'on' | 'off'
  readonly startTransferThread: () => Worker
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
}

/** Where added files go and how. */
export interface AddOptions {
  /** The folder that `folders` begins in; 0 is the root. */
  readonly rootID: number
  readonly folders: readonly string[]
  readonly onDuplicate: DuplicatePolicy
  /** gitignore patterns. */
  readonly exclude: readonly string[]
  readonly source: Source
}

/** The engine without its thread: queue, cloud client and transfer threads, joined. Desktop and headless run the same one. */
export interface Engine {
  readonly queue: TransferQueue
  readonly cloud: Cloud
  /** Queues every file under the paths. */
  add(
    paths: readonly string[],
    options: AddOptions,
  ): Promise<AddReport & { readonly ids: readonly TransferId[] }>
  /** Another account may be the next: what was learnt of this one's folders no longer counts. */
  forgetAccount(): void
  /** From now on; those under way follow within a second. */
  setUpLimit(limit: UpLimit): void
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
  const cloud = createCloud({ apiUrl: options.apiUrl, limiter, stallMs: tuning.stallMs })
  const pool = new Pool<TransferJobs>(options.startTransferThread, threadCount())
  const stopping = new AbortController()
  const now = Date.now
  const { tokens } = options
  const slots = new Slots(tuning.concurrency)
  const uplink = new Uplink({
    slots,
    limit: { ...NO_UP_LIMIT, bytesPerSecond: tuning.upBytesPerSecond },
    stretchMs: tuning.stretchMs,
    now,
  })

  const context: TransferContext = {
    cloud,
    limiter,
    tokens,
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
    domains: remembered(
      () => authorized(tokens, (token) => cloud.domains(token, stopping.signal)),
      DOMAINS_MAX_AGE_MS,
      now,
    ),
    now,
  }

  const queue = new TransferQueue({
    run: (job) => runTransfer(job, context),
    retry: options.retry,
    checkAccount: () => tokens.current(),
    lanes: { small: tuning.concurrency, big: BIG_AT_ONCE },
    laneOf: (size) => (size <= tuning.singleStepMaxBytes ? 'small' : 'big'),
    now,
    onChange: options.onChange,
    onStatus: options.onStatus,
  })

  return {
    queue,
    cloud,
    async add(paths, { rootID, folders, onDuplicate, exclude, source }) {
      const ids: TransferId[] = []
      const skipped: SkippedPath[] = []
      for (const given of paths) {
        for await (const found of walk(given, exclude)) {
          if (found.kind === 'skipped') {
            skipped.push(found.skipped)
            continue
          }
          const { path, size, names } = found.file
          const to = { rootID, folders: [...folders, ...names.slice(0, -1)], name: names.at(-1) ?? '' }
          ids.push(queue.add({ path, size, to, onDuplicate, source }))
        }
      }
      // One that was under way already, or named twice, is one.
      const distinct = [...new Set(ids)]
      return { added: distinct.length, skipped, ids: distinct }
    },
    forgetAccount: () => context.index.forget(),
    setUpLimit: (limit) => uplink.setLimit(limit),
    async stop() {
      uplink.stop()
      queue.stop()
      stopping.abort()
      await pool.stop()
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
