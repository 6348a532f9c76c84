import type { PairId, SyncEvent, SyncState } from '#app/sync/pair'
import type { Cloud } from '../cloud/client.ts'
import type { SyncStore } from '../store/sync-store.ts'
import type { TokenSource } from '../transfers/context.ts'
import type { NewTransfer } from '../transfers/entry.ts'
import type { TransferId } from '#app/transfer'
import type { TransferJobs } from '../workers/jobs.ts'
import type { Pool } from '../workers/pool.ts'
import type { Scanner } from './scanner.ts'

/** What sync asks of the queue. */
export interface UploadQueue {
  add(wanted: NewTransfer): TransferId
  cancel(ids: readonly TransferId[]): void
  pause(ids: readonly TransferId[]): void
  resume(ids: readonly TransferId[]): void
  /** Off the list; they stay in the history. */
  clear(ids: readonly TransferId[]): void
}

/** Numbers with a reason; the tests choose others. */
export interface SyncTuning {
  /** A cycle that failed as a whole is made again after this. */
  readonly againMs?: number
  readonly rootAgainMs?: number
  /** Of the time that a file must hold still. */
  readonly quietShare?: number
  /** How often a window is told, at most. */
  readonly tellMs?: number
  /** Scans where nothing is heard. */
  readonly blindScanMs?: number
}

/** Everything that the pairs share. */
export interface SyncContext {
  readonly cloud: Cloud
  readonly tokens: TokenSource
  readonly pool: Pool<TransferJobs>
  readonly scanner: Scanner
  readonly store: SyncStore
  readonly uploads: UploadQueue
  /** Who is signed in. */
  readonly owner: () => Promise<string>
  /** Rules for all pairs. */
  readonly rules: () => readonly string[]
  /** What holds up everything, if something does. */
  readonly paused: () =>
    Extract<SyncState, { status: 'paused' | 'offline' | 'held' | 'signed-out' }> | undefined
  readonly now: () => number
  readonly tuning: SyncTuning
  readonly onChange: () => void
  readonly onEvents?: ((pair: PairId, events: readonly Omit<SyncEvent, 'at'>[]) => void) | undefined
}
