import { resolve } from 'node:path'
import type { Failure } from '#app/errors'
import type { QueueStatus, TransfersChange, Which } from '#app/ipc'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import type { Added } from '../engine/adder.ts'
import type { AddOptions } from '../transfers/queue-store.ts'
import { findEngine, heldBy, socketPathOf } from '../engine/socket.ts'
import type { Tuning } from '../transfers/context.ts'
import type { UploadArgs } from './args.ts'
import { openOwnEngine } from './own-engine.ts'
import { openSession, requireSession, type CliSetup } from './setup.ts'

/** An engine to upload with: one of our own, or the running app's. */
export interface Uploader {
  add(paths: readonly string[], options: AddOptions): Promise<Added>
  /** Everything goes on that has not arrived. */
  goOn(which: (all: readonly Transfer[]) => Which): Promise<Added>
  onChange(listener: (change: TransfersChange) => void): void
  onStatus(listener: (status: QueueStatus) => void): void
  /** Whether a transfer is this run's although `add` has not named it yet. */
  isOurs(id: TransferId): boolean
  /** What a person should know before it begins. */
  readonly warning: Failure | undefined
  /** Resolves when nothing will go on any more, with the reason. */
  readonly lost: Promise<Failure>
  /** Ends what is under way: our own engine stops, at the app's our files are cancelled. */
  close(unfinished: readonly TransferId[]): Promise<void>
}

/**
 * While the app runs it holds the data folder, and takes our paths (design 6). Not with an account given in the environment: the app's may be
 * another one.
 */
export async function joinRunningApp(setup: CliSetup, args: UploadArgs): Promise<Uploader | undefined> {
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
    goOn: async (which) => peer.call('goOn', { which: which(await peer.call('list', null)) }),
    onChange: (listener) => {
      peer.on('changes', listener)
    },
    onStatus: (listener) => {
      peer.on('status', listener)
    },
    isOurs: () => false,
    warning: undefined,
    lost: Promise.race([signedOut, quit]),
    close: async (unfinished) => {
      if (unfinished.length > 0) await peer.call('cancel', { ids: unfinished }).catch(() => undefined) // It may be gone itself.
      engine.close()
    },
  }
}

export async function startOwn(
  setup: CliSetup,
  tuning: Partial<Tuning>,
  signal: AbortSignal,
): Promise<Uploader> {
  const session = openSession(setup, signal)
  await requireSession(session)
  let listener: ((change: TransfersChange) => void) | undefined
  let statusListener: ((status: QueueStatus) => void) | undefined
  let lose: ((failure: Failure) => void) | undefined
  const lost = new Promise<Failure>((resolve) => {
    lose = resolve
  })
  const own = await openOwnEngine(setup, {
    session,
    tuning,
    takeUp: 'hold',
    onChange: (change) => listener?.(change),
    onStatus: (status) => {
      statusListener?.(status)
      const { blocked } = status
      if (blocked?.reason !== 'signed-out') return
      const state = session.session
      const reason = state.status === 'signed-out' ? state.reason : undefined
      lose?.(reason ?? { code: 'signed-out', message: 'Nobody is signed in' })
    },
  })
  const { engine, setAside } = own
  const leftovers = new Set(engine.queue.list().map(({ id }) => id))
  return {
    add: (paths, options) => engine.add(paths, options),
    goOn: (which) => engine.goOn(which(engine.queue.list())),
    onChange: (to) => {
      listener = to
    },
    onStatus: (to) => {
      statusListener = to
    },
    isOurs: (id) => !leftovers.has(id),
    warning: setAside && {
      code: 'queue-set-aside',
      message: `${setAside.reason}: ${setAside.path}`,
      detail: setAside.path,
    },
    lost,
    close: async () => {
      // What of ours is done has been told; what failed stays, for `resume`.
      engine.queue.clear(endedWell(engine.queue.list()))
      await own.close()
    },
  }
}

function endedWell(transfers: readonly Transfer[]): readonly TransferId[] {
  return transfers.flatMap(({ id, source, state }) =>
    source === 'cli' && isFinal(state) && state.status !== 'failed' ? [id] : [],
  )
}
