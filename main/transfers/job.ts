import type { DatedFailure } from '#app/details'
import type { ErrorCode } from '#app/errors'
import type { DuplicatePolicy, Method, TransferEvent, TransferId } from '#app/transfer'
import type { FileHashes } from '../workers/jobs.ts'
import type { FileIdentity } from '../workers/file-identity.ts'
import type { Destination, Place } from './remote-index.ts'

/** What the runner is given of a transfer. */
export interface Job {
  readonly id: TransferId
  readonly path: string
  readonly to: Destination
  readonly onDuplicate: DuplicatePolicy
  /** When the person asked: nothing learnt of the cloud before counts as an answer. */
  readonly askedAt: number
  /** What earlier attempts left; the runner writes into it, so that the next attempt goes on from there. */
  readonly carry: Carry
  readonly signal: AbortSignal
  /** The state machine's events; effects are the runner's, states are not. */
  readonly emit: (event: TransferEvent) => void
  /** Puts what `carry` holds on disk: whoever goes on after a crash knows of it. */
  readonly keep: () => void
  /** The platform has acknowledged this slice of `carry.upload`. */
  readonly acknowledged: (no: number) => void
  /** What was sent before is of no use any more, and why. */
  readonly startedOver: (why: ErrorCode) => void
}

/** What a transfer knows beyond its state, and what it takes to go on after a break (design 3.7). */
export interface Carry {
  /** The account it was queued for, or begun with. */
  owner?: string
  identity?: FileIdentity
  hashes?: FileHashes
  upload?: OpenUpload
  /** Since when a call that may have made the file has no good answer: look before sending again. */
  unsureSince?: number
  /** The files of that content that were in the folder before we began. */
  before?: ReadonlySet<number>
  /** Attempts that ended badly: the next one begins with another server. */
  failures: number
  /** File bytes sent over all attempts. */
  sentBytes: number
  /** For whoever looks closer; nothing is decided by it. `times`: how many there were, those that a person ended aside. */
  lastFailure?: DatedFailure & { readonly times: number }
  /** Of the upload that was completed in slices. */
  completedSliceSize?: number
}

/** An upload the platform has opened for us. */
export interface OpenUpload {
  readonly preuploadID: string
  readonly sliceSize: number
  readonly servers: readonly string[]
  /** What the platform was told to do about a taken name: it does so when the upload is completed. */
  readonly duplicate: 1 | 2 | undefined
  /** Numbers of the slices it has acknowledged. */
  readonly done: Set<number>
}

/** Spec, create: 1 keeps both, 2 overwrites; without it the name must be free. */
export const DUPLICATE = { fail: undefined, skip: undefined, 'keep-both': 1, overwrite: 2 } as const

export function newCarry(): Carry {
  return { failures: 0, sentBytes: 0 }
}

/** What is left of it when the file has arrived: what it took to go on is of no use any more. */
export function carryOfDone({ failures, sentBytes, lastFailure, upload, completedSliceSize }: Carry): Carry {
  const sliceSize = upload?.sliceSize ?? completedSliceSize
  return {
    failures,
    sentBytes,
    ...(lastFailure ? { lastFailure } : {}),
    ...(sliceSize === undefined ? {} : { completedSliceSize: sliceSize }),
  }
}

/** Whether any byte went out. After a crash the count may be lost, but not the slices. */
export function hasSent({ sentBytes, upload }: Carry): boolean {
  return sentBytes > 0 || (upload !== undefined && upload.done.size > 0)
}

/** Whatever stands in the cloud now was not put there by an earlier attempt. */
export function forgetDoubt(carry: Carry): void {
  delete carry.unsureSince
  delete carry.before
}

/** The file is another now: all we knew of the old one is worth nothing. */
export function forgetFile(carry: Carry): void {
  delete carry.identity
  delete carry.hashes
  delete carry.upload
  delete carry.before
}

/** A file on its way: what is known when it is sent. */
export interface Sending {
  readonly job: Job
  readonly identity: FileIdentity
  readonly hashes: FileHashes
  readonly place: Place
  readonly duplicate: 1 | 2 | undefined
  /** The platform has opened the upload, and with it made the folders on the way. */
  readonly opened: () => void
}

/** How an attempt ended well. */
export interface Arrival {
  readonly fileID: number
  readonly method: Method
}
