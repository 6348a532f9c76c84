import { isFinal, type Transfer, type TransferState } from './transfer.ts'

/** How a transfer ended. */
export type Outcome = Extract<
  TransferState,
  { status: 'done' | 'skipped' | 'failed' | 'cancelled' }
>['status']

export const OUTCOMES = ['done', 'skipped', 'failed', 'cancelled'] as const satisfies readonly Outcome[]

/** What is looked for among all that has come to an end, whether it is still on the list or was taken off it. */
export interface HistoryFilter {
  /** Part of the path in the drive; empty is any. */
  readonly text: string
  readonly outcome: Outcome | 'any'
}

/** A part of the answer, the latest end first. */
export interface HistoryQuery extends HistoryFilter {
  readonly offset: number
  readonly limit: number
}

export interface HistoryPage {
  /** How many there are in all. */
  readonly total: number
  readonly rows: readonly FinishedTransfer[]
}

export type FinishedTransfer = Transfer & { readonly state: Extract<TransferState, { status: Outcome }> }

export function isFinished(transfer: Transfer): transfer is FinishedTransfer {
  return isFinal(transfer.state)
}
