import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { DriveError, toFailure, type Failure } from '#app/errors'
import type { Problem, QueueStatus, TransfersChange } from '#app/ipc'
import type { PairStatus } from '#app/sync/pair'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import { countFiles, type FileCounts } from '#app/tray-condition'
import type { EngineApi, EngineEvents, ProxyApi, TokenApi } from '../engine/protocol.ts'
import { Peer, type Handlers } from '../workers/rpc.ts'

type EnginePeer = Peer<EngineApi, TokenApi & ProxyApi, EngineEvents>

/** Asks the engine, whichever thread it is in. */
export interface EngineCalls {
  call<N extends keyof EngineApi>(name: N, input: EngineApi[N]['input']): Promise<EngineApi[N]['output']>
}

export interface EngineThreadOptions {
  /** Starts the built engine.worker with its set-up. */
  readonly startThread: () => Worker
  readonly tokens: Handlers<TokenApi>
  readonly proxies: Handlers<ProxyApi>
  /** Another engine has taken the data folder, the first one or one in its place: it knows nothing yet of what was set. */
  readonly onStarted: () => void
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
  readonly onProblems: (problems: readonly Problem[]) => void
  readonly onPairs: (pairs: readonly PairStatus[]) => void
  /** The platform answers again after somebody could not reach it. */
  readonly onBack: () => void
  /** Said once for each death, redacted already. */
  readonly onDeath: (reason: string) => void
  /** One of the engine's own threads died; its work is in the queue again. */
  readonly onThreadDeath?: (reason: string) => void
}

/** An engine that has not stopped by then is ended. */
const STOP_MS = 5000

/** More deaths than this within a minute: it would only die again. */
const MAX_DEATHS = 3

/** The engine seen from the main thread. One that dies is replaced, and the next one goes on with the queue on disk (design 1). */
export class EngineThread implements EngineCalls {
  readonly #options: EngineThreadOptions
  readonly #unfinished = new Map<TransferId, Transfer>()
  /** A pair's own are among its problems. */
  readonly #failed = new Set<TransferId>()
  #pairs: readonly PairStatus[] = []
  #problems: readonly Problem[] = []
  #status: QueueStatus = { speed: 0, running: 0 }
  #worker: Worker | undefined
  #peer: EnginePeer | undefined
  /** The one that has the data folder, once there is one. */
  #opened = new Opening()
  #deaths: readonly number[] = []
  #stopping = false

  constructor(options: EngineThreadOptions) {
    this.#options = options
  }

  /** Starts it, takes the data folder and goes on with its queue; fails as `data-folder-held`. */
  async start(): Promise<void> {
    if (this.#stopping) return
    const worker = this.#options.startThread()
    const { tokens, proxies, onBack } = this.#options
    const peer: EnginePeer = new Peer(worker, { ...tokens, ...proxies })
    this.#worker = worker
    this.#peer = peer
    peer.on('changes', (change) => {
      this.#remember(change)
      this.#options.onChange(change)
    })
    peer.on('status', (status) => {
      this.#status = status
      this.#options.onStatus(status)
    })
    peer.on('problems', (problems) => {
      this.#problems = problems
      this.#options.onProblems(problems)
    })
    peer.on('pairs', (pairs) => {
      this.#pairs = pairs
      this.#options.onPairs(pairs)
    })
    peer.on('back', onBack)
    peer.on('threadDied', (reason) => this.#options.onThreadDeath?.(reason))
    let reason = ''
    worker.on('error', (error: Error) => {
      reason = error.message
    })
    worker.on('exit', (code) => {
      reason ||= `exit code ${code}`
      peer.close(`The engine thread ended: ${reason}`)
      // Whoever has it opened hears of a death before that.
      if (!this.#stopping && this.#opened.isBy(peer)) void this.#replace(reason)
    })
    try {
      await peer.call('open', null)
    } catch (thrown) {
      // Quitting in the middle of it is no failure.
      if (this.#isStopping()) return
      this.#worker = undefined
      await worker.terminate()
      throw thrown
    }
    if (this.#isStopping()) return
    this.#opened.succeed(peer)
    this.#options.onStarted()
  }

  /** Asked of an engine that is starting, the first one or one in its place, it waits. */
  async call<N extends keyof EngineApi>(
    name: N,
    input: EngineApi[N]['input'],
  ): Promise<EngineApi[N]['output']> {
    const peer = await this.#opened.peer
    return peer.call(name, input)
  }

  /** Files that are not at an end. */
  get unfinished(): number {
    return this.#unfinished.size
  }

  get files(): FileCounts {
    return countFiles(this.#unfinished.values(), this.#failed.size)
  }

  /** These as it last told them; before it did, there are none and nothing runs. */
  get pairs(): readonly PairStatus[] {
    return this.#pairs
  }
  get problems(): readonly Problem[] {
    return this.#problems
  }
  get status(): QueueStatus {
    return this.#status
  }

  /** In order: no new work, sockets closed, threads ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#opened.fail(new DriveError('interrupted', 'The engine is stopping'))
    // It may have died itself, or be stuck: quitting must not hang on it.
    const stopped = this.#peer?.call('stop', null).catch(() => undefined)
    await Promise.race([stopped, sleep(STOP_MS, undefined, { ref: false })])
    await this.#worker?.terminate()
  }

  /** Goes on after a stop that quitting did not follow. */
  async restart(): Promise<void> {
    this.#stopping = false
    this.#opened = new Opening()
    await this.start()
    await this.call('tellAll', null)
  }

  /** After an await it may be another than before. */
  #isStopping(): boolean {
    return this.#stopping
  }

  #remember({ changed, removed }: TransfersChange): void {
    for (const transfer of changed) {
      if (isFinal(transfer.state)) this.#unfinished.delete(transfer.id)
      else this.#unfinished.set(transfer.id, transfer)
      if (transfer.state.status === 'failed' && transfer.source !== 'sync') this.#failed.add(transfer.id)
      else this.#failed.delete(transfer.id)
    }
    for (const id of removed) {
      this.#unfinished.delete(id)
      this.#failed.delete(id)
    }
  }

  async #replace(death: string): Promise<void> {
    const lost = [...this.#unfinished.values()]
    this.#unfinished.clear()
    this.#opened = new Opening()
    for (let reason = death; ;) {
      const now = Date.now()
      this.#options.onDeath(reason)
      this.#deaths = [...this.#deaths.filter((at) => at > now - 60_000), now]
      if (this.#deaths.length > MAX_DEATHS) {
        this.#giveUp(lost, { code: 'internal', message: `The engine thread keeps dying: ${reason}` })
        return
      }
      try {
        await this.start()
        return
      } catch (thrown) {
        const failure = toFailure(thrown)
        if (failure.code !== 'interrupted') {
          this.#giveUp(lost, failure)
          return
        }
        reason = failure.message
      }
    }
  }

  /** Nobody will upload these: each says why. */
  #giveUp(lost: readonly Transfer[], failure: Failure): void {
    this.#opened.fail(DriveError.from(failure))
    const finishedAt = Date.now()
    const changed = lost.map((transfer) => ({
      ...transfer,
      state: { status: 'failed' as const, failure, finishedAt },
    }))
    const change = { changed, removed: [] }
    this.#remember(change)
    this.#options.onChange(change)
  }
}

/** An engine that is waited for. */
class Opening {
  readonly peer: Promise<EnginePeer>
  #by: EnginePeer | undefined
  #resolve: ((peer: EnginePeer) => void) | undefined
  #reject: ((reason: DriveError) => void) | undefined

  constructor() {
    this.peer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Nobody may be waiting.
    this.peer.catch(() => undefined)
  }

  isBy(peer: EnginePeer): boolean {
    return this.#by === peer
  }

  succeed(peer: EnginePeer): void {
    this.#by = peer
    this.#resolve?.(peer)
  }

  fail(reason: DriveError): void {
    this.#reject?.(reason)
  }
}
