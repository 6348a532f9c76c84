import { resolve } from 'node:path'
import type { Failure } from '#app/errors'
import type { AddReport, TransfersChange } from '#app/ipc'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import { openDataFolder } from '../data-folder.ts'
import type { AddOptions } from '../engine/engine.ts'
import { findEngine, heldBy, serveTransfers, socketPathOf } from '../engine/socket.ts'
import type { UploadArgs } from './args.ts'
import { linesFor, summarize, type ReportLine, type Summary } from './report.ts'
import { openEngine, openSession, requireSession, type CliSetup } from './setup.ts'
import type { UploadView } from './view.ts'

/** An engine to upload with: one of our own, or the running app's. */
interface Uploader {
  add(
    paths: readonly string[],
    options: AddOptions,
  ): Promise<AddReport & { readonly ids: readonly TransferId[] }>
  onChange(listener: (change: TransfersChange) => void): void
  /** All its transfers are this run's. */
  readonly exclusive: boolean
  /** Resolves when nothing will go on any more, with the reason. */
  readonly lost: Promise<Failure>
  /** Ends what is under way: our own engine stops, at the app's our files are cancelled. */
  close(unfinished: readonly TransferId[]): Promise<void>
}

export interface UploadOutcome {
  readonly summary: Summary
  /** Why it ended before every file had come to an end. */
  readonly ended?: Failure
}

/** Uploads the paths and reports each file. `stop` resolves when the person interrupts. */
export async function upload(
  setup: CliSetup,
  args: UploadArgs,
  view: UploadView,
  stop: Promise<Failure>,
): Promise<UploadOutcome> {
  const startedAt = performance.now()
  const stopping = new AbortController()
  void stop.then(() => {
    stopping.abort()
  })
  const uploader = (await joinRunningApp(setup, args)) ?? (await startOwn(setup, args, stopping.signal))
  const following = new Following(uploader, view)
  const { paths, folders, parentID: rootID, onDuplicate, exclude } = args
  const added = uploader.add(paths, { rootID, folders, onDuplicate, exclude, source: 'cli' })
  const finished = added.then((report) => following.wait(report))
  const ended = await Promise.race([finished, uploader.lost, stop])
  const unfinished = following.unfinished()
  await uploader.close(unfinished.map(({ id }) => id))
  // Every file that was begun has a last line.
  if (ended) for (const transfer of unfinished) view.line(failedLine(transfer, ended), ended)
  const summary = summarize(
    following.transfers(),
    following.passedOver,
    following.refused,
    Math.round(performance.now() - startedAt),
  )
  view.end(summary)
  return ended ? { summary, ended } : { summary }
}

/** The latest of each of this run's transfers, told to the view as they change. */
class Following {
  readonly #uploader: Uploader
  readonly #view: UploadView
  readonly #latest = new Map<TransferId, Transfer>()
  #ours: ReadonlySet<TransferId> | undefined
  #settle: (() => void) | undefined
  passedOver = 0
  refused = 0

  constructor(uploader: Uploader, view: UploadView) {
    this.#uploader = uploader
    this.#view = view
    uploader.onChange(({ changed }) => {
      this.#see(changed)
    })
  }

  /** Resolves when everything in the report has come to an end. */
  async wait(report: AddReport & { readonly ids: readonly TransferId[] }): Promise<undefined> {
    for (const skipped of report.skipped) {
      // What was named, or met and could not be read, has failed; links and the like are passed over.
      if (skipped.named || skipped.failure.code !== 'not-a-file') {
        this.refused++
        const { code, message } = skipped.failure
        this.#view.line({ event: 'failed', id: '', path: skipped.path, code, message }, skipped.failure)
      } else {
        this.passedOver++
        this.#view.passedOver(skipped)
      }
    }
    this.#ours = new Set(report.ids)
    // What another engine told before we knew which transfers are ours.
    if (!this.#uploader.exclusive) for (const transfer of this.transfers()) this.#tell(undefined, transfer)
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#check()
    })
  }

  transfers(): readonly Transfer[] {
    return [...this.#latest.values()].filter((transfer) => this.#isOurs(transfer))
  }

  unfinished(): readonly Transfer[] {
    return this.transfers().filter(({ state }) => !isFinal(state))
  }

  #isOurs({ id }: Transfer): boolean {
    return this.#uploader.exclusive || this.#ours?.has(id) === true
  }

  #see(changed: readonly Transfer[]): void {
    for (const transfer of changed) {
      const before = this.#latest.get(transfer.id)
      this.#latest.set(transfer.id, transfer)
      if (this.#isOurs(transfer)) this.#tell(before, transfer)
    }
    this.#view.draw(this.transfers())
    this.#check()
  }

  #tell(before: Transfer | undefined, after: Transfer): void {
    const failure = 'failure' in after.state ? after.state.failure : undefined
    for (const line of linesFor(before, after)) this.#view.line(line, failure, 'given-up')
  }

  #check(): void {
    const transfers = this.transfers()
    if (this.#ours && transfers.length >= this.#ours.size && transfers.every(({ state }) => isFinal(state)))
      this.#settle?.()
  }
}

function failedLine({ id, path }: Transfer, { code, message }: Failure): ReportLine {
  return { event: 'failed', id, path, code, message }
}

/**
 * While the app runs it holds the data folder, and takes our paths (design 6). Not with an account given in the environment: the app's may be
 * another one.
 */
async function joinRunningApp(setup: CliSetup, args: UploadArgs): Promise<Uploader | undefined> {
  const engine = await findEngine(socketPathOf(setup.dataDir))
  if (!engine) return undefined
  if (
    engine.holder.kind !== 'app' ||
    setup.environment ||
    args.concurrency !== undefined ||
    args.limitBytesPerSecond !== undefined ||
    args.singleMaxBytes !== undefined
  ) {
    engine.close()
    throw heldBy(engine.holder)
  }
  const { peer } = engine
  // The app waits for somebody to sign in; a script would wait for ever.
  const signedOut = new Promise<Failure>((resolve) => {
    peer.on('status', ({ blocked }) => {
      if (blocked?.reason === 'signed-out')
        resolve({ code: 'signed-out', message: 'Nobody is signed in to the app that is running' })
    })
  })
  const quit = engine.gone.then((): Failure => ({
    code: 'interrupted',
    message: 'The app that was uploading has quit',
  }))
  return {
    // The app was started in another folder: a relative path is this shell's.
    add: (paths, options) => peer.call('add', { paths: paths.map((path) => resolve(path)), options }),
    onChange: (listener) => {
      peer.on('changes', listener)
    },
    exclusive: false,
    lost: Promise.race([signedOut, quit]),
    close: async (unfinished) => {
      if (unfinished.length > 0) await peer.call('cancel', { ids: unfinished }).catch(() => undefined) // It may be gone itself.
      engine.close()
    },
  }
}

async function startOwn(setup: CliSetup, args: UploadArgs, signal: AbortSignal): Promise<Uploader> {
  const session = openSession(setup, signal)
  await requireSession(session)
  await openDataFolder(setup.dataDir)
  let listener: ((change: TransfersChange) => void) | undefined
  let lose: ((failure: Failure) => void) | undefined
  const lost = new Promise<Failure>((resolve) => {
    lose = resolve
  })
  const { concurrency, limitBytesPerSecond: upBytesPerSecond, singleMaxBytes: singleStepMaxBytes } = args
  const tuning = {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(upBytesPerSecond === undefined ? {} : { upBytesPerSecond }),
    ...(singleStepMaxBytes === undefined ? {} : { singleStepMaxBytes }),
  }
  const engine = openEngine(setup, session, tuning, {
    onChange: (change) => listener?.(change),
    onStatus: ({ blocked }) => {
      if (blocked?.reason !== 'signed-out') return
      const state = session.session
      const reason = state.status === 'signed-out' ? state.reason : undefined
      lose?.(reason ?? { code: 'signed-out', message: 'Nobody is signed in' })
    },
  })
  const server = await serveTransfers(socketPathOf(setup.dataDir), 'cli', engine).catch(
    async (thrown: unknown) => {
      await engine.stop()
      throw thrown
    },
  )
  return {
    add: (paths, options) => engine.add(paths, options),
    onChange: (to) => {
      listener = to
    },
    exclusive: true,
    lost,
    close: async () => {
      await server.close()
      await engine.stop()
    },
  }
}

/** Exit codes of design 6. */
export function exitCode({ summary, ended }: UploadOutcome): number {
  if (ended?.code === 'cancelled') return 130
  if (ended && isAccountFailure(ended)) return 3
  return summary.failed > 0 || ended ? 1 : 0
}

export function isAccountFailure({ code }: Failure): boolean {
  return [
    'signed-out',
    'unauthorized',
    'token-limit',
    'credentials-refused',
    'keychain-unavailable',
  ].includes(code)
}
