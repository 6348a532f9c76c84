import { joinRemote } from '#app/naming'
import { sliceAt } from '#app/slices'
import {
  isRunning,
  QUEUED,
  type DuplicatePolicy,
  type Source,
  type Transfer,
  type TransferId,
} from '#app/transfer'
import { newCarry, type Carry } from './job.ts'
import type { StoredTransfer } from './queue-store.ts'
import type { Destination } from './remote-index.ts'

/** A file somebody wants uploaded. */
export interface NewTransfer {
  readonly path: string
  readonly size: number
  readonly to: Destination
  readonly onDuplicate: DuplicatePolicy
  readonly source: Source
  /** Where it shows, when that is not below the drive's root. */
  readonly remotePath?: string
}

/** What the queue knows of a transfer. */
export interface Entry extends StoredTransfer {
  transfer: Transfer
  to: Destination
  onDuplicate: DuplicatePolicy
  askedAt: number
  carry: Carry
  /** Left by an earlier run; nobody has said yet that it goes on. */
  held: boolean
  /** There while it runs. */
  abort: AbortController | undefined
  /** Ends the wait for another attempt, or for the end of a pause. */
  callOff: (() => void) | undefined
  /** Bytes of this attempt that were counted. */
  lastSent: number
}

const AT_REST = { held: false, abort: undefined, callOff: undefined, lastSent: 0 } as const

/** `owner`: whom it is for, when that is known already. */
export function newEntry(
  id: TransferId,
  wanted: NewTransfer,
  position: number,
  now: number,
  owner: string | undefined,
): Entry {
  const { path, size, source, to, onDuplicate } = wanted
  const transfer = {
    id,
    path,
    size,
    remotePath: wanted.remotePath ?? joinRemote([...to.folders, to.name]),
    source,
    addedAt: now,
    position,
    keptBytes: 0,
    state: QUEUED,
  }
  return {
    transfer,
    to,
    onDuplicate,
    askedAt: now,
    carry: { ...newCarry(), ...(owner === undefined ? {} : { owner }) },
    ...AT_REST,
  }
}

/** One that an earlier process left: what ran or waited then is queued. */
export function restoredEntry(stored: StoredTransfer, now: number): Entry {
  const { transfer, carry } = stored
  const { state } = transfer
  const cutShort = isRunning(state) || state.status === 'waiting' || state.status === 'queued'
  const restored: Transfer = {
    ...transfer,
    keptBytes: keptBytes(carry),
    state: cutShort ? { status: 'queued', tries: { ...state.tries, attempt: 0 } } : state,
  }
  // What was on its way when that process ended has no answer.
  if (carry.before) carry.unsureSince = now
  return { ...stored, transfer: restored, carry, ...AT_REST }
}

/** File bytes that the platform has acknowledged of an upload that is open. */
export function keptBytes({ upload, identity }: Carry): number {
  if (!upload || !identity) return 0
  let bytes = 0
  for (const no of upload.done) {
    const { start, end } = sliceAt(no, identity.size, upload.sliceSize)
    bytes += end - start
  }
  return bytes
}

export function openKey(path: string, to: Destination): string {
  return [path, to.rootID, ...to.folders, to.name].join('\0')
}
