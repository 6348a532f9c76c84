import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { DriveError, toFailure, type Failure } from '#app/errors'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import type { EngineApi, EngineEvents, TokenApi } from '../engine/protocol.ts'
import type { NewTransfer } from '../transfers/queue.ts'
import { Peer, type Handlers } from '../workers/rpc.ts'

type EnginePeer = Peer<EngineApi, TokenApi, EngineEvents>

export interface EngineThreadOptions {
  /** Starts the built engine.worker with its set-up. */
  readonly startThread: () => Worker
  readonly tokens: Handlers<TokenApi>
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
  /** Said once for each death, redacted already. */
  readonly onDeath: (reason: string) => void
}

/** An engine that has not stopped by then is ended. */
const STOP_MS = 5000

/** More deaths than this within a minute: it would only die again. */
const MAX_DEATHS = 3

/** The engine seen from the main thread. One that dies is replaced, and what it had not finished is queued again (design 1). */
export class EngineThread {
  readonly #options: EngineThreadOptions
  readonly #unfinished = new Map<TransferId, Transfer>()
  /** What those were asked for: their place, and what they do about a taken name. */
  readonly #wanted = new Map<TransferId, NewTransfer>()
  #worker: Worker | undefined
  #peer: EnginePeer | undefined
  #deaths: readonly number[] = []
  #stopping = false

  constructor(options: EngineThreadOptions) {
    this.#options = options
  }

  /** Starts it and takes the data folder; fails as `data-folder-held`. */
  async start(): Promise<void> {
    const worker = this.#options.startThread()
    const peer: EnginePeer = new Peer(worker, this.#options.tokens)
    this.#worker = worker
    this.#peer = peer
    peer.on('wanted', (wanted) => {
      for (const [id, asked] of wanted) this.#wanted.set(id, asked)
    })
    peer.on('changes', (change) => {
      this.#remember(change)
      this.#options.onChange(change)
    })
    peer.on('status', this.#options.onStatus)
    let reason = ''
    worker.on('error', (error: Error) => {
      reason = error.message
    })
    worker.on('exit', (code) => {
      peer.close(`The engine thread ended with ${code}`)
      if (!this.#stopping && this.#worker === worker) void this.#replace(reason || `exit code ${code}`)
    })
    try {
      await peer.call('open', null)
    } catch (thrown) {
      this.#worker = undefined
      await worker.terminate()
      throw thrown
    }
  }

  call<N extends keyof EngineApi>(name: N, input: EngineApi[N]['input']): Promise<EngineApi[N]['output']> {
    if (!this.#peer) return Promise.reject(new DriveError('interrupted', 'The engine is not running'))
    return this.#peer.call(name, input)
  }

  /** Files that are not at an end. */
  get unfinished(): number {
    return this.#unfinished.size
  }

  /** In order: no new work, sockets closed, threads ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    // It may have died itself, or be stuck: quitting must not hang on it.
    const stopped = this.#peer?.call('stop', null).catch(() => undefined)
    await Promise.race([stopped, sleep(STOP_MS, undefined, { ref: false })])
    await this.#worker?.terminate()
  }

  #remember({ changed, removed }: TransfersChange): void {
    for (const transfer of changed) {
      if (isFinal(transfer.state)) this.#forget(transfer.id)
      else this.#unfinished.set(transfer.id, transfer)
    }
    for (const id of removed) this.#forget(id)
  }

  #forget(id: TransferId): void {
    this.#unfinished.delete(id)
    this.#wanted.delete(id)
  }

  async #replace(reason: string): Promise<void> {
    const now = Date.now()
    this.#options.onDeath(reason)
    this.#deaths = [...this.#deaths.filter((at) => at > now - 60_000), now]
    const lost = [...this.#unfinished.values()]
    const wanted = [...this.#wanted.values()]
    this.#unfinished.clear()
    this.#wanted.clear()
    if (this.#deaths.length > MAX_DEATHS) {
      this.#giveUp(lost, { code: 'internal', message: `The engine thread keeps dying: ${reason}` })
      return
    }
    this.#options.onChange({ changed: [], removed: lost.map(({ id }) => id) })
    try {
      await this.start()
      await this.call('requeue', { wanted })
    } catch (thrown) {
      if (!this.#stopping) this.#giveUp(lost, toFailure(thrown))
    }
  }

  /** Nobody will upload these: each says why. */
  #giveUp(lost: readonly Transfer[], failure: Failure): void {
    const finishedAt = Date.now()
    const changed = lost.map((transfer) => ({
      ...transfer,
      state: { status: 'failed' as const, failure, finishedAt },
    }))
    this.#options.onChange({ changed, removed: [] })
  }
}
