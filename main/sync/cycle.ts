import { DriveError } from '#app/errors'
import { joinRemote, splitRemote } from '#app/naming'
import { changeOf } from '#app/sync/base-tree'
import { keyOf } from '#app/sync/names'
import type { Deletions, SyncEvent, SyncState, Tally } from '#app/sync/pair'
import type { Plan, Question, Removal, Terms } from '#app/sync/plan'
import { reconcile } from '#app/sync/reconcile'
import { gateRemovals } from '#app/sync/safety'
import type { NodeId, RemoteEntry } from '#app/sync/tree'
import { isSettled, LocalTree, namesOf, parentOf } from './local-tree.ts'
import type { Ended, PairUploads, Upload } from './pair-uploads.ts'
import { RemoteCache } from './remote-cache.ts'
import { Steps, type Step, type StepsOf } from './steps.ts'
import type { ScannedFolder } from './scan-jobs.ts'

export interface Cycle extends StepsOf {
  readonly rootIno: string
  /** Folders of the cloud that were listed just now. */
  readonly listings: ReadonlyMap<number, readonly RemoteEntry[]>
  readonly uploads: PairUploads
  /** Deletions that a person has said yes to. */
  readonly approved: ReadonlySet<NodeId>
  /** So many files and folders were looked at. */
  readonly onScanned: (entries: number) => void
  readonly onPlan: (plan: Plan, scope: CycleScope) => void
  readonly onState: (state: SyncState) => void
}

/** All of the folder, or those folders of it, from the root on. */
export type CycleScope = 'all' | ReadonlySet<string>

export interface CycleEnd {
  readonly scope: CycleScope
  /** Folders with files that are being written, and when to look again. */
  readonly busy: ReadonlyMap<string, number>
  /** What waits for a yes, and how much that is. */
  readonly awaiting: readonly Removal[]
  readonly deletions: Deletions | undefined
}

/** More of the disk that differs is not held at once: the rest comes in the next cycle, and nothing is taken for deleted until then. */
const MOST_HELD = 200_000
/** A cycle that still has files to begin goes on for this long before it makes way for one with newer eyes. */
const LEAST_MS = 10_000

/** Looks at what may have changed, and does what there is to do about it, until nothing is left or something else has changed. */
export async function runCycle(cycle: Cycle): Promise<CycleEnd> {
  return new Run(cycle).run()
}

class Run {
  readonly #cycle: Cycle
  readonly #tree = new LocalTree()
  readonly #remote = new RemoteCache()
  readonly #steps: Steps
  #scope: CycleScope = 'all'
  #complete = true
  #scannedAt = 0
  readonly #busy = new Map<string, number>()
  #awaiting: readonly Removal[] = []
  #deletions: Deletions | undefined

  constructor(cycle: Cycle) {
    this.#cycle = cycle
    const { cloud, tokens } = cycle.context
    const { base, signal } = cycle
    this.#steps = new Steps(cycle, this.#tree, { cloud, tokens, base, remote: this.#remote, signal })
    for (const [folderID, entries] of cycle.listings) this.#remote.set(folderID, entries)
  }

  async run(): Promise<CycleEnd> {
    this.#takeEnded()
    await this.#scan()
    await this.#settle()
    this.#rememberSettled()
    if (!this.#complete) this.#cycle.dirt.addAll()
    return {
      scope: this.#scope,
      busy: this.#busy,
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
      // Known, or they would not be gone into; but by no fingerprint, so that they are told.
      known: known.map(([path, fingerprint]) => [path, asked.has(path) ? '' : fingerprint] as const),
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
    // Later than that for some of them: looked at too soon, they are looked at once more.
    for (const [path, { entries }] of this.#tree.folders)
      if (end.busyUntil !== undefined && entries.some(([, node]) => node.kind === 'file' && node.busy))
        this.#busy.set(path, end.busyUntil)
    this.#scannedAt = performance.now()
    for (const [path, folder] of this.#tree.folders) this.#forgetTroubles(path, folder)
    this.#cycle.onScanned(end.entries)
  }

  #forgetTroubles(path: string, { entries }: ScannedFolder): void {
    const { base, troubles } = this.#cycle
    const row = base.folder(namesOf(path))
    const byName = new Map(entries)
    troubles.lookAt(path, (name) => byName.get(name) ?? row?.children?.get(name))
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
      handsOff: new Set([...troubles.waiting(), ...uploads.paths(), ...this.#steps.outdated]),
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
      const questions = this.#askable(plan.questions)
      const wanted = plan.operations.filter((operation): operation is Upload => operation.kind === 'upload')
      const steps = plan.operations.filter((operation): operation is Step => operation.kind !== 'upload')
      this.#tell(plan, wanted, steps)
      const areMoreWaiting = this.#beginUploads(wanted)
      if (steps.length > 0 || questions.length > 0) {
        await this.#steps.work(questions, steps)
        continue
      }
      if (plan.removals.length > 0 && (await this.#remove(plan.removals))) continue
      if (uploads.size === 0) return
      await this.#uploadsMoved(areMoreWaiting)
      // What has changed meanwhile is looked at with the rest of it.
      if (this.#isOutdated(areMoreWaiting)) {
        dirt.addFolders(this.#tree.folders.keys())
        return
      }
    }
  }

  /** Without those about folders of the cloud that could not be listed: they are asked again once their time has come. */
  #askable(questions: readonly Question[]): readonly Question[] {
    const { troubles } = this.#cycle
    return questions.filter(
      (question) =>
        question.kind !== 'list' ||
        !(this.#steps.unlisted.has(question.folderID) || troubles.isWaiting(keyOf(question.path))),
    )
  }

  /** Something has changed; while more waits to go up, that is let be for a while, as all is looked at anew for it. */
  #isOutdated(areMoreWaiting: boolean): boolean {
    return this.#cycle.dirt.isDirty && (!areMoreWaiting || performance.now() - this.#scannedAt > LEAST_MS)
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

  /** Whether there was no room for all of them. */
  #beginUploads(wanted: readonly Upload[]): boolean {
    const { uploads, pair } = this.#cycle
    for (const upload of wanted) {
      if (uploads.isFull) return true
      const shown = joinRemote([...splitRemote(pair.remotePath), ...upload.path.slice(0, -1), upload.to.name])
      uploads.begin(upload, [pair.localPath, ...upload.path].join('/'), shown)
    }
    return false
  }

  /** Until there is room for more, or nothing is under way any more, or something else has happened. */
  async #uploadsMoved(areMoreWaiting: boolean): Promise<void> {
    const { uploads, dirt, signal } = this.#cycle
    while (
      uploads.size > 0 &&
      !signal.aborted &&
      !this.#isOutdated(areMoreWaiting) &&
      !(areMoreWaiting && uploads.isLow)
    ) {
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
      if (failure.code !== 'file-missing') troubles.note(path, failure, upload.local)
      if (failure.code === 'file-missing' || failure.code === 'file-changed')
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

  /** Whether anything may go. */
  async #remove(removals: readonly Removal[]): Promise<boolean> {
    const { pair, approved, context } = this.#cycle
    const { files } = context.store.counts(pair.id)
    const { allowed, held } = gateRemovals(removals, files, approved)
    const going = new Set(allowed)
    this.#awaiting = removals.filter((removal) => !going.has(removal))
    this.#deletions = held
    await this.#steps.remove(allowed)
    return allowed.length > 0 && !this.#cycle.dirt.isDirty
  }

  /** The next full scan passes over folders in which nothing differs. */
  #rememberSettled(): void {
    const { base, pair, context } = this.#cycle
    const marks: (readonly [NodeId, string])[] = []
    for (const [path, folder] of this.#tree.folders) {
      const row = base.folder(namesOf(path))
      if (row && isSettled(folder, row)) marks.push([row.id, folder.fingerprint])
    }
    context.store.setFingerprints(pair.id, marks)
  }
}
