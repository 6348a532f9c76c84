import type { DuplicatePolicy, Source, Transfer, TransferId } from '#app/transfer'
import type { Carry } from './job.ts'
import type { Destination } from './remote-index.ts'

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

/** All that has to outlive the process about one transfer. */
export interface StoredTransfer {
  readonly transfer: Transfer
  readonly to: Destination
  readonly onDuplicate: DuplicatePolicy
  readonly askedAt: number
  readonly carry: Carry
}

/** What the queue needs of a store. Each call is done when it returns, and done whole or not at all. */
export interface QueueStore {
  /** Those on the list, in their order. */
  load(): readonly StoredTransfer[]
  save(changes: Changes): void
  /** Whether a transfer, on the list or in the history, has put the file of this id into the cloud. */
  hasArrived(fileID: number): boolean
  fact(name: string): string | undefined
  /** Those whose name begins so, with their values. */
  factsNamed(prefix: string): readonly (readonly [string, string])[]
  setFact(name: string, value: string | undefined): void
}

/** What is new since the last time. */
export interface Changes {
  readonly transfers: readonly StoredTransfer[]
  /** Acknowledged by the platform. */
  readonly slices: readonly DoneSlice[]
  /** Off the list, into the history. */
  readonly unlisted: readonly TransferId[]
  /** Undefined: there is none of that name any more. */
  readonly facts: readonly Fact[]
}

export type Fact = readonly [name: string, value: string | undefined]

export interface DoneSlice {
  readonly id: TransferId
  readonly upload: string
  readonly no: number
}
