import { lstat } from 'node:fs/promises'
import { toFailure, DriveError, type ErrorCode } from '#app/errors'
import { keyOf } from '#app/sync/names'
import type { SyncEvent, SyncPair } from '#app/sync/pair'
import type { Operation, Question, Removal } from '#app/sync/plan'
import { FIRST_SLICE_BYTES } from '#app/slices'
import { identify } from '../workers/file-identity.ts'
import { carryOut, list, remove, type ApplyContext } from './apply.ts'
import type { Base } from './base.ts'
import type { Dirt } from './dirt.ts'
import { parentOf, type LocalTree } from './local-tree.ts'
import type { Upload } from './pair-uploads.ts'
import type { Troubles } from './problems.ts'
import type { SyncContext } from './sync-context.ts'

export type Step = Exclude<Operation, Upload>

/** What is worked on, and with. */
export interface StepsOf {
  readonly pair: SyncPair
  readonly base: Base
  readonly dirt: Dirt
  readonly troubles: Troubles
  readonly context: SyncContext
  readonly signal: AbortSignal
  readonly onEvents: (events: readonly Omit<SyncEvent, 'at'>[]) => void
}

/** Plans are made anew after this, so that files go up while folders are still made. */
const WORK_MS = 2000
/** At the same time; what the platform allows a second is the limiter's business. */
const STEPS_AT_ONCE = 4
const REMOVALS_AT_ONCE = 100
/** Refusals in a cycle after which those who meet another are left alone for a while. */
const MOST_REFUSED = 3

/** Carries out what a plan asks and says, uploads aside. What fails for one path is that path's trouble; the rest goes on. */
export class Steps {
  readonly #cycle: StepsOf
  readonly #tree: LocalTree
  readonly #apply: ApplyContext
  /** Steps that the platform refused in this cycle: something there is not as it was assumed. */
  #refused = 0

  /** Files that are not as they were scanned: nothing can be planned for them in this cycle. */
  readonly outdated = new Set<string>()
  /** Folders of the cloud that can't be listed: what is in them waits, and holds up nothing else. */
  readonly unlisted = new Set<number>()

  constructor(cycle: StepsOf, tree: LocalTree, apply: ApplyContext) {
    this.#cycle = cycle
    this.#tree = tree
    this.#apply = apply
  }

  /** Some of it, for a while: then there is a new plan. */
  async work(questions: readonly Question[], steps: readonly Step[]): Promise<void> {
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

  async remove(removals: readonly Removal[]): Promise<void> {
    for (const batch of batches(removals)) {
      const gone: Removal[] = []
      for (const removal of batch) if (await this.#isStillGone(removal)) gone.push(removal)
      if (gone.length === 0) continue
      try {
        await remove(gone, this.#apply)
        this.#cycle.onEvents(gone.map(({ path }) => ({ kind: 'trashed' as const, path: keyOf(path) })))
      } catch (thrown) {
        for (const { path } of gone) this.#refuse(keyOf(path), thrown)
      }
    }
  }

  /** It may have come back since it was looked for (pitfalls 4). */
  async #isStillGone({ path, ino, kind }: Removal): Promise<boolean> {
    const { pair, dirt } = this.#cycle
    const full = [pair.localPath, ...path].join('/')
    const there = await lstat(full, { bigint: true }).catch(() => undefined)
    // Another thing may have its name, and even its number, which is given anew: that is planned for already.
    const isBack = String(there?.ino) === ino && there?.isDirectory() === (kind === 'folder')
    if (isBack) dirt.addFolders([parentOf(keyOf(path))])
    return !isBack
  }

  async #step(step: Step): Promise<void> {
    const { troubles, onEvents } = this.#cycle
    const path = keyOf(step.path)
    try {
      await carryOut(step, this.#apply)
    } catch (thrown) {
      this.#refuse(path, thrown)
      return
    }
    troubles.clear(path)
    if (step.kind === 'forget') this.#lookAt(parentOf(path))
    const event = eventOf(step)
    if (event) onEvents([event])
  }

  /** It may have been done, and the answer lost: the next plan looks. */
  #refuse(path: string, thrown: unknown): void {
    const failure = toFailure(thrown)
    if (isEverybodys(failure.code)) throw thrown
    this.#apply.remote.forget()
    this.#refused++
    if (this.#refused > MOST_REFUSED) this.#cycle.troubles.note(path, failure)
  }

  /** Something in it has no row any more: what is there is new, and has to be seen. */
  #lookAt(folder: string): void {
    if (!this.#tree.folders.has(folder)) this.#cycle.dirt.addFolders([folder])
  }

  async #answer(question: Question): Promise<void> {
    if (question.kind === 'list') {
      await this.#list(question.folderID, keyOf(question.path))
      return
    }
    try {
      await this.#hash(question)
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (isEverybodys(failure.code)) throw thrown
      const path = keyOf(question.path)
      this.#cycle.dirt.addFolders([parentOf(path)])
      // One that is another by now, or none, is looked at anew; nothing is wrong with it.
      if (failure.code === 'file-changed' || failure.code === 'file-missing') this.outdated.add(path)
      else this.#cycle.troubles.note(path, failure, question.local)
    }
  }

  async #list(folderID: number, path: string): Promise<void> {
    try {
      await list(folderID, this.#apply)
    } catch (thrown) {
      const { base, troubles } = this.#cycle
      const failure = toFailure(thrown)
      if (isEverybodys(failure.code) || folderID === base.view.fileID) throw thrown
      if (failure.code !== 'parent-missing') {
        this.unlisted.add(folderID)
        troubles.note(path, failure)
        return
      }
      // Somebody has taken it away: what was in it is new again.
      const row = base.byFileID(folderID)
      if (row) {
        const at = keyOf(base.pathOf(row))
        base.apply({ kind: 'drop', node: row.id })
        this.#lookAt(parentOf(at))
      }
      this.#apply.remote.forget()
    }
  }

  async #hash({ path, local }: Question & { kind: 'hash' }): Promise<void> {
    const { pair, context, signal } = this.#cycle
    const full = [pair.localPath, ...path].join('/')
    const identity = await identify(full)
    if (identity.ino !== local.ino || identity.size !== local.size || identity.mtimeNs !== local.mtimeNs)
      throw new DriveError('file-changed', `Changed since it was scanned: ${full}`)
    const input = { path: full, identity, sliceSize: FIRST_SLICE_BYTES }
    const { md5 } = await context.pool.run('hash', input, { signal })
    this.#tree.setHash(keyOf(path), local, md5)
  }
}

/** Failures that are no path's own: they end the cycle. */
const EVERYBODYS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
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

const isEverybodys = (code: ErrorCode): boolean => EVERYBODYS.has(code)

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
