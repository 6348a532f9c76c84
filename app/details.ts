import type { Failure } from './errors.ts'
import type { SliceRange } from './slices.ts'
import type { Transfer } from './transfer.ts'

/** What is known of one transfer beyond its row, asked for when somebody looks closer. */
export interface TransferDetails {
  readonly transfer: Transfer
  /** Lower-case hexadecimal; from the moment it has been worked out. */
  readonly md5?: string
  /** Once the platform has named a slice size. */
  readonly slices?: SliceMap
  /** Attempts that ended badly, over all runs of the program. */
  readonly failures: number
  /** Whatever became of it afterwards. */
  readonly lastFailure?: DatedFailure
  /** File bytes that went over the wire, repeats included. */
  readonly sentBytes: number
}

export interface DatedFailure {
  readonly failure: Failure
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Which slices of an upload the platform has acknowledged. */
export interface SliceMap {
  readonly sizeBytes: number
  readonly count: number
  readonly done: readonly SliceRange[]
}
