import { toFailure, type Failure } from '#app/errors'
import { isAway } from '#app/retry'
import { keyOf } from '#app/sync/names'
import type {
  Halt,
  HaltReason,
  PairChange,
  PairStatus,
  SyncAnswer,
  SyncEvent,
  SyncPair,
  SyncProblem,
  SyncState,
  Watching,
} from '#app/sync/pair'
import type { Plan, PlanProblem, Removal } from '#app/sync/plan'
import type { NodeId } from '#app/sync/tree'
import type { PairFacts } from '../store/sync-store.ts'
import { runAt } from '../transfers/far-timer.ts'
import { Base } from './base.ts'
import { runCycle, type Cycle, type CycleScope } from './cycle.ts'
import { Dirt } from './dirt.ts'
import { parentOf } from './local-tree.ts'
import { findRemoteRoot } from './remote-root.ts'
import { checkRoot } from './root-check.ts'
import type { SyncContext } from './sync-context.ts'
import { Troubles } from './problems.ts'
import { PairUploads } from './pair-uploads.ts'
import { verifyRemote } from './verify.ts'
import { watchFolder, type Watch } from './watcher.ts'

/** Full scans: hourly, apart from each other (design 5); where nothing is heard, every minute. */
const SCAN_EVERY_MS = 60 * 60_000
const BLIND_SCAN_EVERY_MS = 60_000
/** All of the cloud's side is compared once a day. */
const VERIFY_EVERY_MS = 24 * 60 * 60_000
/** A root that is not there may be mounted again. */
const ROOT_AGAIN_MS = 15_000
/** After a cycle that failed as a whole. */
const AGAIN_MS = 10_000

/** One pair at work: waits until there is something to look at, looks, and does what there is to do. */
export class PairEngine {
  readonly #context: SyncContext
  readonly #dirt = new Dirt()
  readonly #troubles: Troubles
  readonly #uploads: PairUploads
  readonly #approved = new Set<NodeId>()
  #pair: SyncPair
  #facts: PairFacts
  #base: Base | undefined
  #state: SyncState = { status: 'scanning' }
  #planProblems: readonly PlanProblem[] = []
  #awaiting: readonly Removal[] = []
  #watch: Watch | undefined
  #watching: Watching = { kind: 'events' }
  #entries = 0
  #verifyNow = false
  #running: Promise<void> | undefined
  #abort = new AbortController()
  #callOff: (() => void) | undefined
  #stopped = false
  #kicked = false
  /** A person has said that the folder is empty for good. */
  #mayBeEmpty = false
  /** When all of it is looked at again. */
  #fullAt = 0
  /** Folders with files that were being written. */
  #later: readonly string[] = []

  constructor(pair: SyncPair, facts: PairFacts, context: SyncContext) {
    this.#pair = pair
    this.#facts = facts
    this.#context = context
    this.#troubles = new Troubles(context.now)
    this.#uploads = new PairUploads(context.uploads, () => {
      this.#dirt.poke()
    })
    this.#dirt.addAll()
  }

  get pair(): SyncPair {
    return this.#pair
  }

  get uploads(): PairUploads {
    return this.#uploads
  }

  get status(): PairStatus {
    const { files, bytes } = this.#context.store.counts(this.#pair.id)
    const { syncedAt } = this.#facts
    return {
      pair: this.#pair,
      state: this.#shownState(),
      files,
      bytes,
      problems: this.problems().length,
      ...(syncedAt === undefined ? {} : { syncedAt }),
      watching: this.#watching,
      warnings: [],
    }
  }

  /** What holds up everything is said, whatever the pair is at. */
  #shownState(): SyncState {
    const isUnderWay = ['scanning', 'comparing', 'syncing', 'waiting'].includes(this.#state.status)
    return (isUnderWay ? this.#context.paused() : undefined) ?? this.#state
  }

  problems(): readonly SyncProblem[] {
    const planned = this.#planProblems.map(({ path, code, detail }) => ({
      path: keyOf(path),
      failure: { code, message: 'Not synced', ...(detail === undefined ? {} : { detail }) },
    }))
    return [...planned, ...this.#troubles.list()]
  }

  start(): void {
    this.#kick()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff?.()
    this.#abort.abort()
    this.#dirt.poke()
    await this.#watch?.close()
    await this.#running
  }

  /** `changes`: what is here is looked at again; `everything`: what is in the cloud, too. */
  syncNow(what: 'changes' | 'everything'): void {
    this.#troubles.clearAll()
    this.#dirt.addAll()
    if (what === 'everything') this.#verifyNow = true
    this.#kick()
  }

  /** The network is back, or the machine woke: nothing is known of what happened meanwhile. */
  lookAgain(): void {
    this.#dirt.addAll()
    this.#kick()
  }

  /** Something stands in the way of all, or does no longer. */
  goOn(): void {
    if (this.#context.paused()) this.#breakOff()
    this.#kick()
  }

  change(change: PairChange): void {
    this.#pair = { ...this.#pair, ...change }
    this.#context.store.savePair({ pair: this.#pair, facts: this.#facts })
    if (change.exclude || change.twins !== undefined) this.#context.store.forgetFingerprints(this.#pair.id)
    if (change.exclude) this.#rewatch()
    this.#dirt.addAll()
    this.#kick()
  }

  pause(until: number | undefined): void {
    this.#remember({ pausedUntil: until ?? 0 })
    this.#breakOff()
    this.#uploads.pauseAll()
    this.#kick()
  }

  resume(): void {
    this.#endPause()
    this.#dirt.addAll()
    this.#kick()
  }

  #endPause(): void {
    this.#forget('pausedUntil')
    this.#uploads.resumeAll()
  }

  /** What a person says to a pair that has halted. */
  answer(answer: SyncAnswer): void {
    switch (answer) {
      case 'trash':
        for (const { node } of this.#awaiting) this.#approved.add(node)
        this.#mayBeEmpty = true
        break
      case 'keep':
        // They are in the cloud as anybody's files are, and no longer this pair's.
        for (const { node } of this.#awaiting) this.#base?.apply({ kind: 'drop', node })
        this.#log(this.#awaiting.map(({ path }) => ({ kind: 'kept' as const, path: keyOf(path) })))
        break
      case 'same-folder':
        this.#forget('root')
        break
      case 'make-again':
        this.#forget('remoteRoot')
        this.#context.store.forgetRows(this.#pair.id)
        this.#base = undefined
    }
    this.#awaiting = []
    this.#dirt.addAll()
    this.#kick()
  }

  async remove(): Promise<void> {
    await this.stop()
    this.#uploads.cancelAll()
    const { scanner, store } = this.#context
    store.dropPair(this.#pair.id)
    await scanner
      .mark(this.#pair.localPath, this.#pair.id, 'unmark', new AbortController().signal)
      .catch(() => undefined)
  }

  #remember(facts: Partial<PairFacts>): void {
    this.#facts = { ...this.#facts, ...facts }
    this.#context.store.savePair({ pair: this.#pair, facts: this.#facts })
  }

  #forget(fact: 'pausedUntil' | 'root' | 'remoteRoot'): void {
    const facts = { ...this.#facts }
    Reflect.deleteProperty(facts, fact)
    this.#facts = facts
    this.#remember({})
  }

  #log(events: readonly Omit<SyncEvent, 'at'>[]): void {
    const at = this.#context.now()
    if (events.length > 0) this.#context.onEvents?.(this.#pair.id, events)
    if (events.length > 0)
      this.#context.store.addEvents(
        this.#pair.id,
        events.map((event) => ({ at, ...event })),
      )
  }

  #set(state: SyncState): void {
    this.#state = state
    this.#context.onChange()
  }

  #breakOff(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
  }

  #kick(): void {
    if (this.#stopped) return
    this.#kicked = true
    this.#callOff?.()
    this.#callOff = undefined
    this.#dirt.poke()
    this.#running ??= this.#run()
  }

  /** Cycles until there is nothing to look at, then a timer. */
  async #run(): Promise<void> {
    for (;;) {
      this.#kicked = false
      const nextAt = await this.#cycleSafely()
      if (!this.#isStopped() && (this.#wasKicked() || nextAt === undefined)) continue
      // From here on, whoever kicks starts another run.
      this.#running = undefined
      if (nextAt !== undefined && !this.#isStopped()) this.#wait(nextAt)
      return
    }
  }

  // Asked for, since both change while a cycle is waited for.
  #isStopped(): boolean {
    return this.#stopped
  }

  #wasKicked(): boolean {
    return this.#kicked
  }

  #wait(nextAt: number): void {
    this.#callOff?.()
    this.#callOff = runAt(nextAt, this.#context.now, () => {
      if (this.#context.now() >= this.#fullAt) this.#dirt.addAll()
      this.#dirt.addFolders(this.#later)
      this.#dirt.addFolders(this.#troubles.list().map(({ path }) => parentOf(path)))
      this.#kick()
    })
  }

  /** When to look again; undefined is at once. */
  async #cycleSafely(): Promise<number | undefined> {
    const { now } = this.#context
    const signal = this.#abort.signal
    try {
      return await this.#cycle(signal)
    } catch (thrown) {
      this.#dirt.addAll()
      if (signal.aborted) return undefined
      return this.#fail(toFailure(thrown), now())
    }
  }

  #fail(failure: Failure, now: number): number {
    const until = now + Math.max(failure.retryAfterMs ?? 0, this.#context.tuning.againMs ?? AGAIN_MS)
    if (failure.code === 'signed-out' || failure.code === 'unauthorized' || failure.code === 'token-limit')
      this.#set({ status: 'signed-out' })
    else if (isAway(failure.code)) this.#set({ status: 'offline' })
    else this.#set({ status: 'waiting', until, failure })
    return until
  }

  #halt(halt: Halt): void {
    const isNew = this.#state.status !== 'halted' || this.#state.halt.reason !== halt.reason
    this.#set({ status: 'halted', halt })
    if (isNew) this.#log([{ kind: 'halted', path: halt.reason }])
  }

  async #cycle(signal: AbortSignal): Promise<number | undefined> {
    const { now, paused, owner } = this.#context
    const pause = this.#paused()
    if (pause) {
      this.#set({ status: 'paused', ...(pause.until === undefined ? {} : { until: pause.until }) })
      return pause.until ?? Infinity
    }
    if (this.#facts.pausedUntil !== undefined) this.#endPause()
    const block = paused()
    if (block) {
      this.#set(block)
      return Infinity
    }
    this.#set({ status: 'scanning' })
    if ((await owner()) !== this.#facts.owner) return this.#haltFor('other-account')
    const root = await checkRoot(
      this.#pair,
      this.#facts,
      this.#mayBeEmpty ? 0 : this.#rootRows(),
      this.#context,
      signal,
    )
    if (root.kind === 'halt') return this.#haltFor(root.reason)
    if (root.facts) this.#remember({ root: root.facts })
    const remoteRoot = await findRemoteRoot(this.#pair, this.#facts, this.#context, signal)
    if (remoteRoot === undefined) return this.#haltFor('remote-root-missing')
    if (remoteRoot !== this.#facts.remoteRoot) this.#remember({ remoteRoot })
    this.#base ??= new Base(this.#context.store, this.#pair.id, remoteRoot)
    await this.#listen(root.drive)
    return this.#work(this.#base, root.ino, signal, now())
  }

  #rootRows(): number {
    return this.#context.store.children(this.#pair.id, 0 as NodeId).length
  }

  #haltFor(reason: HaltReason): number {
    this.#halt({ reason })
    return this.#context.now() + (this.#context.tuning.rootAgainMs ?? ROOT_AGAIN_MS)
  }

  async #work(
    base: Base,
    rootIno: string,
    signal: AbortSignal,
    startedAt: number,
  ): Promise<number | undefined> {
    const { now } = this.#context
    const isDue = startedAt - (this.#facts.checkedAt ?? startedAt) >= VERIFY_EVERY_MS
    const verified =
      this.#verifyNow || isDue ? await verifyRemote(this.#pair, base, this.#context, signal) : undefined
    if (verified) {
      this.#verifyNow = false
      this.#dirt.addFolders(verified.folders)
    }
    const cycle: Cycle = {
      pair: this.#pair,
      base,
      rootIno,
      listings: verified?.listings ?? new Map(),
      dirt: this.#dirt,
      troubles: this.#troubles,
      uploads: this.#uploads,
      approved: this.#approved,
      context: this.#context,
      signal,
      onPlan: (plan, scope) => {
        this.#notePlan(plan, scope)
      },
      onState: (state) => {
        this.#set(state)
      },
      onEvents: (events) => {
        this.#log(events)
      },
    }
    const end = await runCycle(cycle)
    if (end.scope === 'all') this.#planFullScan()
    this.#entries = Math.max(this.#entries, end.entries)
    if (verified || this.#facts.checkedAt === undefined) this.#remember({ checkedAt: startedAt })
    this.#awaiting = end.awaiting
    if (this.#dirt.isDirty) return undefined
    if (end.deletions) {
      this.#halt({ reason: 'mass-delete', deletions: end.deletions })
      return this.#nextLook(end.busyUntil)
    }
    base.unload()
    const next = this.#nextLook(end.busyUntil)
    if (end.busyUntil !== undefined) this.#set({ status: 'waiting', until: end.busyUntil })
    else {
      this.#remember({ syncedAt: now() })
      this.#set({ status: 'synced' })
    }
    return next
  }

  /** What is wrong in the folders that were looked at is what the plan says now. */
  #notePlan({ problems, busy }: Plan, scope: CycleScope): void {
    const rest =
      scope === 'all' ? [] : this.#planProblems.filter(({ path }) => !scope.has(keyOf(path.slice(0, -1))))
    this.#planProblems = [...rest, ...problems]
    this.#later = busy.map((path) => keyOf(path.slice(0, -1)))
  }

  /** When something is to be looked at without anything having been heard. */
  #nextLook(busyUntil: number | undefined): number {
    return Math.min(this.#fullAt, busyUntil ?? Infinity, this.#troubles.nextAt ?? Infinity)
  }

  #planFullScan(): void {
    const { now, tuning } = this.#context
    const everyMs =
      this.#watching.kind === 'events' ? SCAN_EVERY_MS : (tuning.blindScanMs ?? BLIND_SCAN_EVERY_MS)
    this.#fullAt = now() + everyMs * (0.9 + Math.random() / 5)
  }

  #paused(): { readonly until?: number } | undefined {
    const { pausedUntil } = this.#facts
    if (pausedUntil === undefined) return undefined
    if (pausedUntil === 0) return {}
    return pausedUntil > this.#context.now() ? { until: pausedUntil } : undefined
  }

  async #listen(drive: 'local' | 'network' | 'unknown'): Promise<void> {
    if (this.#watch) return
    const rules = [...this.#context.rules(), ...this.#pair.exclude]
    const { files } = this.#context.store.counts(this.#pair.id)
    this.#watch = await watchFolder({
      root: this.#pair.localPath,
      entries: Math.max(files, this.#entries),
      drive,
      rules,
      onHeard: (heard) => {
        if (heard.kind === 'lost') this.#dirt.addAll()
        else this.#dirt.addFolders(heard.folders)
        this.#kick()
      },
    })
    this.#watching = this.#watch.watching
  }

  #rewatch(): void {
    const old = this.#watch
    this.#watch = undefined
    void old?.close()
  }
}
