import { describePair, failureEntries, queueEntry, sessionEntry } from '#app/log'
import type { QueueStatus, TransfersChange } from '#app/ipc'
import type { Session } from '#app/session'
import type { PairStatus } from '#app/sync/pair'
import type { TransferId } from '#app/transfer'
import type { Diagnostics } from './diagnostics.ts'
import type { EngineThreadOptions } from './engine-thread.ts'

/** Hears what the engine and the session tell, and writes down what is worth a line. */
export class EngineLog {
  readonly #diagnostics: Diagnostics
  /** Failures that are written down: windows have them told again. */
  readonly #failures = new Map<TransferId, number>()
  readonly #unfinished = new Set<TransferId>()
  readonly #pairs = new Map<string, string>()
  readonly #since = Date.now()
  #status: QueueStatus | undefined
  #session: Session | undefined
  #pairCount = 0

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics
  }

  /** The same options, listened to. */
  watch(options: EngineThreadOptions): EngineThreadOptions {
    const { onStarted, onChange, onStatus, onPairs, onDeath, onBack } = options
    return {
      ...options,
      onStarted: () => {
        this.#say('info', 'engine', 'started')
        onStarted()
      },
      onChange: (change) => {
        this.#hearChange(change)
        onChange(change)
      },
      onStatus: (status) => {
        this.#diagnostics.log(queueEntry(this.#status, status))
        this.#status = status
        this.#note()
        onStatus(status)
      },
      onPairs: (pairs) => {
        this.#hearPairs(pairs)
        onPairs(pairs)
      },
      onBack: () => {
        this.#say('info', 'queue', 'the platform answers again')
        onBack()
      },
      onDeath: (reason) => {
        this.#diagnostics.crashed('engine-died', reason)
        onDeath(reason)
      },
      onThreadDeath: (reason) => {
        this.#diagnostics.crashed('thread-died', reason)
      },
    }
  }

  hearSession(session: Session): void {
    this.#diagnostics.log(sessionEntry(this.#session, session))
    this.#session = session
  }

  #hearChange({ changed, removed }: TransfersChange): void {
    for (const id of removed) {
      this.#failures.delete(id)
      this.#unfinished.delete(id)
    }
    const fresh = changed.filter(({ id, state }) => {
      if ('finishedAt' in state) this.#unfinished.delete(id)
      else this.#unfinished.add(id)
      if (!('failure' in state)) return false
      const at = 'finishedAt' in state ? state.finishedAt : state.retryAt
      if (at < this.#since || this.#failures.get(id) === at) return false
      this.#failures.set(id, at)
      return true
    })
    for (const entry of failureEntries(fresh)) this.#diagnostics.log(entry)
  }

  #hearPairs(pairs: readonly PairStatus[]): void {
    this.#pairCount = pairs.length
    this.#note()
    for (const status of pairs) {
      const text = describePair(status)
      const { id } = status.pair
      if (text === undefined || this.#pairs.get(id) === text) continue
      this.#pairs.set(id, text)
      this.#say(status.state.status === 'halted' ? 'warn' : 'info', 'sync', text)
    }
  }

  #note(): void {
    this.#diagnostics.note({
      unfinished: this.#unfinished.size,
      running: this.#status?.running ?? 0,
      pairs: this.#pairCount,
    })
  }

  #say(level: 'info' | 'warn', part: 'engine' | 'queue' | 'sync', text: string): void {
    this.#diagnostics.log({ level, part, text })
  }
}
