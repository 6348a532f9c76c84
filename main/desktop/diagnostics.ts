import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { app, BrowserWindow, powerMonitor } from 'electron'
import { offerFor, type CrashKind, type CrashOffer, type CrashReport, type Load } from '#app/crash'
import { DriveError, toFailure } from '#app/errors'
import { describeFailure, type LogEntry } from '#app/log'
import { redactForLog, redactStack } from '#app/redact-log'
import type { Session } from '#app/session'
import type { Settings } from '#app/settings'
import { CrashStore } from '../diagnostics/crash-store.ts'
import { LogFile } from '../diagnostics/log-file.ts'
import { RunningMark, type Mark } from '../diagnostics/running-mark.ts'
import { systemLabel } from './about.ts'
import { systemLanguage, tellBeside } from './telling.ts'

const NOTHING: Load = { unfinished: 0, running: 0, pairs: 0 }
/** What goes wrong again within this says nothing new, and would fill the disk and the screen. */
const AGAIN_MS = 60_000
const MOST_FRAMES = 30

/** The log, the crashes, and whether the last run ended as it should. Nothing of it can fail the app. */
export class Diagnostics {
  readonly #log: LogFile
  readonly #crashes: CrashStore
  readonly #mark: RunningMark
  readonly #startedAt = Date.now()
  /** When each thing last went wrong. */
  readonly #recent = new Map<string, number>()
  #begun: Promise<void> | undefined
  #load: Load = NOTHING
  #offer: Promise<CrashOffer | undefined> | undefined
  #known: () => readonly string[] = () => []
  #toldAt = -Infinity

  /** Writes nothing until `begin`: another instance may be the one that runs. */
  constructor(dataDir: string) {
    this.#log = new LogFile({ folder: join(dataDir, 'logs'), known: ofPerson(), now: Date.now })
    this.#crashes = new CrashStore(join(dataDir, 'crashes'))
    this.#mark = new RunningMark(join(dataDir, 'running.json'))
    // Without the first one Electron shows its own box, with a stack; without the second a bug is silent.
    process.on('uncaughtException', (thrown) => {
      this.#unforeseen('uncaught-exception', thrown)
    })
    process.on('unhandledRejection', (reason) => {
      this.#unforeseen('unhandled-rejection', reason)
    })
    process.on('exit', () => {
      this.#mark.clear()
    })
  }

  /** For who has the single-instance lock. */
  begin(): Promise<void> {
    return (this.#begun ??= this.#begin())
  }

  /** Names that must not stand in a report, beside those of the system's account. */
  conceal(known: () => readonly string[]): void {
    this.#known = known
  }

  log(entry: LogEntry | undefined): void {
    if (this.#begun && entry) this.#log.write(entry)
  }

  /** What is under way. It is noted where a report can be made of it, if this is the last that is heard of us. */
  note(load: Load): void {
    const before = this.#load
    this.#load = load
    if (load.running > 0 !== before.running > 0 || load.pairs !== before.pairs) this.#mark.note(load)
  }

  /** The app can't go on, and says so. */
  async fail(thrown: unknown): Promise<void> {
    this.log({ level: 'error', part: 'app', text: `gives up: ${describeFailure(toFailure(thrown))}` })
    await this.#log.flush()
  }

  crashed(kind: CrashKind, thrown: unknown): void {
    const reason = redactForLog(reasonOf(thrown), [...ofPerson(), ...this.#known()])
    this.log({ level: 'error', part: 'app', text: `${kind}: ${reason}` })
    if (!this.#begun || this.#isRecent(`${kind} ${reason}`)) return
    const stack = thrown instanceof Error ? redactStack(thrown.stack ?? '').slice(0, MOST_FRAMES) : []
    const uptimeSeconds = Math.round((Date.now() - this.#startedAt) / 1000)
    void this.#report({ kind, reason, stack, uptimeSeconds, version: app.getVersion(), load: this.#load })
  }

  /** What the window tells of the last run. In one run it is always the same, as its page may come again. */
  offer(): Promise<CrashOffer | undefined> {
    this.#offer ??= this.begin().then(async () => offerFor(await this.#crashes.takeUntold()))
    return this.#offer
  }

  dismiss(): void {
    this.#offer = Promise.resolve(undefined)
  }

  async files(): Promise<Readonly<Record<'logs' | 'crashes', Readonly<Record<string, Uint8Array>>>>> {
    return { logs: await this.#log.read(), crashes: await this.#crashes.read() }
  }

  /** Everything else has stopped. */
  async end(): Promise<void> {
    this.log({ level: 'info', part: 'app', text: 'quits' })
    await this.#log.flush()
    this.#mark.clear()
  }

  async #begin(): Promise<void> {
    const { electron } = process.versions
    const text = `started ${app.getVersion()}, Electron ${electron}, ${systemLabel()}`
    this.#log.write({ level: 'info', part: 'app', text })
    this.#watchProcesses()
    const left = await this.#mark.set(app.getVersion(), this.#startedAt)
    if (left) await this.#reportEnd(left)
  }

  async #reportEnd(left: Mark): Promise<void> {
    const { kind, reason } = this.#endOf(left)
    const level = kind === 'ended-with-session' ? 'warn' : 'error'
    this.#log.write({ level, part: 'app', text: `the last run: ${reason}` })
    await this.#report({ kind, reason, stack: [], version: left.version, load: left.load })
  }

  #endOf(left: Mark): Pick<CrashReport, 'kind' | 'reason'> {
    if (this.#mark.wasEnded(left))
      return { kind: 'ended-with-session', reason: 'It ended while quitting, or with its session' }
    return this.#mark.isOfThisBoot(left)
      ? { kind: 'ended', reason: 'It ended unexpectedly' }
      : { kind: 'ended-with-system', reason: 'It ended with the system, which started anew' }
  }

  async #report(report: Omit<CrashReport, 'at' | 'electron' | 'system'>): Promise<void> {
    const at = new Date().toISOString()
    const { electron } = process.versions
    try {
      await this.#crashes.write({ at, electron, system: systemLabel(), ...report })
    } catch {
      // It is in the log, if that can be written.
    }
  }

  #watchProcesses(): void {
    app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => {
      if (reason !== 'clean-exit') this.crashed('renderer-gone', `${reason}, exit code ${exitCode}`)
    })
    app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
      if (reason !== 'clean-exit') this.crashed('child-gone', `${type}: ${reason}, exit code ${exitCode}`)
    })
    // Windows ends a session without a word to `before-quit`.
    const clear = (): void => {
      this.#mark.clear()
    }
    for (const window of BrowserWindow.getAllWindows()) window.on('session-end', clear)
    app.on('browser-window-created', (_event, window) => {
      window.on('session-end', clear)
    })
    app.on('before-quit', () => {
      this.#mark.quit()
    })
    void app.whenReady().then(() => {
      powerMonitor.on('shutdown', () => {
        app.quit()
      })
    })
  }

  /** The app goes on. */
  #unforeseen(kind: CrashKind, thrown: unknown): void {
    // Quitting, and a question that came too late, break off what somebody may no longer wait for.
    if (thrown instanceof DriveError && (thrown.code === 'interrupted' || thrown.code === 'cancelled')) {
      this.log({ level: 'warn', part: 'app', text: `${kind}: ${thrown.code}` })
      return
    }
    const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    console.error(`Unforeseen: ${redactForLog(what, ofPerson())}`)
    this.crashed(kind, thrown)
    const now = Date.now()
    if (now - this.#toldAt < AGAIN_MS) return
    this.#toldAt = now
    tellBeside(thrown, systemLanguage())
  }

  #isRecent(what: string): boolean {
    const now = Date.now()
    for (const [known, at] of this.#recent) if (now - at >= AGAIN_MS) this.#recent.delete(known)
    if (this.#recent.has(what)) return true
    this.#recent.set(what, now)
    return false
  }
}

/** Of our own failures the code says it; what others say is redacted. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof DriveError) return describeFailure(thrown.failure)
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/** What the app has been told of the person. */
export function namesIn({ proxy }: Settings, session: Session): readonly string[] {
  const account = session.status === 'signed-in' ? session.account : undefined
  const ofProxy = proxy.kind === 'manual' ? [proxy.host, proxy.username ?? ''] : []
  return [...(account ? [account.nickname, account.uid] : []), ...ofProxy]
}

function ofPerson(): readonly string[] {
  try {
    return [homedir(), userInfo().username]
  } catch {
    // An account without an entry in the system's list.
    return [homedir()]
  }
}
