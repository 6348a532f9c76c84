import { DriveError, toFailure } from '#app/errors'
import { BaseTree, changeOf, type FolderRow, type Row } from '#app/sync/base-tree'
import { keyOf } from '#app/sync/names'
import type { SyncPair, SyncPreview, SyncProblem } from '#app/sync/pair'
import type { Operation, Question, Terms } from '#app/sync/plan'
import { reconcile } from '#app/sync/reconcile'
import type { NodeId, RemoteEntry } from '#app/sync/tree'
import { FIRST_SLICE_BYTES } from '#app/slices'
import { ROOT_ID } from '../store/sync-store.ts'
import { authorized } from '../transfers/context.ts'
import { identify } from '../workers/file-identity.ts'
import { LocalTree } from './local-tree.ts'
import { RemoteCache } from './remote-cache.ts'
import type { SyncContext } from './sync-context.ts'

/** How a file that may be in the cloud already is compared: by reading it, or by its size alone, which a person need not wait for. */
export type Comparing = 'by-content' | 'by-size'

const EXAMPLES = 50
/** A person learns nothing more from a larger number. */
const MOST_ENTRIES = 200_000

export interface PreviewOptions {
  readonly pair: SyncPair
  /** Undefined: it is yet to be made. */
  readonly remoteRoot: number | undefined
  /** Of the base; none for a pair that is yet to be made. */
  readonly rows: (parent: NodeId) => readonly Row[]
  readonly comparing: Comparing
  readonly context: SyncContext
  readonly signal: AbortSignal
}

/** What a pair would do now, without doing it: planned as it would be, and every step taken for done. Warns of nothing. */
export async function preview(options: PreviewOptions): Promise<SyncPreview> {
  return new Preview(options).run()
}

class Preview {
  readonly #pair: SyncPair
  readonly #comparing: Comparing
  readonly #context: SyncContext
  readonly #signal: AbortSignal
  readonly #tree = new LocalTree()
  readonly #remote = new RemoteCache()
  readonly #base: BaseTree
  #nextId = 1_000_000_000
  /** Ids of what would be made: no real one is negative. */
  #nextFileID = -2
  #upload = 0
  #uploadBytes = 0
  #mkdir = 0
  #move = 0
  #trash = 0
  #present = 0

  constructor({ pair, remoteRoot, rows, comparing, context, signal }: PreviewOptions) {
    this.#pair = pair
    this.#comparing = comparing
    this.#context = context
    this.#signal = signal
    const root: FolderRow = {
      kind: 'folder',
      id: ROOT_ID,
      name: '',
      ino: '',
      fileID: remoteRoot ?? -1,
      children: undefined,
    }
    this.#base = new BaseTree(root, () => this.#nextId++ as NodeId)
    const load = (folder: FolderRow): void => {
      this.#base.load(folder, rows(folder.id))
      for (const row of folder.children?.values() ?? []) if (row.kind === 'folder') load(row)
    }
    load(root)
    // A cloud folder that is yet to be made is empty.
    if (remoteRoot === undefined) this.#remote.set(-1, [])
  }

  async run(): Promise<SyncPreview> {
    const { scanner, rules } = this.#context
    let complete = true
    let ignored = 0
    const order = {
      root: this.#pair.localPath,
      folders: 'all' as const,
      known: [],
      rules: [...rules(), ...this.#pair.exclude],
      quietShare: 0,
    }
    const { ino } = await scanner.root(this.#pair.localPath, this.#signal)
    await scanner.scan(
      order,
      (folder) => {
        ignored += folder.entries.filter(([, { kind }]) => kind === 'ignored').length
        if (this.#tree.size > MOST_ENTRIES) complete = false
        else this.#tree.add(folder)
      },
      this.#signal,
    )
    const problems = await this.#settle(ino, complete)
    return {
      upload: this.#upload,
      uploadBytes: this.#uploadBytes,
      mkdir: this.#mkdir,
      move: this.#move,
      trash: this.#trash,
      present: this.#present,
      problems: problems.length,
      examples: problems.slice(0, EXAMPLES),
      ignored,
      warnings: [],
      complete,
    }
  }

  async #settle(rootIno: string, complete: boolean): Promise<readonly SyncProblem[]> {
    const { mode, replace, twins } = this.#pair
    const terms: Terms = { mode, replace, twins, handsOff: new Set(), complete }
    const loader = {
      folder: () => this.#base.root,
      load: () => undefined,
      loadWhole: () => undefined,
    }
    for (;;) {
      if (this.#signal.aborted) throw new DriveError('cancelled', 'Nobody wants to know any more')
      const local = this.#tree.tree(loader, rootIno)
      const plan = reconcile({ base: this.#base.view, local, remote: this.#remote.view }, terms)
      for (const question of plan.questions) await this.#answer(question)
      for (const operation of plan.operations) this.#pretend(operation)
      for (const { node, files } of plan.removals) {
        this.#trash += files
        this.#base.apply({ kind: 'drop', node })
      }
      if (plan.questions.length + plan.operations.length + plan.removals.length > 0) continue
      return plan.problems.map(({ path, code, detail }) => ({
        path: keyOf(path),
        failure: { code, message: 'Not synced', ...(detail === undefined ? {} : { detail }) },
      }))
    }
  }

  async #answer(question: Question): Promise<void> {
    if (question.kind === 'list') await this.#list(question.folderID)
    else this.#tree.setHash(keyOf(question.path), question.local, await this.#contentOf(question))
  }

  async #list(folderID: number): Promise<void> {
    const { cloud, tokens } = this.#context
    try {
      this.#remote.set(
        folderID,
        await authorized(tokens, (token) => cloud.list(token, folderID, this.#signal)),
      )
    } catch (thrown) {
      if (toFailure(thrown).code !== 'parent-missing') throw thrown
      const row = this.#base.find((one) => one.fileID === folderID)
      if (row) this.#base.apply({ kind: 'drop', node: row.id })
      else this.#remote.set(folderID, [])
    }
  }

  async #contentOf({ path, local }: Question & { kind: 'hash' }): Promise<string> {
    if (this.#comparing === 'by-size') {
      const same = [...this.#remote.view.values()].flat().find(({ kind, name, size }) => {
        return kind === 'file' && name === path.at(-1) && size === local.size
      })
      return same?.md5 ?? '-'
    }
    const full = [this.#pair.localPath, ...path].join('/')
    const input = { path: full, identity: await identify(full), sliceSize: FIRST_SLICE_BYTES }
    return (await this.#context.pool.run('hash', input, { signal: this.#signal })).md5
  }

  #pretend(operation: Operation): void {
    const entry = this.#doRemote(operation)
    const change = changeOf(operation, entry)
    // What it replaces is as good as in the bin.
    if (change?.kind === 'put') this.#base.apply({ ...change, replaces: undefined })
    else if (change) this.#base.apply(change)
  }

  #doRemote(operation: Operation): RemoteEntry | undefined {
    switch (operation.kind) {
      case 'mkdir': {
        this.#mkdir++
        const entry: RemoteEntry = {
          fileID: this.#nextFileID--,
          name: operation.to.name,
          kind: 'folder',
          size: 0,
          md5: '',
        }
        this.#remote.put(operation.to.parentID, entry)
        this.#remote.set(entry.fileID, [])
        return entry
      }
      case 'upload': {
        const { to, local, how } = operation
        this.#upload++
        this.#uploadBytes += local.size
        if (how.kind !== 'new') this.#remote.take(to.parentID, how.old)
        const entry: RemoteEntry = {
          fileID: this.#nextFileID--,
          name: to.name,
          kind: 'file',
          size: local.size,
          md5: local.md5 ?? '-',
        }
        this.#remote.put(to.parentID, entry)
        return entry
      }
      case 'relocate': {
        if (!operation.aside) this.#move++
        const entry = this.#remote.take(operation.from.parentID, operation.fileID)
        if (entry) this.#remote.put(operation.to.parentID, { ...entry, name: operation.to.name })
        return undefined
      }
      case 'discard':
        this.#remote.take(operation.parentID, operation.fileID)
        return undefined
      case 'adopt':
        if (operation.entry.kind === 'file') this.#present++
        return undefined
      default:
        return undefined
    }
  }
}
