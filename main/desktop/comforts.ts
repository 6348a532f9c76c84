import { isUploading, type HoldReason } from '#app/conditions'
import type { Problem, QueueStatus, TransfersChange } from '#app/ipc'
import type { Session } from '#app/session'
import type { PairStatus } from '#app/sync/pair'
import type { Language } from '#app/words/explain'
import { autostart } from './autostart.ts'
import { HoldConditions } from './conditions.ts'
import type { EngineCalls } from './engine-thread.ts'
import type { CommandHandlers } from './ipc.ts'
import { KeepAwake } from './keep-awake.ts'
import type { MainWindow } from './main-window.ts'
import { Notifier } from './notifier.ts'
import type { SettingsFile } from './settings.ts'

export interface ComfortOptions {
  readonly settings: SettingsFile
  readonly engine: EngineCalls
  readonly window: MainWindow
  readonly session: () => Session
  readonly language: () => Language
}

/** How the program behaves beside all else that a person does: it holds back, keeps the computer awake, and speaks up. */
export class Comforts {
  readonly #settings: SettingsFile
  readonly #session: () => Session
  readonly #holds: HoldConditions
  readonly #notifier: Notifier
  readonly #awake = new KeepAwake()
  #status: QueueStatus = { speed: 0, running: 0 }

  constructor({ settings, engine, window, session, language }: ComfortOptions) {
    this.#settings = settings
    this.#session = session
    this.#holds = new HoldConditions(
      () => settings.get(),
      (reason) => {
        engine.call('setHold', { reason }).catch(() => undefined)
      },
    )
    this.#notifier = new Notifier({
      settings: () => settings.get(),
      language,
      isLookedAt: () => window.current?.isFocused() === true,
      show: (page) => {
        window.show(page)
      },
    })
  }

  /** What an engine that starts is to be held by. */
  get hold(): HoldReason | undefined {
    return this.#holds.hold
  }

  /** The settings may be others; resolves when it is known what they hold up, so that nothing goes up before. */
  async followSettings(): Promise<void> {
    this.#keepAwake()
    await this.#holds.follow()
  }

  hearTransfers(change: TransfersChange): void {
    this.#notifier.decider.hearTransfers(change, Date.now())
    this.#notifier.update()
  }

  hearStatus(status: QueueStatus): void {
    this.#status = status
    this.#keepAwake()
    this.hearSession()
  }

  hearProblems(problems: readonly Problem[]): void {
    this.#notifier.decider.hearProblems(problems, Date.now())
    this.#notifier.update()
  }

  hearPairs(pairs: readonly PairStatus[]): void {
    this.#notifier.decider.hearPairs(pairs, Date.now())
    this.#notifier.update()
  }

  /** Somebody signed in or out, or what the queue says of it is another. */
  hearSession(): void {
    this.#notifier.decider.hearAccount(this.#session(), this.#status, Date.now())
    this.#notifier.update()
  }

  goAnyway(): void {
    this.#holds.goAnyway()
  }

  commands(): Pick<CommandHandlers, 'queue.goAnyway' | 'autostart.get' | 'autostart.set'> {
    const atLogin = autostart()
    return {
      'queue.goAnyway': () => {
        this.goAnyway()
      },
      'autostart.get': () => atLogin.get(),
      'autostart.set': (on) => atLogin.set(on),
    }
  }

  stop(): void {
    this.#holds.stop()
    this.#notifier.stop()
    this.#awake.set(false)
  }

  #keepAwake(): void {
    this.#awake.set(this.#settings.get().keepAwake && isUploading(this.#status))
  }
}
