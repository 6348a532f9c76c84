import { randomUUID } from 'node:crypto'
import { DriveError } from '#app/errors'
import { COMMON_RULES } from '#app/ignore-rules'
import type { Row } from '#app/sync/base-tree'
import { checkNames, joinRemote, splitRemote } from '#app/naming'
import type {
  IgnoredPath,
  NewPair,
  PairChange,
  PairId,
  PairStatus,
  SyncAnswer,
  SyncEvent,
  SyncPair,
  SyncPreview,
  SyncProblem,
} from '#app/sync/pair'
import { warningsFor } from '#app/sync/warnings'
import type { Transfer, TransferId, TransferResult } from '#app/transfer'
import type { NodeId } from '#app/sync/tree'
import type { PairFacts } from '../store/sync-store.ts'
import type { FileIdentity } from '../workers/file-identity.ts'
import { preview, type Comparing } from './preview.ts'
import { lookForRemoteRoot } from './remote-root.ts'
import { PairEngine } from './pair-engine.ts'
import type { SyncContext } from './sync-context.ts'

/** A window is told at most four times a second. */
const TELL_MS = 250
/** What is left out is shown, not counted. */
const MOST_IGNORED = 500
const EVENTS_SHOWN = 500

/** All pairs. */
export class SyncEngine {
  readonly #context: SyncContext
  readonly #onPairs: (pairs: readonly PairStatus[]) => void
  readonly #pairs = new Map<PairId, PairEngine>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(context: Omit<SyncContext, 'onChange'>, onPairs: (pairs: readonly PairStatus[]) => void) {
    this.#context = {
      ...context,
      onChange: () => {
        this.#tellSoon()
      },
    }
    this.#onPairs = onPairs
  }

  /** Goes on with the pairs that there are. */
  start(): void {
    for (const { pair, facts } of this.#context.store.pairs()) if (!facts.madeBy) this.#begin(pair, facts)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all([...this.#pairs.values()].map((pair) => pair.stop()))
    await this.#context.scanner.stop()
  }

  list(): readonly PairStatus[] {
    const all = [...this.#pairs.values()].map(({ status }) => status)
    return all.map((status) => {
      const others = all.filter(({ pair }) => pair.id !== status.pair.id).map(({ pair }) => pair)
      const drive = status.watching.kind === 'polling' ? 'network' : 'unknown'
      return { ...status, warnings: warningsFor(status.pair, others, drive) }
    })
  }

  /** The pair of a command line: the one that an earlier run has made, or a new one. */
  async open(wanted: NewPair, change: PairChange): Promise<PairId> {
    const known = this.#context.store.pairs().find(({ pair }) => isSamePair(pair, wanted))
    const id = known?.pair.id ?? (await this.add(wanted, 'cli', change))
    if (known) {
      const pair = { ...known.pair, ...change }
      this.#context.store.savePair({ pair, facts: known.facts })
      this.#begin(pair, known.facts)
    }
    return id
  }

  async add(wanted: NewPair, madeBy: 'app' | 'cli' = 'app', change: PairChange = {}): Promise<PairId> {
    const problem = checkNames(splitRemote(wanted.remotePath))
    if (problem)
      throw new DriveError(problem.code, 'Not a name for a cloud folder', { detail: problem.detail })
    const owner = await this.#context.owner()
    // Fails where it is no folder.
    await this.#context.scanner.root(wanted.localPath, new AbortController().signal)
    const pair = { ...newPair(wanted), ...change }
    const facts = { owner, ...(madeBy === 'cli' ? { madeBy } : {}) }
    this.#context.store.savePair({ pair, facts })
    this.#begin(pair, facts)
    return pair.id
  }

  /** What a pair would do, were it made, or is to do. Fails as the first thing that would stop it. */
  async preview(
    wanted: NewPair,
    comparing: Comparing,
    signal: AbortSignal,
    change: PairChange = {},
  ): Promise<SyncPreview> {
    const known = this.#context.store.pairs().find(({ pair }) => isSamePair(pair, wanted))
    const pair = { ...(known?.pair ?? newPair(wanted)), mode: wanted.mode, ...change }
    const root = await this.#context.scanner.root(wanted.localPath, signal)
    const remoteRoot =
      known?.facts.remoteRoot ?? (await lookForRemoteRoot(wanted.remotePath, this.#context, signal))
    const rows = (parent: NodeId): readonly Row[] =>
      known ? this.#context.store.children(pair.id, parent) : []
    const others = this.#context.store.pairs().flatMap((one) => (one.pair.id === pair.id ? [] : one.pair))
    const context = this.#context
    const found = await preview({ pair, remoteRoot, rows, comparing, context, signal })
    const warnings = warningsFor(wanted, others, root.drive)
    return {
      ...found,
      warnings: found.complete ? warnings : [...warnings, { kind: 'many-entries' }],
    }
  }

  change(id: PairId, change: PairChange): void {
    this.#pair(id).change(change)
    this.#tellSoon()
  }

  /** The files stay where they are, on both sides. */
  async remove(id: PairId): Promise<void> {
    const pair = this.#pair(id)
    this.#pairs.delete(id)
    await pair.remove()
    this.#tellSoon()
  }

  now(which: PairId | 'all', what: 'changes' | 'everything'): void {
    for (const pair of this.#named(which)) pair.syncNow(what)
  }

  /** `until`: milliseconds since 1970. */
  pause(which: PairId | 'all', until: number | undefined): void {
    for (const pair of this.#named(which)) pair.pause(until)
  }

  resume(which: PairId | 'all'): void {
    for (const pair of this.#named(which)) pair.resume()
  }

  answer(id: PairId, answer: SyncAnswer): void {
    this.#pair(id).answer(answer)
  }

  problems(id: PairId): readonly SyncProblem[] {
    return this.#pair(id).problems()
  }

  events(id: PairId): readonly SyncEvent[] {
    this.#pair(id)
    return this.#context.store.events(id, EVENTS_SHOWN)
  }

  /** What is left out, and why: looked for when somebody asks. */
  async ignored(id: PairId): Promise<readonly IgnoredPath[]> {
    const { pair } = this.#pair(id)
    const found: IgnoredPath[] = []
    const rules = [...this.#context.rules(), ...pair.exclude]
    await this.#context.scanner.scan(
      { root: pair.localPath, folders: 'all', known: [], rules, quietShare: 0 },
      ({ path, entries }) => {
        for (const [name, node] of entries) {
          if (found.length >= MOST_IGNORED) return
          const at = path === '' ? name : `${path}/${name}`
          if (node.kind === 'ignored') found.push({ path: at, why: 'rule', rule: node.rule })
          else if (node.kind === 'unknown' && node.why !== 'unreadable')
            found.push({ path: at, why: node.why })
        }
      },
      new AbortController().signal,
    )
    return found
  }

  /** A transfer has arrived, with what the file was when it went up. */
  arrived(id: TransferId, result: TransferResult, identity: FileIdentity): void {
    for (const { uploads } of this.#pairs.values()) if (uploads.arrived(id, result, identity)) return
  }

  /** A transfer has changed. */
  hear(transfers: readonly Transfer[]): void {
    for (const transfer of transfers)
      if (transfer.source === 'sync') for (const { uploads } of this.#pairs.values()) uploads.hear(transfer)
  }

  /** What held up everything may be gone, or have come. */
  goOn(): void {
    for (const pair of this.#pairs.values()) pair.goOn()
    this.#tellSoon()
  }

  /** What is left out of all pairs is another. */
  rulesChanged(): void {
    for (const pair of this.#pairs.values()) pair.rulesChanged()
  }

  /** Nothing is known of what happened meanwhile: the machine slept, or the network was away. */
  lookAgain(): void {
    for (const pair of this.#pairs.values()) pair.lookAgain()
  }

  #begin(pair: SyncPair, facts: PairFacts): void {
    const engine = new PairEngine(pair, facts, this.#context)
    this.#pairs.set(pair.id, engine)
    engine.start()
    this.#tellSoon()
  }

  #named(which: PairId | 'all'): readonly PairEngine[] {
    return which === 'all' ? [...this.#pairs.values()] : [this.#pair(which)]
  }

  #pair(id: PairId): PairEngine {
    const pair = this.#pairs.get(id)
    if (!pair) throw new DriveError('invalid-argument', 'There is no such pair')
    return pair
  }

  #tellSoon(): void {
    if (this.#stopped) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#onPairs(this.list())
    }, this.#context.tuning.tellMs ?? TELL_MS)
  }
}

function newPair(wanted: NewPair): SyncPair {
  return {
    id: randomUUID() as PairId, // a name nobody else has
    ...wanted,
    replace: wanted.mode === 'backup' ? 'beside' : 'overwrite',
    exclude: COMMON_RULES,
    twins: false,
  }
}

function isSamePair(one: NewPair, other: NewPair): boolean {
  return (
    one.localPath === other.localPath &&
    joinRemote(splitRemote(one.remotePath)) === joinRemote(splitRemote(other.remotePath))
  )
}
