import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import type { Failure } from '#app/errors'
import type { Halt, NewPair, PairId, PairStatus, SyncEvent } from '#app/sync/pair'
import { fileError } from '../workers/file-identity.ts'
import { openOwnEngine, type OwnEngine } from './own-engine.ts'
import { Patience } from './patience.ts'
import { linesFor, summarize, type Summary } from './report.ts'
import { openSession, requireSession, type CliSetup } from './setup.ts'
import type { SyncArgs } from './sync-args.ts'
import type { SyncView } from './sync-view.ts'
import { isAccountFailure } from './upload.ts'

export interface SyncOutcome {
  readonly summary: Summary
  readonly problems: number
  readonly halted?: Halt
  readonly ended?: Failure
}

/** What `--yes-delete` says yes to. */
const MAY_BE_DELETED: ReadonlySet<string> = new Set(['mass-delete', 'root-emptied'])

/** Brings the cloud folder in step with the local one (design 6); with `watch` until it is interrupted. */
export async function sync(
  setup: CliSetup,
  args: SyncArgs,
  view: SyncView,
  stop: Promise<Failure>,
): Promise<SyncOutcome> {
  const startedAt = performance.now()
  const stopping = new AbortController()
  void stop.then(() => {
    stopping.abort()
  })
  const localPath = await realpath(resolve(args.local)).catch((thrown: unknown) => {
    throw fileError(thrown, args.local)
  })
  const wanted: NewPair = { localPath, remotePath: args.remote, mode: args.mode }
  const session = openSession(setup, stopping.signal)
  await requireSession(session)
  const run = new SyncRun(args, view)
  const own = await openOwnEngine(setup, {
    session,
    tuning: {},
    takeUp: 'hold',
    onChange: ({ changed }) => {
      run.see(changed)
    },
    onStatus: () => undefined,
    onPairs: (pairs) => {
      run.look(pairs)
    },
    onSyncEvents: (_pair, events) => {
      run.tell(events)
    },
  })
  own.engine.setSyncRules([])
  let end: Omit<SyncOutcome, 'summary'>
  try {
    if (args.dryRun) {
      const planned = await own.engine.sync.preview(wanted, 'by-content', stopping.signal, {
        exclude: args.exclude,
      })
      view.planned(planned)
      end = { problems: planned.problems }
    } else {
      end = await run.until(own, wanted, stop)
    }
  } finally {
    // What is done has been told; what failed is there for the next run.
    const { queue } = own.engine
    queue.clear(
      queue
        .list()
        .flatMap(({ id, source, state }) => (source === 'sync' && state.status !== 'failed' ? [id] : [])),
    )
    await own.close()
  }
  const ms = Math.round(performance.now() - startedAt)
  const summary = summarize(run.transfers(), 0, 0, ms)
  view.end(summary)
  return { ...end, summary }
}

/** Exit codes of design 6. */
export function syncExitCode({ summary, problems, halted, ended }: SyncOutcome): number {
  if (ended?.code === 'cancelled') return 130
  if (ended && isAccountFailure(ended)) return 3
  if (halted) return 4
  return summary.failed > 0 || problems > 0 || ended ? 1 : 0
}

class SyncRun {
  readonly #args: SyncArgs
  readonly #view: SyncView
  readonly #latest = new Map<TransferId, Transfer>()
  readonly #told = new Set<string>()
  readonly #startedAt = Date.now()
  #onPairs: (pairs: readonly PairStatus[]) => void = () => undefined

  constructor(args: SyncArgs, view: SyncView) {
    this.#args = args
    this.#view = view
  }

  transfers(): readonly Transfer[] {
    return [...this.#latest.values()].filter(({ state }) => isFinal(state))
  }

  see(changed: readonly Transfer[]): void {
    for (const transfer of changed) {
      if (transfer.source !== 'sync') continue
      const before = this.#latest.get(transfer.id)
      // What an earlier run has done is no news.
      if (!before && isFinal(transfer.state) && transfer.addedAt < this.#startedAt) continue
      this.#latest.set(transfer.id, transfer)
      const failure = 'failure' in transfer.state ? transfer.state.failure : undefined
      for (const line of linesFor(before, transfer)) this.#view.line(line, failure)
    }
    this.#view.draw([...this.#latest.values()])
  }

  tell(events: readonly Omit<SyncEvent, 'at'>[]): void {
    for (const { kind, path, from } of events) {
      if (kind === 'trashed') this.#view.trashed(path)
      if (kind === 'moved') this.#view.moved(from ?? '', path)
    }
  }

  look(pairs: readonly PairStatus[]): void {
    this.#onPairs(pairs)
  }

  async until(
    { engine }: OwnEngine,
    wanted: NewPair,
    stop: Promise<Failure>,
  ): Promise<Omit<SyncOutcome, 'summary'>> {
    const { mode, exclude, yesDelete, watch } = this.#args
    const opened: { id?: PairId } = {}
    let patience: Patience | undefined
    const rest = new Promise<Omit<SyncOutcome, 'summary'>>((settle) => {
      patience = new Patience((ended) => {
        settle({ problems: 0, ended })
      })
      this.#onPairs = (pairs) => {
        const { id } = opened
        const status = pairs.find(({ pair }) => pair.id === id)
        if (!id || !status) return
        const { state } = status
        const problems = engine.sync.problems(id)
        if (state.status === 'synced' || state.status === 'halted') {
          for (const { path, failure } of problems) this.#problem(path, failure)
        }
        if (state.status === 'halted') {
          if (yesDelete && MAY_BE_DELETED.has(state.halt.reason)) engine.sync.answer(id, 'trash')
          else if (this.#isNews(`halted ${state.halt.reason}`)) {
            this.#view.halted(state.halt)
            if (!watch) settle({ problems: problems.length, halted: state.halt })
          }
        }
        if (state.status === 'synced' && !watch) settle({ problems: problems.length })
        if (state.status === 'signed-out')
          settle({ problems: 0, ended: { code: 'signed-out', message: 'Nobody is signed in' } })
        if (!watch) patience?.look(state)
      }
    })
    opened.id = await engine.sync.open(wanted, { mode, exclude })
    this.#onPairs(engine.sync.list())
    return Promise.race([rest, stop.then((ended) => ({ problems: 0, ended }))]).finally(() => patience?.end())
  }

  #problem(path: string, failure: Failure): void {
    if (this.#isNews(`${path}\0${failure.code}`)) this.#view.problem(path, failure)
  }

  /** Once each: the same is found again at every look. */
  #isNews(what: string): boolean {
    if (this.#told.has(what)) return false
    this.#told.add(what)
    return true
  }
}
