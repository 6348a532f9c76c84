import type { Autostart } from './autostart.ts'
import type { HoldReason } from './conditions.ts'
import type { CrashOffer } from './crash.ts'
import type { TransferDetails } from './details.ts'
import type { AppInfo, Licence } from './about.ts'
import type { Failure } from './errors.ts'
import type { HistoryFilter, HistoryPage, HistoryQuery } from './history.ts'
import type { Credentials, Kept, Session } from './session.ts'
import type { Settings } from './settings.ts'
import type { ShellMenuState } from './shell-menu/state.ts'
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
} from './sync/pair.ts'
import type { DuplicatePolicy, Transfer, TransferId } from './transfer.ts'
import type { UpdateStatus } from './update.ts'

/** What the renderer may ask of main. One line per capability; nothing else crosses. No command returns a token. */
export interface Commands {
  'session.get': () => Session
  'session.signIn': (credentials: Credentials, keep: Exclude<Kept, 'environment'>) => Session
  'session.signOut': () => void
  /** Asks the platform for name and quota again. */
  'session.reload': () => Session
  'settings.get': () => Settings
  'settings.change': (change: Partial<Settings>) => Settings
  /** For the proxy that is set, and for no other one; empty forgets it. Fails as `keychain-unavailable` where it is kept only until quitting. */
  'settings.setProxyPassword': (password: string) => void
  /** Whether there is one for the proxy that is set. */
  'settings.hasProxyPassword': () => boolean
  /** Shows the system's chooser; empty when the person changed their mind. `folder`: one of them. */
  'dialog.choose': (kind: 'files' | 'folders' | 'folder') => readonly string[]
  /** All of them come as `transfers.changed`, a part at a time: 15,000 in one answer would hold everything up. */
  'transfers.follow': () => void
  'transfers.add': (paths: readonly string[]) => AddReport
  'transfers.retry': (ids: readonly TransferId[], onDuplicate?: DuplicatePolicy) => void
  'transfers.cancel': (ids: readonly TransferId[]) => void
  /** No byte goes out any more, within a second; for a while, or until they are resumed. */
  'transfers.pause': (which: Which, forMs?: number) => void
  'transfers.resume': (which: Which) => void
  /** Which of those that wait start first, or last. */
  'transfers.reorder': (ids: readonly TransferId[], to: 'first' | 'last') => void
  /** Takes finished ones off the list. */
  'transfers.clear': (ids: readonly TransferId[]) => void
  'transfers.showInFolder': (id: TransferId) => void
  /** Undefined when it is neither on the list nor in the history. */
  'transfers.details': (id: TransferId) => TransferDetails | undefined
  /** What would become of these paths if they were added: nothing is queued. Asking again ends an earlier question as `cancelled`. */
  'transfers.preview': (paths: readonly string[]) => Preview
  'queue.get': () => QueueStatus
  /** Nothing could be reached: looks at once whether it can be now, rather than when it is time. */
  'queue.reconnect': () => void
  /** Whatever holds uploads up on battery or a metered network does so no more, until it has ended. */
  'queue.goAnyway': () => void
  'problems.get': () => readonly Problem[]
  /** Looks at these paths again, and adds what can be added now. */
  'problems.retry': (paths: readonly string[]) => AddReport
  'problems.showInFolder': (path: string) => void
  /** The person has read it. */
  'problems.dismiss': (paths: readonly string[]) => void
  'sync.list': () => readonly PairStatus[]
  /** What would be done if that pair were made. Asking again ends an earlier question as `cancelled`. */
  'sync.preview': (wanted: NewPair) => SyncPreview
  'sync.add': (wanted: NewPair) => PairId
  'sync.change': (id: PairId, change: PairChange) => void
  /** The files stay where they are, on both sides. */
  'sync.remove': (id: PairId) => void
  /** `everything`: what is in the cloud is compared as well. */
  'sync.now': (which: PairId | 'all', what: 'changes' | 'everything') => void
  /** For a while, or until they are resumed. */
  'sync.pause': (which: PairId | 'all', forMs?: number) => void
  'sync.resume': (which: PairId | 'all') => void
  'sync.answer': (id: PairId, answer: SyncAnswer) => void
  /** The newest first. */
  'sync.events': (id: PairId) => readonly SyncEvent[]
  'sync.problems': (id: PairId) => readonly SyncProblem[]
  'sync.ignored': (id: PairId) => readonly IgnoredPath[]
  /** The pair's local folder, or a path in it, in the system's file manager. */
  'sync.showInFolder': (id: PairId, path?: string) => void
  'history.find': (query: HistoryQuery) => HistoryPage
  /** Shows the system's chooser and writes them as CSV there; undefined when the person changed their mind. */
  'history.export': (filter: HistoryFilter) => HistoryExport | undefined
  /** Opens one of our own links in the system's browser. */
  /** What a right-click wants uploaded and asks about where to; the first, if several do. */
  'launch.get': () => PendingUpload | undefined
  /** Uploads it there; without a target nothing of it is. Undefined then. */
  'launch.answer': (id: string, target?: UploadTarget) => AddReport | undefined
  /** The folders in a folder of the cloud, as they are now or were half a minute ago. */
  'cloud.folders': (path: string) => CloudFolders
  'link.open': (link: Link) => void
  'app.info': () => AppInfo
  /** In the system's file manager; whether that could be. */
  'app.openDataFolder': () => boolean
  /** Of the software by others that is in the app. */
  'app.licences': () => readonly Licence[]
  /** The entries in the system's file manager: what is there now. */
  'shellMenu.get': () => ShellMenuState
  'shellMenu.set': (on: boolean) => ShellMenuState
  /** As the system has it now. */
  'autostart.get': () => Autostart
  'autostart.set': (on: boolean) => Autostart
  /** Shows the system's chooser and writes the package there; undefined when the person changed their mind. */
  'diagnostics.export': () => string | undefined
  /** The package that was written last, in the system's file manager. */
  'diagnostics.showInFolder': () => void
  /** That the last run crashed; told in one run, until it is dismissed. */
  'crash.get': () => CrashOffer | undefined
  'crash.dismiss': () => void
  'update.get': () => UpdateStatus
  /** What comes of it is told as `update.changed`, a failure too. */
  'update.check': () => void
  /** Fetches what was found, or installs what was fetched, once no file is going up. */
  'update.install': () => void
  /** The page to fetch it from by hand, in the system's browser. */
  'update.openPage': () => void
}

/** What main tells the renderer, unasked. */
export interface Events {
  'session.changed': Session
  'settings.changed': Settings
  'transfers.changed': TransfersChange
  'transfers.added': AddReport
  'queue.changed': QueueStatus
  /** All there are. */
  'problems.changed': readonly Problem[]
  /** All pairs, at most four times a second. */
  'sync.changed': readonly PairStatus[]
  /** What is asked about now; nothing any more. */
  'launch.changed': PendingUpload | undefined
  /** Somebody asked for it outside of the window, at the tray. */
  'page.wanted': WantedPage
  'update.changed': UpdateStatus
}

export type WantedPage = 'transfers' | 'sync' | 'issues' | 'settings'

export type Link = 'developer-portal' | 'website' | 'login-items'

/** Sent at most ten times a second, with everything that changed since the last one. */
export interface TransfersChange {
  readonly changed: readonly Transfer[]
  readonly removed: readonly TransferId[]
}

/** What became of paths that were dropped, chosen or named. */
export interface AddReport {
  readonly added: number
  /** Named or found, but not for uploading: symbolic links, sockets, unreadable folders. */
  readonly skipped: readonly SkippedPath[]
}

/** Chosen in the file manager to be uploaded, and waiting for a person to say where. Its paths stay with main. */
export interface PendingUpload {
  readonly id: string
  readonly files: number
  readonly folders: number
  /** Of the first of them. */
  readonly names: readonly string[]
}

/** Where an upload goes, when not to where the settings say. */
export interface UploadTarget {
  /** A folder that is not there yet is made. */
  readonly destination: string
  readonly onDuplicate: DuplicatePolicy
}

export interface CloudFolders {
  /** `new`: there is no such folder yet. */
  readonly status: 'there' | 'new'
  /** In no order. */
  readonly names: readonly string[]
}

export interface SkippedPath {
  readonly path: string
  /** The person named this very path; otherwise it was met inside a folder. */
  readonly named: boolean
  readonly failure: Failure
}

/** A path that was skipped, remembered until it can be added or a person has read of it. */
export interface Problem extends SkippedPath {
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What a look at some paths found. */
export interface Preview {
  readonly files: number
  readonly bytes: number
  readonly skipped: number
  /** The first of those. */
  readonly examples: readonly SkippedPath[]
  /** False: there is more than was counted. */
  readonly complete: boolean
}

export interface HistoryExport {
  readonly rows: number
  readonly path: string
}

/** The queue as a whole. */
export interface QueueStatus {
  /** Bytes per second, over the last few seconds. */
  readonly speed: number
  /** It has been seen for long enough to tell from it how much time is left. */
  readonly steady?: boolean
  readonly running: number
  /** Why nothing starts, when nothing does. `until` is when it goes on by itself. */
  readonly blocked?: {
    /**
     * `proxy`: it makes no way to the platform. `storage`: what is done can't be written down. `battery`, `metered`: the person has
     * said that nothing goes up then; it is no pause of theirs.
     */
    readonly reason: 'signed-out' | 'offline' | 'proxy' | 'rate-limited' | 'storage' | HoldReason
    readonly until?: number
  }
  /** A person has paused all of it. */
  readonly paused?: { readonly until?: number }
  /** An earlier queue that could not be used, and where it is now. */
  readonly setAside?: SetAside
}

export interface SetAside {
  /** `newer`: made by a later version of the program. */
  readonly reason: 'damaged' | 'newer'
  readonly path: string
}

/** Some transfers, or every one there is. */
export type Which = readonly TransferId[] | 'all'

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export type CommandName = keyof Commands
export type EventName = keyof Events
export type Args<C extends CommandName> = Parameters<Commands[C]>
export type Reply<C extends CommandName> = Awaited<ReturnType<Commands[C]>>

/** What preload puts on `window.drive`. */
export interface Bridge {
  call<C extends CommandName>(command: C, ...args: Args<C>): Promise<Result<Reply<C>>>
  /** Returns its own unsubscribe. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void
  /** The path behind a dropped File; only preload can see it. Empty when there is none. */
  pathOf(file: unknown): string
}

/** A record, not an array, so that a command missing here does not compile. */
const COMMANDS: Record<CommandName, true> = {
  'session.get': true,
  'session.signIn': true,
  'session.signOut': true,
  'session.reload': true,
  'settings.get': true,
  'settings.change': true,
  'settings.setProxyPassword': true,
  'settings.hasProxyPassword': true,
  'dialog.choose': true,
  'transfers.follow': true,
  'transfers.add': true,
  'transfers.retry': true,
  'transfers.cancel': true,
  'transfers.pause': true,
  'transfers.resume': true,
  'transfers.reorder': true,
  'transfers.clear': true,
  'transfers.showInFolder': true,
  'transfers.details': true,
  'transfers.preview': true,
  'queue.get': true,
  'queue.reconnect': true,
  'queue.goAnyway': true,
  'problems.get': true,
  'problems.retry': true,
  'problems.showInFolder': true,
  'problems.dismiss': true,
  'sync.list': true,
  'sync.preview': true,
  'sync.add': true,
  'sync.change': true,
  'sync.remove': true,
  'sync.now': true,
  'sync.pause': true,
  'sync.resume': true,
  'sync.answer': true,
  'sync.events': true,
  'sync.problems': true,
  'sync.ignored': true,
  'sync.showInFolder': true,
  'history.find': true,
  'history.export': true,
  'launch.get': true,
  'launch.answer': true,
  'cloud.folders': true,
  'link.open': true,
  'app.info': true,
  'app.openDataFolder': true,
  'app.licences': true,
  'shellMenu.get': true,
  'shellMenu.set': true,
  'autostart.get': true,
  'autostart.set': true,
  'diagnostics.export': true,
  'diagnostics.showInFolder': true,
  'crash.get': true,
  'crash.dismiss': true,
  'update.get': true,
  'update.check': true,
  'update.install': true,
  'update.openPage': true,
}

const EVENTS: Record<EventName, true> = {
  'session.changed': true,
  'settings.changed': true,
  'transfers.changed': true,
  'transfers.added': true,
  'queue.changed': true,
  'problems.changed': true,
  'sync.changed': true,
  'launch.changed': true,
  'page.wanted': true,
  'update.changed': true,
}

export const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)
export const isEvent = (name: string): name is EventName => Object.hasOwn(EVENTS, name)
