import type { UpLimit } from '#app/bandwidth'
import type { Failure } from '#app/errors'
import type { AddReport, QueueStatus, TransfersChange } from '#app/ipc'
import type { Account } from '#app/session'
import type { DuplicatePolicy, Transfer, TransferId } from '#app/transfer'
import type { IssuedToken } from '../cloud/client.ts'
import type { NewTransfer } from '../transfers/queue.ts'
import type { AddOptions } from './engine.ts'

type Ask<Input, Output> = { readonly input: Input; readonly progress: never; readonly output: Output }

/** What may be asked about transfers, by the app's main thread and by a command line that found the app running. */
export type TransfersApi = {
  add: Ask<
    { readonly paths: readonly string[]; readonly options: AddOptions },
    AddReport & { readonly ids: readonly TransferId[] }
  >
  list: Ask<null, readonly Transfer[]>
  cancel: Ask<{ readonly ids: readonly TransferId[] }, void>
}

/** What the main thread asks of the engine thread. */
export type EngineApi = TransfersApi & {
  /** Takes the data folder; fails as `data-folder-held`. Comes before everything else. */
  open: Ask<null, void>
  /** Queues again what an engine thread that died had not finished. */
  requeue: Ask<{ readonly wanted: readonly NewTransfer[] }, void>
  retry: Ask<{ readonly ids: readonly TransferId[]; readonly onDuplicate: DuplicatePolicy | undefined }, void>
  clear: Ask<{ readonly ids: readonly TransferId[] }, void>
  status: Ask<null, QueueStatus>
  /** Somebody signed out: what is known of that account's folders says nothing about the next one's. */
  forgetAccount: Ask<null, void>
  setUpLimit: Ask<{ readonly limit: UpLimit }, void>
  /** The account is there again: what waited for it goes on. */
  unblock: Ask<null, void>
  issueToken: Ask<{ readonly clientID: string; readonly clientSecret: string }, IssuedToken>
  account: Ask<{ readonly token: string }, Account>
  stop: Ask<null, void>
}

/** What the engine thread asks of the main thread, which alone holds the token. */
export type TokenApi = {
  currentToken: Ask<null, string>
  renewToken: Ask<{ readonly refused: string; readonly failure: Failure }, string>
}

export interface EngineEvents {
  /** What the transfers of the next `changes` were asked for, while they are not at an end: whoever outlives the engine asks it again. */
  readonly wanted: readonly (readonly [TransferId, NewTransfer])[]
  readonly changes: TransfersChange
  readonly status: QueueStatus
}

/** What the engine thread is started with. */
export interface EngineSetup {
  readonly apiUrl: string
  readonly rateLimit: 'on' | 'off'
  /** Where other processes of this person reach this engine; see socket.ts. */
  readonly socketPath: string
}
