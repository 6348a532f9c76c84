import { DriveError, type Failure } from '#app/errors'
import type { Settings, UpdateChannel } from '#app/settings'
import {
  advanceUpdate,
  FIRST_CHECK_MS,
  installsAtQuit,
  isCheckDue,
  nextCheckMs,
  type CheckedBy,
  type InstallKind,
  type Update,
  type UpdateEvent,
  type UpdateState,
  type UpdateStatus,
} from '#app/update'
import { updateFailure, type UpdateStep } from './failures.ts'

/** Where newer versions come from, and how they get here. */
export interface UpdateSource {
  /** Undefined when there is nothing newer. */
  check(channel: UpdateChannel, signal: AbortSignal): Promise<Update | undefined>
  download(onFraction: (fraction: number) => void, signal: AbortSignal): Promise<void>
  /** All of the installation that may fail before anything is changed. */
  prepare(): Promise<void>
  /** Nothing of this program may run on afterwards; `again`: it is started anew once it has ended. */
  install(again: boolean): Promise<void>
}

/** What this copy of the program can do about newer versions. */
export type UpdateMeans =
  | { readonly reason: 'development' | 'not-configured' }
  | {
      readonly kind: InstallKind
      readonly page: string | undefined
      readonly open: () => Promise<UpdateSource>
    }

export interface UpdatesOptions {
  readonly means: () => Promise<UpdateMeans>
  readonly settings: () => Settings
  /** The feed has answered. */
  readonly rememberCheck: (at: number) => void
  readonly isUploading: () => boolean
  /** In order: what was sent is written down. */
  readonly stopUploads: () => Promise<void>
  /** After a stop that came to nothing. */
  readonly resumeUploads: () => Promise<void>
  readonly quit: () => void
  readonly now: () => number
  readonly random: () => number
  readonly onChange: (status: UpdateStatus) => void
  /** What went wrong while quitting, when nobody could be told: for the next start. */
  readonly leftover: {
    read(): Promise<Failure | undefined>
    write(failure: Failure | undefined): Promise<void>
  }
}

type Attempt = (source: UpdateSource, signal: AbortSignal) => Promise<void>

/** Newer versions of the program: when they are looked for, fetched and installed. `advanceUpdate` alone moves the state. */
export class Updates {
  readonly #options: UpdatesOptions
  #state: UpdateState = { status: 'idle' }
  #means: UpdateMeans | undefined
  #opening: Promise<UpdateMeans> | undefined
  #source: Promise<UpdateSource> | undefined
  #turn: Promise<void> = Promise.resolve()
  /** Of the check or download that is going on. */
  #run = new AbortController()
  #channel: UpdateChannel
  #wanted: Settings['updates']
  #timer: NodeJS.Timeout | undefined

  constructor(options: UpdatesOptions) {
    this.#options = options
    this.#channel = options.settings().updateChannel
    this.#wanted = options.settings().updates
  }

  async start(): Promise<void> {
    if ('kind' in (await this.#open())) this.#schedule(FIRST_CHECK_MS)
  }

  /** No check begins by itself any more. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  async status(): Promise<UpdateStatus> {
    await this.#open()
    return this.#status
  }

  /** Where the packages are, for a person. */
  async page(): Promise<string | undefined> {
    const means = await this.#open()
    return 'kind' in means ? means.page : undefined
  }

  async check(by: CheckedBy): Promise<void> {
    await this.#open()
    if (by === 'clock' && this.#wanted === 'off') return
    if (!this.#advance({ type: 'check-started', by })) return
    await this.#attempt('check', async (source, signal) => {
      const update = await source.check(this.#channel, signal)
      signal.throwIfAborted()
      this.#options.rememberCheck(this.#options.now())
      this.#advance(update ? { type: 'found', update } : { type: 'found-nothing' })
    })
    if (this.#wanted === 'auto') await this.#download()
  }

  /** Fetches what was found, or installs what was fetched. */
  async install(): Promise<void> {
    await this.#download()
    this.#advance({ type: 'install-wanted', uploading: this.#options.isUploading() })
    await this.#installNow()
  }

  /** The queue has told of itself: what waited for uploads may begin. */
  queueChanged(): void {
    if (this.#state.status !== 'waiting' || this.#options.isUploading()) return
    this.#advance({ type: 'uploads-ended' })
    void this.#installNow()
  }

  /** Timers stood still while the machine slept. */
  woke(): void {
    const { settings, now } = this.#options
    if (isCheckDue(settings().updatesCheckedAt, now())) void this.check('clock')
  }

  settingsChanged({ updates, updateChannel }: Settings): void {
    const others = updateChannel !== this.#channel
    const now = updates === 'auto' && this.#wanted !== 'auto'
    this.#channel = updateChannel
    this.#wanted = updates
    if (others) {
      this.#run.abort()
      this.#advance({ type: 'forgotten' })
      void this.check('clock')
    } else if (now) void this.#download()
  }

  /** To be asked before the uploads are stopped. */
  installsAtQuit(): boolean {
    const kind = this.#means && 'kind' in this.#means ? this.#means.kind : 'by-hand'
    return installsAtQuit(this.#state, kind, this.#wanted, this.#options.isUploading())
  }

  async installAtQuit(): Promise<void> {
    try {
      const source = await this.#source
      await source?.prepare()
      await source?.install(false)
    } catch (thrown) {
      await this.#options.leftover.write(updateFailure(thrown, 'install')).catch(() => undefined)
    }
  }

  get #status(): UpdateStatus {
    const means = this.#means
    const known = means && 'kind' in means ? means : undefined
    return {
      state: this.#state,
      kind: known?.kind ?? 'by-hand',
      checkedAt: this.#options.settings().updatesCheckedAt,
      hasPage: known?.page !== undefined,
    }
  }

  #open(): Promise<UpdateMeans> {
    this.#opening ??= this.#findMeans()
    return this.#opening
  }

  async #findMeans(): Promise<UpdateMeans> {
    const means = await this.#options.means()
    this.#means = means
    if ('reason' in means) {
      this.#state = { status: 'none-here', reason: means.reason }
      return means
    }
    const { leftover } = this.#options
    const failure = await leftover.read()
    if (failure) {
      this.#state = { status: 'failed', failure }
      await leftover.write(undefined).catch(() => undefined)
    }
    return means
  }

  #schedule(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#schedule(nextCheckMs(this.#options.random()))
      void this.check('clock')
    }, afterMs)
  }

  async #download(): Promise<void> {
    const means = await this.#open()
    if ('reason' in means || means.kind === 'by-hand') return
    if (!this.#advance({ type: 'download-started' })) return
    await this.#attempt('download', async (source, signal) => {
      await source.download((fraction) => {
        if (!signal.aborted) this.#advance({ type: 'progressed', fraction })
      }, signal)
      signal.throwIfAborted()
      this.#advance({ type: 'downloaded' })
    })
  }

  async #installNow(): Promise<void> {
    if (this.#state.status !== 'installing') return
    const { stopUploads, resumeUploads, quit } = this.#options
    await this.#attempt('install', async (source) => {
      await source.prepare()
      await stopUploads()
      try {
        await source.install(true)
      } catch (thrown) {
        await resumeUploads()
        throw thrown
      }
      quit()
    })
  }

  /** One after another: what was given up has ended before the next begins. */
  #attempt(step: UpdateStep, attempt: Attempt): Promise<void> {
    if (this.#run.signal.aborted) this.#run = new AbortController()
    const { signal } = this.#run
    this.#turn = this.#turn.then(() => this.#tryOnce(step, attempt, signal))
    return this.#turn
  }

  /** What fails is the state's to say; what was given up meanwhile says nothing any more. */
  async #tryOnce(step: UpdateStep, attempt: Attempt, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted()
      this.#source ??= this.#openSource()
      await attempt(await this.#source, signal)
    } catch (thrown) {
      if (!signal.aborted) this.#advance({ type: 'failed', failure: updateFailure(thrown, step) })
    }
  }

  async #openSource(): Promise<UpdateSource> {
    const means = await this.#open()
    if ('reason' in means) throw new DriveError('update-unreachable', `No updates: ${means.reason}`)
    return means.open()
  }

  /** Whether anything has changed by it. */
  #advance(event: UpdateEvent): boolean {
    const next = advanceUpdate(this.#state, event)
    if (next === this.#state) return false
    this.#state = next
    this.#options.onChange(this.#status)
    return true
  }
}
