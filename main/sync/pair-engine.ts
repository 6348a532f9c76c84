import { existsSync } from 'node:fs'
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
} from '#app/sync/pair'
import type { Plan, PlanProblem, Removal } from '#app/sync/plan'
import type { NodeId } from '#app/sync/tree'
import type { PairFacts } from '../store/sync-store.ts'
import { runAt } from '../transfers/far-timer.ts'
import { Base } from './base.ts'
import { runCycle, type Cycle, type CycleEnd, type CycleScope } from './cycle.ts'
import { Dirt } from './dirt.ts'
import { parentOf } from './local-tree.ts'
import { findRemoteRoot } from './remote-root.ts'
import { checkRoot, type RootCheck } from './root-check.ts'
import type { SyncContext } from './sync-context.ts'
import { Troubles } from './problems.ts'
import { PairRecord } from './pair-record.ts'
import { PairUploads } from './pair-uploads.ts'
import { PairWatch } from './pair-watch.ts'
import { verifyRemote } from './verify.ts'
import type { DriveKind } from './scan-jobs.ts'

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
  readonly #record: PairRecord
  readonly #watch: PairWatch
  #base: Base | undefined
  #state: SyncState = { status: 'scanning' }
  #planProblems: readonly PlanProblem[] = []
  #awaiting: readonly Removal[] = []
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
  /** Folders with files that were being written, and when to look again. */
  readonly #busy = new Map<string, number>()

  constructor(pair: SyncPair, facts: PairFacts, context: SyncContext) {
    this.#record = new PairRecord({ pair, facts }, context.store)
    this.#watch = new PairWatch(() => {
      this.lookAgain()
    })
    this.#context = context
    this.#troubles = new Troubles(context.now)
    this.#uploads = new PairUploads(context.uploads, () => {
      this.#dirt.poke()
    })
    this.#dirt.addAll()
  }

  get pair(): SyncPair {
    return this.#record.pair
  }

  get uploads(): PairUploads {
    return this.#uploads
  }

  get status(): PairStatus {
    const { files, bytes } = this.#context.store.counts(this.pair.id)
    const { syncedAt } = this.#record.facts
    return {
      pair: this.pair,
      state: this.#shownState(),
      files,
      bytes,
      problems: this.problems().length,
      ...(syncedAt === undefined ? {} : { syncedAt }),
      watching: this.#watch.watching,
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
    await this.#watch.close()
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

  /** No change at all: the rules of all pairs are others. */
  change(change: PairChange): void {
    this.#record.change(change)
    if (change.twins !== undefined) this.#context.store.forgetFingerprints(this.pair.id)
    // Begun anew by the next cycle, by the rules there are then.
    void this.#watch.close()
    this.#dirt.addAll()
    this.#kick()
  }

  pause(until: number | undefined): void {
    this.#record.remember({ pausedUntil: until ?? 0 })
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
    this.#record.forget('pausedUntil')
    this.#uploads.resumeAll()
  }

  /** What a person says to a pair that has halted. */
  answer(answer: SyncAnswer): void {
    switch (answer) {
      case 'trash':
        for (const { node } of this.#awaiting) this.#approved.add(node)
        if (this.#state.status === 'halted' && this.#state.halt.reason === 'root-emptied')
          this.#mayBeEmpty = true
        break
      case 'keep':
        // They are in the cloud as anybody's files are, and no longer this pair's.
        for (const { node } of this.#awaiting) this.#base?.apply({ kind: 'drop', node })
        this.#log(this.#awaiting.map(({ path }) => ({ kind: 'kept' as const, path: keyOf(path) })))
        break
      case 'same-folder':
        this.#record.forget('root')
        break
      case 'make-again':
        this.#record.forget('remoteRoot')
        this.#context.store.forgetRows(this.pair.id)
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
    store.dropPair(this.pair.id)
    await scanner
      .mark(this.pair.localPath, this.pair.id, 'unmark', new AbortController().signal)
      .catch(() => undefined)
  }

  #log(events: readonly Omit<SyncEvent, 'at'>[]): void {
    const at = this.#context.now()
    if (events.length > 0) this.#context.onEvents?.(this.pair.id, events)
    if (events.length > 0)
      this.#context.store.addEvents(
        this.pair.id,
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
      for (const [folder, until] of this.#busy)
        if (until <= this.#context.now()) this.#dirt.addFolders([folder])
      // What failed may be a file, or what is in a folder.
      this.#dirt.addFolders(this.#troubles.list().flatMap(({ path }) => [parentOf(path), path]))
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
    if (this.#record.facts.pausedUntil !== undefined) this.#endPause()
    const block = paused()
    if (block) {
      this.#set(block)
      return Infinity
    }
    this.#set({ status: 'scanning' })
    if ((await owner()) !== this.#record.facts.owner) return this.#haltFor('other-account')
    const root = await checkRoot(
      this.pair,
      this.#record.facts,
      this.#mayBeEmpty ? 0 : this.#rootRows(),
      this.#context,
      signal,
    )
    if (root.kind === 'halt') return this.#haltFor(root.reason)
    if (root.facts) this.#record.remember({ root: root.facts })
    const remoteRoot = await findRemoteRoot(this.pair, this.#record.facts, this.#context, signal)
    if (remoteRoot === undefined) return this.#haltFor('remote-root-missing')
    if (remoteRoot !== this.#record.facts.remoteRoot) this.#record.remember({ remoteRoot })
    this.#base ??= new Base(this.#context.store, this.pair.id, remoteRoot)
    return this.#work(this.#base, root, signal, now())
  }

  #rootRows(): number {
    return this.#context.store.children(this.pair.id, 0 as NodeId).length
  }

  #haltFor(reason: HaltReason): number {
    this.#halt({ reason })
    return this.#context.now() + (this.#context.tuning.rootAgainMs ?? ROOT_AGAIN_MS)
  }

  async #work(
    base: Base,
    { ino: rootIno, drive }: RootCheck & { readonly kind: 'fine' },
    signal: AbortSignal,
    startedAt: number,
  ): Promise<number | undefined> {
    const { now } = this.#context
    const isDue = startedAt - (this.#record.facts.checkedAt ?? startedAt) >= VERIFY_EVERY_MS
    const verified =
      this.#verifyNow || isDue ? await verifyRemote(this.pair, base, this.#context, signal) : undefined
    if (verified) {
      this.#verifyNow = false
      this.#dirt.addFolders(verified.folders)
    }
    // What waits for a yes waits on, whatever else is looked at.
    this.#dirt.addFolders(this.#awaiting.map(({ path }) => keyOf(path.slice(0, -1))))
    const cycle: Cycle = {
      pair: this.pair,
      base,
      rootIno,
      listings: verified?.listings ?? new Map(),
      dirt: this.#dirt,
      troubles: this.#troubles,
      uploads: this.#uploads,
      approved: this.#approved,
      context: this.#context,
      signal,
      onScanned: (entries) => {
        this.#entries = Math.max(this.#entries, entries)
        // Only now one knows by which means; what happens until they are at work is found by another look.
        this.#listen(drive)
      },
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
    if (verified || this.#record.facts.checkedAt === undefined)
      this.#record.remember({ checkedAt: startedAt })
    this.#awaiting = end.awaiting
    if (this.#dirt.isDirty) return undefined
    this.#noteBusy(end)
    if (end.deletions) {
      this.#halt({ reason: 'mass-delete', deletions: end.deletions })
      return this.#nextLook()
    }
    this.#mayBeEmpty = false
    base.unload()
    if (this.#busy.size > 0) this.#set({ status: 'waiting', until: Math.min(...this.#busy.values()) })
    else {
      this.#record.remember({ syncedAt: now() })
      this.#set({ status: 'synced' })
    }
    return this.#nextLook()
  }

  /** What is wrong in the folders that were looked at is what the plan says now. */
  #notePlan({ problems }: Plan, scope: CycleScope): void {
    const isElsewhere = ({ path }: PlanProblem): boolean =>
      scope !== 'all' &&
      !scope.has(keyOf(path.slice(0, -1))) &&
      // Not in a folder that is gone with all that was in it.
      existsSync([this.pair.localPath, ...path].join('/'))
    this.#planProblems = [...this.#planProblems.filter(isElsewhere), ...problems]
  }

  /** When something is to be looked at without anything having been heard. */
  #nextLook(): number {
    return Math.min(this.#fullAt, ...this.#busy.values(), this.#troubles.nextAt ?? Infinity)
  }

  /** Of the folders that were looked at; the others wait as they did. */
  #noteBusy({ scope, busy }: CycleEnd): void {
    if (scope === 'all') this.#busy.clear()
    else for (const folder of scope) this.#busy.delete(folder)
    for (const [folder, until] of busy) this.#busy.set(folder, until)
  }

  #planFullScan(): void {
    const { now, tuning } = this.#context
    const everyMs =
      this.#watch.watching.kind === 'events' ? SCAN_EVERY_MS : (tuning.blindScanMs ?? BLIND_SCAN_EVERY_MS)
    this.#fullAt = now() + everyMs * (0.9 + Math.random() / 5)
  }

  #paused(): { readonly until?: number } | undefined {
    const { pausedUntil } = this.#record.facts
    if (pausedUntil === undefined) return undefined
    if (pausedUntil === 0) return {}
    return pausedUntil > this.#context.now() ? { until: pausedUntil } : undefined
  }

  #listen(drive: DriveKind): void {
    this.#watch.start({
      root: this.pair.localPath,
      entries: this.#entries,
      drive,
      rules: [...this.#context.rules(), ...this.pair.exclude],
      onHeard: (heard) => {
        if (heard.kind === 'lost') this.#dirt.addAll()
        else this.#dirt.addFolders(heard.folders)
        this.#kick()
      },
    })
  }
}
