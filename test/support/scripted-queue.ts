import { DriveError, type Failure } from '#app/errors'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import { APP_RETRY, type RetryPolicy } from '#app/retry'
import type { Transfer, TransferEvent, TransferId } from '#app/transfer'
import type { Job } from '#main/transfers/job'
import type { NewTransfer } from '#main/transfers/entry'
import { TransferQueue } from '#main/transfers/queue'
import { destination } from './builders.ts'
import { MemoryStore } from './memory-store.ts'
import { deferred, settled, type Deferred } from './deferred.ts'

/** One run of a file, played by the test. */
export class Run {
  readonly job: Job
  readonly #end: Deferred<void>

  constructor(job: Job, end: Deferred<void>) {
    this.job = job
    this.#end = end
  }

  emit(...events: readonly TransferEvent[]): void {
    for (const event of events) this.job.emit(event)
  }

  /** The run is over; an event that ends the transfer comes before. */
  async end(): Promise<void> {
    this.#end.resolve()
    await settled()
  }

  async finish(): Promise<void> {
    const result = { fileID: 7, method: 'single', md5: 'abc', sentBytes: 3 } as const
    this.emit({ type: 'finished', result, now: Date.now() })
    await this.end()
  }

  async fail(failure: Failure): Promise<void> {
    this.emit({ type: 'failed', failure, now: Date.now(), random: 0 })
    await this.end()
  }
}

/** Files above this go in the big lane. */
const SMALL_BYTES = 1000

/** A queue whose runs the test plays; time is vitest's. */
export class ScriptedQueue {
  readonly runs: Run[] = []
  readonly changes: TransfersChange[] = []
  readonly statuses: QueueStatus[] = []
  /** Whether somebody is signed in, when the queue asks. */
  signedIn = false
  readonly store: MemoryStore
  readonly queue: TransferQueue

  constructor(
    options: {
      readonly lanes?: { readonly small: number; readonly big: number }
      readonly retry?: RetryPolicy
      /** What an earlier queue left. */
      readonly store?: MemoryStore
      /** Called when one has been begun, before anything else happens. */
      readonly onBegin?: (run: Run) => void
      readonly onChange?: (change: TransfersChange) => void
    } = {},
  ) {
    this.store = options.store ?? new MemoryStore()
    this.queue = new TransferQueue({
      run: (job) => {
        const end = deferred()
        const run = new Run(job, end)
        this.runs.push(run)
        options.onBegin?.(run)
        return end.promise
      },
      retry: options.retry ?? APP_RETRY,
      store: this.store,
      setAside: undefined,
      owner: () => undefined,
      checkAccount: () =>
        this.signedIn
          ? Promise.resolve()
          : Promise.reject(new DriveError('signed-out', 'Nobody is signed in')),
      lanes: options.lanes ?? { small: 2, big: 1 },
      laneOf: (size) => (size <= SMALL_BYTES ? 'small' : 'big'),
      now: Date.now,
      onChange: (change) => {
        this.changes.push(change)
        options.onChange?.(change)
      },
      onStatus: (status) => this.statuses.push(status),
    })
  }

  add(name: string, more: Partial<NewTransfer> = {}): TransferId {
    return this.queue.add({
      path: `/home/li/${name}`,
      size: 3,
      to: destination(`/${name}`),
      onDuplicate: 'fail',
      source: 'manual',
      ...more,
    })
  }

  /** The names of the files of which a run was begun, in order. */
  get begun(): readonly string[] {
    return this.runs.map(({ job }) => job.to.name)
  }

  /** The latest run. */
  get run(): Run {
    const run = this.runs.at(-1)
    if (!run) throw new Error('Nothing has been begun')
    return run
  }

  statusOf(id: TransferId): Transfer['state']['status'] | undefined {
    return this.queue.get(id)?.state.status
  }
}
