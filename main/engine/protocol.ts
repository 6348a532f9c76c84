import type { UpLimit } from '#app/bandwidth'
import type { HoldReason } from '#app/conditions'
import type { TransferDetails } from '#app/details'
import type { Failure } from '#app/errors'
import type { HistoryPage, HistoryQuery } from '#app/history'
import type { ProxyRoute } from '#app/proxy'
import type {
  AddReport,
  CloudFolders,
  HistoryExport,
  Preview,
  Problem,
  QueueStatus,
  TransfersChange,
  Which,
} from '#app/ipc'
import type { Account } from '#app/session'
import type {
  IgnoredPath,
  NewPair,
  PairChange,
  PairId,
  PairStatus,
  SyncAnswer,
  SyncEvent,
  SyncPreview,
  SyncProblem,
} from '#app/sync/pair'
import type { QueueSummary } from '#app/summary'
import type { DuplicatePolicy, Transfer, TransferId } from '#app/transfer'
import type { IssuedToken } from '../cloud/client.ts'
import type { AddOptions } from '../transfers/queue-store.ts'
import type { Added } from './adder.ts'
import type { HistoryExportOrder } from './history-export.ts'

type Ask<Input, Output> = { readonly input: Input; readonly progress: never; readonly output: Output }

/** What may be asked about transfers, by the app's main thread and by a command line that found the app running. */
export type TransfersApi = {
  add: Ask<{ readonly paths: readonly string[]; readonly options: AddOptions }, Added>
  /** Everything goes on that has not arrived. */
  goOn: Ask<{ readonly which: Which }, Added>
  list: Ask<null, readonly Transfer[]>
  status: Ask<null, QueueStatus>
  /** `until`: milliseconds since 1970. */
  pause: Ask<{ readonly which: Which; readonly until: number | undefined }, void>
  resume: Ask<{ readonly which: Which }, void>
  reorder: Ask<{ readonly ids: readonly TransferId[]; readonly to: 'first' | 'last' }, void>
  cancel: Ask<{ readonly ids: readonly TransferId[] }, void>
  retry: Ask<{ readonly ids: readonly TransferId[]; readonly onDuplicate: DuplicatePolicy | undefined }, void>
  /** Finished ones leave the list; they stay in the history. */
  clear: Ask<{ readonly ids: readonly TransferId[] }, void>
}

/** What the main thread asks about folder pairs; as SyncEngine has it. */
export type SyncApi = {
  listPairs: Ask<null, readonly PairStatus[]>
  /** Another question ends the one before as `cancelled`. */
  previewPair: Ask<{ readonly wanted: NewPair }, SyncPreview>
  addPair: Ask<{ readonly wanted: NewPair }, PairId>
  changePair: Ask<{ readonly id: PairId; readonly change: PairChange }, void>
  removePair: Ask<{ readonly id: PairId }, void>
  syncNow: Ask<{ readonly which: PairId | 'all'; readonly what: 'changes' | 'everything' }, void>
  /** `until`: milliseconds since 1970. */
  pausePairs: Ask<{ readonly which: PairId | 'all'; readonly until: number | undefined }, void>
  resumePairs: Ask<{ readonly which: PairId | 'all' }, void>
  answerPair: Ask<{ readonly id: PairId; readonly answer: SyncAnswer }, void>
  pairEvents: Ask<{ readonly id: PairId }, readonly SyncEvent[]>
  pairProblems: Ask<{ readonly id: PairId }, readonly SyncProblem[]>
  ignoredPaths: Ask<{ readonly id: PairId }, readonly IgnoredPath[]>
  /** Rules for all pairs; gitignore syntax. */
  setSyncRules: Ask<{ readonly rules: readonly string[] }, void>
}

/** What the main thread asks of the engine thread. */
export type EngineApi = TransfersApi &
  SyncApi & {
    /** Takes the data folder and goes on with the queue in it; fails as `data-folder-held`. Comes before everything else. */
    open: Ask<null, void>
    /** Somebody signed out: what is known of that account's folders says nothing about the next one's. */
    forgetAccount: Ask<null, void>
    setUpLimit: Ask<{ readonly limit: UpLimit }, void>
    /** Nothing goes up for that reason; undefined lets it go on. */
    setHold: Ask<{ readonly reason: HoldReason | undefined }, void>
    /** Everything comes as `changes`, a part at a time: for a window that knows nothing yet. */
    tellAll: Ask<null, void>
    /** Of one on the list or in the history. */
    details: Ask<{ readonly id: TransferId }, TransferDetails | undefined>
    preview: Ask<{ readonly paths: readonly string[]; readonly options: AddOptions }, Preview>
    problems: Ask<null, readonly Problem[]>
    retryProblems: Ask<{ readonly paths: readonly string[] }, AddReport>
    dismissProblems: Ask<{ readonly paths: readonly string[] }, void>
    cloudFolders: Ask<{ readonly path: readonly string[] }, CloudFolders>
    findHistory: Ask<{ readonly query: HistoryQuery }, HistoryPage>
    exportHistory: Ask<HistoryExportOrder, HistoryExport>
    /** The machine woke, or the proxy is another one. */
    reconnect: Ask<null, void>
    /** The account is there again: what waited for it goes on. */
    unblock: Ask<null, void>
    issueToken: Ask<{ readonly clientID: string; readonly clientSecret: string }, IssuedToken>
    account: Ask<{ readonly token: string }, Account>
    /** Numbers for support. */
    summary: Ask<null, QueueSummary>
    stop: Ask<null, void>
  }

/** What the engine thread asks of the main thread, which alone holds the token. */
export type TokenApi = {
  currentToken: Ask<null, string>
  renewToken: Ask<{ readonly refused: string; readonly failure: Failure }, string>
}

/** And which alone can ask Electron how to reach an origin, and has the proxy's password. */
export type ProxyApi = {
  routeFor: Ask<{ readonly origin: string }, ProxyRoute>
}

export interface EngineEvents {
  readonly changes: TransfersChange
  readonly status: QueueStatus
  readonly problems: readonly Problem[]
  readonly pairs: readonly PairStatus[]
  /** The platform answers again. */
  readonly back: null
  /** One of its threads, with why; its work is in the queue again. */
  readonly threadDied: string
}

/** What the engine thread is started with. */
export interface EngineSetup {
  readonly apiUrl: string
  readonly rateLimit: 'on' | 'off'
  readonly dataDir: string
  /** Where other processes of this person reach this engine; see socket.ts. */
  readonly socketPath: string
  /** For all pairs from the first look on; gitignore syntax. */
  readonly syncRules: readonly string[]
  /** From the first file on. */
  readonly hold?: HoldReason | undefined
}
