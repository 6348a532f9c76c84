import { toFailure, DriveError } from '#app/errors'
import { joinRemote, splitRemote } from '#app/naming'
import { changeOf } from '#app/sync/base-tree'
import { keyOf } from '#app/sync/names'
import type { Deletions, SyncEvent, SyncPair, SyncState, Tally } from '#app/sync/pair'
import type { Operation, Plan, Question, Removal, Terms } from '#app/sync/plan'
import { reconcile } from '#app/sync/reconcile'
import { gateRemovals } from '#app/sync/safety'
import type { NodeId, RemoteEntry } from '#app/sync/tree'
import { FIRST_SLICE_BYTES } from '#app/slices'
import { identify } from '../workers/file-identity.ts'
import { carryOut, list, remove, type ApplyContext } from './apply.ts'
import type { Base } from './base.ts'
import type { Dirt } from './dirt.ts'
import { isSettled, LocalTree, namesOf, parentOf } from './local-tree.ts'
import type { Ended, PairUploads, Upload } from './pair-uploads.ts'
import type { Troubles } from './problems.ts'
import { RemoteCache } from './remote-cache.ts'
import type { SyncContext } from './sync-context.ts'

export interface Cycle {
  readonly pair: SyncPair
  readonly base: Base
  readonly rootIno: string
  /** Folders of the cloud that were listed just now. */
  readonly listings: ReadonlyMap<number, readonly RemoteEntry[]>
  readonly dirt: Dirt
  readonly troubles: Troubles
  readonly uploads: PairUploads
  /** Deletions that a person has said yes to. */
  readonly approved: ReadonlySet<NodeId>
  readonly context: SyncContext
  readonly signal: AbortSignal
  readonly onPlan: (plan: Plan, scope: CycleScope) => void
  readonly onState: (state: SyncState) => void
  readonly onEvents: (events: readonly Omit<SyncEvent, 'at'>[]) => void
}

/** All of the folder, or those folders of it, from the root on. */
export type CycleScope = 'all' | ReadonlySet<string>

export interface CycleEnd {
  readonly scope: CycleScope
  readonly entries: number
  readonly busyUntil: number | undefined
  /** What waits for a yes, and how much that is. */
  readonly awaiting: readonly Removal[]
  readonly deletions: Deletions | undefined
}

/** More of the disk that differs is not held at once: the rest comes in the next cycle, and nothing is taken for deleted until then. */
const MOST_HELD = 200_000
/** Plans are made anew after this, so that files go up while folders are still made. */
const WORK_MS = 2000
/** At the same time; what the platform allows a second is the limiter's business. */
const STEPS_AT_ONCE = 4
const REMOVALS_AT_ONCE = 100
/** Refusals in a cycle after which those who meet another are left alone for a while. */
const MOST_REFUSED = 3

/** Looks at what may have changed, and does what there is to do about it, until nothing is left or something else has changed. */
export async function runCycle(cycle: Cycle): Promise<CycleEnd> {
  return new Run(cycle).run()
}

type Step = Exclude<Operation, Upload>

class Run {
  readonly #cycle: Cycle
  readonly #tree = new LocalTree()
  readonly #remote = new RemoteCache()
  readonly #apply: ApplyContext
  #scope: CycleScope = 'all'
  #complete = true
  #busyUntil: number | undefined
  #entries = 0
  #awaiting: readonly Removal[] = []
  #deletions: Deletions | undefined
  /** Steps that the platform refused in this cycle: something there is not as it was assumed. */
  #refused = 0

  constructor(cycle: Cycle) {
    this.#cycle = cycle
    const { cloud, tokens } = cycle.context
    this.#apply = { cloud, tokens, base: cycle.base, remote: this.#remote, signal: cycle.signal }
    for (const [folderID, entries] of cycle.listings) this.#remote.set(folderID, entries)
  }

  async run(): Promise<CycleEnd> {
    this.#takeEnded()
    await this.#scan()
    await this.#settle()
    this.#rememberSettled()
    return {
      scope: this.#scope,
      entries: this.#entries,
      busyUntil: this.#busyUntil,
      awaiting: this.#awaiting,
      deletions: this.#deletions,
    }
  }

  async #scan(): Promise<void> {
    const { pair, dirt, context, signal } = this.#cycle
    const { all, folders } = dirt.take()
    const rules = [...context.rules(), ...pair.exclude]
    const asked = new Set(folders)
    const known = all ? context.store.fingerprints(pair.id) : this.#childrenOf(folders)
    const order = {
      root: pair.localPath,
      folders: all ? ('all' as const) : folders,
      known: known.filter(([path]) => !asked.has(path)),
      rules,
      quietShare: context.tuning.quietShare ?? 1,
    }
    const end = await context.scanner.scan(
      order,
      (folder) => {
        if (this.#tree.size > MOST_HELD) this.#complete = false
        else this.#tree.add(folder)
      },
      signal,
    )
    this.#scope = all ? 'all' : new Set(this.#tree.folders.keys())
    this.#entries = end.entries
    this.#busyUntil = end.busyUntil
    if (!this.#complete) dirt.addAll()
  }

  /** Folders that are there already are not gone into. */
  #childrenOf(folders: readonly string[]): readonly (readonly [string, string])[] {
    return folders.flatMap((path) => {
      const row = this.#cycle.base.folder(namesOf(path))
      return [...(row?.children?.values() ?? [])]
        .filter(({ kind }) => kind === 'folder')
        .map(({ name }) => [path === '' ? name : `${path}/${name}`, ''] as const)
    })
  }

  get #terms(): Terms {
    const { pair, troubles, uploads } = this.#cycle
    return {
      mode: pair.mode,
      replace: pair.replace,
      twins: pair.twins,
      handsOff: new Set([...troubles.waiting(), ...uploads.paths()]),
      complete: this.#complete,
    }
  }

  #plan(): Plan {
    const { base, rootIno, onPlan } = this.#cycle
    const local = this.#tree.tree(base, rootIno)
    const plan = reconcile({ base: base.view, local, remote: this.#remote.view }, this.#terms)
    onPlan(plan, this.#scope)
    return plan
  }

  async #settle(): Promise<void> {
    const { signal, dirt, uploads } = this.#cycle
    for (;;) {
      if (signal.aborted) throw new DriveError('cancelled', 'Sync was broken off')
      this.#takeEnded()
      const plan = this.#plan()
      const wanted = plan.operations.filter((operation): operation is Upload => operation.kind === 'upload')
      const steps = plan.operations.filter((operation): operation is Step => operation.kind !== 'upload')
      this.#tell(plan, wanted, steps)
      this.#beginUploads(wanted)
      if (steps.length > 0 || plan.questions.length > 0) {
        await this.#work(plan.questions, steps)
        continue
      }
      if (plan.removals.length > 0 && (await this.#remove(plan.removals))) continue
      if (uploads.size === 0 && wanted.length === 0) return
      await this.#uploadsMoved(wanted.length > uploads.size)
      // What has changed meanwhile is planned with the rest of it.
      if (dirt.isDirty) {
        dirt.addFolders(this.#tree.folders.keys())
        return
      }
    }
  }

  #tell({ questions, removals }: Plan, wanted: readonly Upload[], steps: readonly Step[]): void {
    const { uploads, onState } = this.#cycle
    const count = (...kinds: readonly string[]): number =>
      steps.filter(({ kind }) => kinds.includes(kind)).length
    const left: Tally = {
      upload: wanted.length + uploads.size,
      uploadBytes: wanted.reduce((sum, { local }) => sum + local.size, 0),
      mkdir: count('mkdir'),
      move: count('relocate'),
      trash: count('discard') + removals.length,
    }
    if (left.upload + left.mkdir + left.move + left.trash > 0) onState({ status: 'syncing', left })
    else if (questions.length > 0) onState({ status: 'comparing' })
  }

  #beginUploads(wanted: readonly Upload[]): void {
    const { uploads, pair } = this.#cycle
    for (const upload of wanted) {
      if (uploads.isFull) return
      const shown = joinRemote([...splitRemote(pair.remotePath), ...upload.path.slice(0, -1), upload.to.name])
      uploads.begin(upload, [pair.localPath, ...upload.path].join('/'), shown)
    }
  }

  /** Until there is room for more, or nothing is under way any more, or something else has happened. */
  async #uploadsMoved(areMoreWaiting: boolean): Promise<void> {
    const { uploads, dirt, signal } = this.#cycle
    while (uploads.size > 0 && !dirt.isDirty && !signal.aborted && !(areMoreWaiting && uploads.isLow)) {
      await dirt.poked()
      this.#takeEnded()
    }
  }

  /** Base rows of what has arrived; what has not is left alone for a while. */
  #takeEnded(): void {
    const events: Omit<SyncEvent, 'at'>[] = []
    for (const ended of this.#cycle.uploads.take()) events.push(this.#note(ended))
    this.#cycle.onEvents(events)
  }

  #note(ended: Ended): Omit<SyncEvent, 'at'> {
    const { base, troubles, dirt } = this.#cycle
    const { upload } = ended
    const path = keyOf(upload.path)
    if (ended.kind === 'failed') {
      const { failure } = ended
      // One that is not there any more is nobody's trouble.
      if (failure.code !== 'file-missing') troubles.note(path, failure)
      dirt.addFolders([parentOf(path)])
      // Somebody or something is there that nobody knew of.
      this.#remote.forget(upload.to.parentID)
      return { kind: 'problem', path, failure }
    }
    troubles.clear(path)
    const { fileID, md5 } = ended.result
    const { ino, size, mtimeNs } = ended.identity
    const entry: RemoteEntry = { fileID, name: upload.to.name, kind: 'file', size, md5 }
    const local = { kind: 'file', ino, size, mtimeNs } as const
    const change = changeOf(upload, entry, local)
    // It was there already: then it replaces nothing.
    if (change?.kind === 'put')
      base.apply(change.replaces === fileID ? { ...change, replaces: undefined } : change)
    if (upload.how.kind === 'overwrite') this.#remote.take(upload.to.parentID, upload.how.old)
    // The platform chose a name of its own.
    if (upload.how.kind === 'beside') this.#remote.forget(upload.to.parentID)
    else this.#remote.put(upload.to.parentID, entry)
    return { kind: upload.how.kind === 'new' ? 'uploaded' : 'replaced', path }
  }

  /** Some of it, for a while: then there is a new plan. */
  async #work(questions: readonly Question[], steps: readonly Step[]): Promise<void> {
    const until = performance.now() + WORK_MS
    const tasks = [
      ...steps.map((step) => () => this.#step(step)),
      ...questions.map((question) => () => this.#answer(question)),
    ]
    let next = 0
    const workers = Array.from({ length: STEPS_AT_ONCE }, async () => {
      while (next < tasks.length && performance.now() < until && !this.#cycle.signal.aborted) {
        const task = tasks[next++]
        await task?.()
      }
    })
    // All of them come to their end, also when one fails.
    const ended = await Promise.allSettled(workers)
    const failed = ended.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }

  async #step(step: Step): Promise<void> {
    const { troubles, onEvents } = this.#cycle
    const path = keyOf(step.path)
    try {
      await carryOut(step, this.#apply)
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (!isOnePaths(failure.code)) throw thrown
      // It may have been done, and the answer lost: the next plan looks.
      this.#remote.forget()
      this.#refused++
      if (this.#refused > MOST_REFUSED) troubles.note(path, failure)
      return
    }
    troubles.clear(path)
    if (step.kind === 'forget') this.#lookAt(parentOf(path))
    const event = eventOf(step)
    if (event) onEvents([event])
  }

  /** Something in it has no row any more: what is there is new, and has to be seen. */
  #lookAt(folder: string): void {
    if (!this.#tree.folders.has(folder)) this.#cycle.dirt.addFolders([folder])
  }

  async #answer(question: Question): Promise<void> {
    const path = keyOf(question.path)
    try {
      if (question.kind === 'list') await this.#list(question.folderID)
      else await this.#hash(question)
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (question.kind === 'list' || !isOnePaths(failure.code)) throw thrown
      this.#cycle.troubles.note(path, failure)
      this.#cycle.dirt.addFolders([parentOf(path)])
    }
  }

  async #list(folderID: number): Promise<void> {
    try {
      await list(folderID, this.#apply)
    } catch (thrown) {
      const { base } = this.#cycle
      if (toFailure(thrown).code !== 'parent-missing' || folderID === base.view.fileID) throw thrown
      // Somebody has taken it away: what was in it is new again.
      const row = base.byFileID(folderID)
      if (row) {
        const path = keyOf(base.pathOf(row))
        base.apply({ kind: 'drop', node: row.id })
        this.#lookAt(parentOf(path))
      }
      this.#remote.forget()
    }
  }

  async #hash({ path, local }: Question & { kind: 'hash' }): Promise<void> {
    const { pair, context, signal, dirt } = this.#cycle
    const full = [pair.localPath, ...path].join('/')
    const identity = await identify(full)
    if (identity.ino !== local.ino || identity.size !== local.size || identity.mtimeNs !== local.mtimeNs) {
      dirt.addFolders([parentOf(keyOf(path))])
      throw new DriveError('file-changed', `Changed since it was scanned: ${full}`)
    }
    const input = { path: full, identity, sliceSize: FIRST_SLICE_BYTES }
    const { md5 } = await context.pool.run('hash', input, { signal })
    this.#tree.setHash(keyOf(path), local, md5)
  }

  /** Whether anything went. */
  async #remove(removals: readonly Removal[]): Promise<boolean> {
    const { pair, approved, context, troubles, onEvents } = this.#cycle
    const { files } = context.store.counts(pair.id)
    const { allowed, held } = gateRemovals(removals, files, approved)
    const going = new Set(allowed)
    this.#awaiting = removals.filter((removal) => !going.has(removal))
    this.#deletions = held
    for (const batch of batches(allowed)) {
      try {
        await remove(batch, this.#apply)
        onEvents(batch.map(({ path }) => ({ kind: 'trashed' as const, path: keyOf(path) })))
      } catch (thrown) {
        const failure = toFailure(thrown)
        if (!isOnePaths(failure.code)) throw thrown
        this.#remote.forget()
        this.#refused++
        if (this.#refused > MOST_REFUSED) for (const { path } of batch) troubles.note(keyOf(path), failure)
      }
    }
    return allowed.length > 0
  }

  /** The next full scan passes over folders in which nothing differs. */
  #rememberSettled(): void {
    const { base, pair, context, troubles } = this.#cycle
    const marks: (readonly [NodeId, string])[] = []
    for (const [path, folder] of this.#tree.folders) {
      const row = base.folder(namesOf(path))
      if (row && isSettled(folder, row)) marks.push([row.id, folder.fingerprint])
      const names = new Set(folder.entries.map(([name]) => name))
      troubles.clearIn(path, (name) => !names.has(name) && !row?.children?.has(name))
    }
    context.store.setFingerprints(pair.id, marks)
  }
}

/** Failures of one path; others are everybody's, and end the cycle. */
function isOnePaths(code: string): boolean {
  return !EVERYBODYS.has(code)
}

const EVERYBODYS: ReadonlySet<string> = new Set([
  'offline',
  'proxy-failed',
  'connection-lost',
  'timeout',
  'rate-limited',
  'signed-out',
  'unauthorized',
  'token-limit',
  'cancelled',
  'interrupted',
  'data-folder-unusable',
  'internal',
])

function eventOf(step: Step): Omit<SyncEvent, 'at'> | undefined {
  const path = keyOf(step.path)
  switch (step.kind) {
    case 'mkdir':
      return { kind: 'made', path }
    case 'relocate':
      return step.aside ? undefined : { kind: 'moved', path, from: keyOf(step.was) }
    case 'adopt':
      return { kind: 'adopted', path }
    default:
      return undefined
  }
}

/** Folders one by one, as each has to be looked at first; files a hundred at once. */
function* batches(removals: readonly Removal[]): Generator<readonly Removal[]> {
  for (const removal of removals) if (removal.kind === 'folder') yield [removal]
  const files = removals.filter(({ kind }) => kind === 'file')
  for (let start = 0; start < files.length; start += REMOVALS_AT_ONCE)
    yield files.slice(start, start + REMOVALS_AT_ONCE)
}
