import type { Worker } from 'node:worker_threads'
import { DriveError } from '#app/errors'
import { Peer, type Api } from './rpc.ts'

interface Thread<A extends Api> {
  readonly worker: Worker
  readonly peer: Peer<A>
}

/**
 * Some threads that do the same jobs. They start when first needed; one that dies fails its jobs as `interrupted` (so that they go
 * back to the queue) and is replaced at the next job.
 */
export class Pool<A extends Api> {
  readonly #start: () => Worker
  readonly #size: number
  readonly #onDeath: ((reason: string) => void) | undefined
  #threads: readonly Thread<A>[] = []
  #stopped = false

  constructor(start: () => Worker, size: number, onDeath?: (reason: string) => void) {
    this.#start = start
    this.#size = size
    this.#onDeath = onDeath
  }

  run<N extends keyof A & string>(
    job: N,
    input: A[N]['input'],
    options: { readonly signal: AbortSignal; readonly onProgress?: (progress: A[N]['progress']) => void },
  ): Promise<A[N]['output']> {
    if (this.#stopped) return Promise.reject(new DriveError('interrupted', 'Stopping'))
    return this.#leastBusy().peer.call(job, input, options)
  }

  /** Asks all of them that run; one that dies of it, or instead, is nobody's loss. */
  tellAll<N extends keyof A & string>(job: N, input: A[N]['input']): void {
    for (const { peer } of this.#threads) peer.call(job, input).catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #leastBusy(): Thread<A> {
    const idlest = this.#threads.toSorted((a, b) => a.peer.inFlight - b.peer.inFlight)[0]
    if (idlest && (idlest.peer.inFlight === 0 || this.#threads.length >= this.#size)) return idlest
    return this.#add()
  }

  #add(): Thread<A> {
    const worker = this.#start()
    const thread: Thread<A> = { worker, peer: new Peer<A>(worker, {}) }
    const lose = (reason: string): void => {
      // Of an error and the end that follows it, the first says why.
      if (!this.#stopped && this.#threads.includes(thread)) this.#onDeath?.(reason)
      this.#threads = this.#threads.filter((other) => other !== thread)
      thread.peer.close(reason)
    }
    worker.on('error', (error: Error) => {
      lose(`Transfer thread failed: ${error.message}`)
    })
    worker.on('exit', (code) => {
      lose(`Transfer thread ended with ${code}`)
    })
    this.#threads = [...this.#threads, thread]
    return thread
  }
}
