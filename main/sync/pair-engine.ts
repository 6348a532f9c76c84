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
import type { NodeId } from '#app/sync/tree'
import type { PairFacts } from '../store/sync-store.ts'
import { Agenda } from './agenda.ts'
import { Base } from './base.ts'
import { runCycle, type Cycle } from './cycle.ts'
import { Dirt } from './dirt.ts'
import { Consent } from './consent.ts'
import { Loop } from './loop.ts'
import { PlannedProblems } from './planned-problems.ts'
import { findRemoteRoot } from './remote-root.ts'
import { checkRoot, type RootCheck } from './root-check.ts'
import type { SyncContext } from './sync-context.ts'
import { Troubles } from './problems.ts'
import { PairRecord } from './pair-record.ts'
import { PairUploads } from './pair-uploads.ts'
import { PairWatch } from './pair-watch.ts'
import { verifyRemote } from './verify.ts'
import type { DriveKind } from './scan-jobs.ts'

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
  readonly #consent = new Consent()
  readonly #planned = new PlannedProblems()
  readonly #record: PairRecord
  readonly #watch: PairWatch
  readonly #agenda: Agenda
  readonly #loop: Loop
  #base: Base | undefined
  #state: SyncState = { status: 'scanning' }
  #entries = 0
  #verifyNow = false
  #abort = new AbortController()

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
    this.#agenda = new Agenda(context, this.#dirt, this.#troubles)
    this.#loop = new Loop({
      turn: () => this.#cycleSafely(),
      onDue: () => {
        this.#agenda.take()
      },
      now: context.now,
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
    return [...this.#planned.list(), ...this.#troubles.list()]
  }

  start(): void {
    this.#kick()
  }

  async stop(): Promise<void> {
    this.#loop.stop()
    this.#abort.abort()
    this.#dirt.poke()
    await this.#watch.close()
    await this.#loop.ended()
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
    this.#record.change(change)
    if (change.twins !== undefined) this.#context.store.forgetFingerprints(this.pair.id)
    if (change.exclude) this.rulesChanged()
    this.#dirt.addAll()
    this.#kick()
  }

  /** What is left out is another, of this pair or of all. */
  rulesChanged(): void {
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
        this.#consent.grant(this.#state.status === 'halted' && this.#state.halt.reason === 'root-emptied')
        break
      case 'keep': {
        // They are in the cloud as anybody's files are, and no longer this pair's.
        const kept = this.#consent.withdraw()
        for (const { node } of kept) this.#base?.apply({ kind: 'drop', node })
        this.#log(kept.map(({ path }) => ({ kind: 'kept' as const, path: keyOf(path) })))
        break
      }
      case 'same-folder':
        this.#record.forget('root')
        break
      case 'make-again':
        this.#record.forget('remoteRoot')
        this.#context.store.forgetRows(this.pair.id)
        this.#base = undefined
    }
    this.#consent.withdraw()
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
    this.#dirt.poke()
    this.#loop.kick()
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
      this.#consent.mayBeEmpty ? 0 : this.#rootRows(),
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
    this.#dirt.addFolders(this.#consent.awaiting.map(({ path }) => keyOf(path.slice(0, -1))))
    const cycle: Cycle = {
      pair: this.pair,
      base,
      rootIno,
      listings: verified?.listings ?? new Map(),
      dirt: this.#dirt,
      troubles: this.#troubles,
      uploads: this.#uploads,
      approved: this.#consent.approved,
      context: this.#context,
      signal,
      onScanned: (entries) => {
        this.#entries = Math.max(this.#entries, entries)
        // Only now one knows by which means; what happens until they are at work is found by another look.
        this.#listen(drive)
      },
      onPlan: (plan, scope) => {
        this.#planned.take(plan.problems, scope, this.pair.localPath)
      },
      onState: (state) => {
        this.#set(state)
      },
      onEvents: (events) => {
        this.#log(events)
      },
    }
    const end = await runCycle(cycle)
    if (end.scope === 'all') this.#agenda.planFullScan(this.#watch.watching)
    if (verified || this.#record.facts.checkedAt === undefined)
      this.#record.remember({ checkedAt: startedAt })
    this.#consent.ask(end.awaiting)
    if (this.#dirt.isDirty) return undefined
    this.#agenda.noteBusy(end)
    if (end.deletions) {
      this.#halt({ reason: 'mass-delete', deletions: end.deletions })
      return this.#agenda.nextLook
    }
    this.#consent.settle()
    base.unload()
    const { busyUntil } = this.#agenda
    if (busyUntil !== undefined) this.#set({ status: 'waiting', until: busyUntil })
    else {
      this.#record.remember({ syncedAt: now() })
      this.#set({ status: 'synced' })
    }
    return this.#agenda.nextLook
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
