import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { app, powerMonitor } from 'electron'
import {
  holdOf,
  NO_CONDITIONS,
  observe,
  readsCosting,
  readsMetered,
  readsOnBattery,
  waive,
  wantedHolds,
  type Conditions,
  type HoldReason,
} from '#app/conditions'
import type { Settings } from '#app/settings'

/** Where nothing tells of a change, and in case it was missed. */
const LOOK_MS = 60_000
/** Whoever does not answer by then is taken for not there. */
const ANSWER_MS = 3000

/** How the system tells of one of the conditions. */
interface Source {
  /** Fails where the system can't tell. */
  readonly read: () => Promise<boolean> | boolean
  /** Tells of what may be a change; returns how to stop. */
  readonly listen: (changed: () => void) => () => void
}

/**
 * Whether the computer runs on its battery and its network is metered, as far as the person wants uploads to be held up by that: nothing
 * is asked for otherwise. What can't be told holds nothing up.
 */
export class HoldConditions {
  readonly #settings: () => Settings
  readonly #onHold: (reason: HoldReason | undefined) => void
  readonly #watched = new Map<HoldReason, () => void>()
  #conditions: Conditions = NO_CONDITIONS
  #told: HoldReason | undefined
  #looking: Promise<void> = Promise.resolve()
  /** Looks that have not begun: one that comes meanwhile is the same. */
  readonly #due = new Set<HoldReason>()

  constructor(settings: () => Settings, onHold: (reason: HoldReason | undefined) => void) {
    this.#settings = settings
    this.#onHold = onHold
  }

  get hold(): HoldReason | undefined {
    return holdOf(this.#conditions)
  }

  /** Takes up the settings as they are; resolves when what they ask for has been looked at. */
  async follow(): Promise<void> {
    // Before that Electron can't be asked about power.
    if (wantedHolds(this.#settings()).size > 0) await app.whenReady()
    const wanted = wantedHolds(this.#settings())
    for (const [reason, stop] of this.#watched) {
      if (wanted.has(reason)) continue
      stop()
      this.#watched.delete(reason)
      this.#observe(reason, false)
    }
    const fresh = [...wanted].filter((reason) => !this.#watched.has(reason))
    await Promise.all(fresh.map((reason) => this.#watch(reason)))
  }

  /** "Upload anyway", until what holds has ended. */
  goAnyway(): void {
    this.#take(waive(this.#conditions))
  }

  stop(): void {
    for (const stop of this.#watched.values()) stop()
    this.#watched.clear()
  }

  async #watch(reason: HoldReason): Promise<void> {
    const source = sourceOf(reason)
    if (!source) return
    const look = (): Promise<void> => this.#look(reason, source)
    const timer = setInterval(() => void look(), LOOK_MS)
    const silence = source.listen(() => void look())
    this.#watched.set(reason, () => {
      clearInterval(timer)
      silence()
    })
    await look()
  }

  /** One look after another: an answer that comes late is not taken for the newest. */
  #look(reason: HoldReason, source: Source): Promise<void> {
    if (this.#due.has(reason)) return this.#looking
    this.#due.add(reason)
    this.#looking = this.#looking.then(async () => {
      this.#due.delete(reason)
      const holds = await Promise.resolve()
        .then(() => source.read())
        .catch(() => false)
      if (this.#watched.has(reason)) this.#observe(reason, holds)
    })
    return this.#looking
  }

  #observe(reason: HoldReason, holds: boolean): void {
    this.#take(observe(this.#conditions, reason, holds))
  }

  #take(conditions: Conditions): void {
    this.#conditions = conditions
    if (this.hold === this.#told) return
    this.#told = this.hold
    this.#onHold(this.hold)
  }
}

function sourceOf(reason: HoldReason): Source | undefined {
  if (process.platform === 'linux') return busProperty(PROPERTIES[reason])
  if (reason === 'battery') return CHROMIUM_BATTERY
  return process.platform === 'win32' ? WINDOWS_COST : undefined
}

const CHROMIUM_BATTERY: Source = {
  read: () => powerMonitor.isOnBatteryPower(),
  listen: (changed) => {
    powerMonitor.on('on-battery', changed).on('on-ac', changed)
    return () => {
      powerMonitor.off('on-battery', changed).off('on-ac', changed)
    }
  },
}

/** No API of Electron's tells, and PowerShell takes half a second: seldom is often enough. */
const WINDOWS_COST: Source = {
  read: async () => {
    const root = process.env['SystemRoot'] ?? String.raw`C:\Windows`
    const shell = join(root, String.raw`System32\WindowsPowerShell\v1.0\powershell.exe`)
    const script = [
      '[void][Windows.Networking.Connectivity.NetworkInformation,Windows,ContentType=WindowsRuntime]',
      '$profile = [Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile()',
      'if ($profile) { [string]$profile.GetConnectionCost().NetworkCostType }',
    ].join('; ')
    const options = { timeout: ANSWER_MS * 5, windowsHide: true }
    const asked = promisify(execFile)(shell, ['-NoProfile', '-NonInteractive', '-Command', script], options)
    return readsCosting((await asked).stdout)
  },
  listen: () => () => undefined,
}

interface BusProperty {
  readonly service: string
  readonly path: string
  readonly name: string
  readonly reads: (printed: string) => boolean
}

/** Chromium never says on Linux that it runs on a battery: UPower does. */
const PROPERTIES: Readonly<Record<HoldReason, BusProperty>> = {
  battery: {
    service: 'org.freedesktop.UPower',
    path: '/org/freedesktop/UPower',
    name: 'OnBattery',
    reads: readsOnBattery,
  },
  metered: {
    service: 'org.freedesktop.NetworkManager',
    path: '/org/freedesktop/NetworkManager',
    name: 'Metered',
    reads: readsMetered,
  },
}

/** A property of a service on the system bus, whose interface has the service's name. */
function busProperty({ service, path, name, reads }: BusProperty): Source {
  return {
    read: async () => {
      const question = ['--system', '--print-reply=literal', `--dest=${service}`, path]
      const get = ['org.freedesktop.DBus.Properties.Get', `string:${service}`, `string:${name}`]
      const asked = promisify(execFile)('dbus-send', [...question, ...get], { timeout: ANSWER_MS })
      return reads((await asked).stdout)
    },
    listen: (changed) => {
      const monitor = spawn('gdbus', ['monitor', '--system', '--dest', service, '--object-path', path], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      // Where it is not installed, or there is no such bus, there is the clock.
      monitor.on('error', () => undefined)
      monitor.stdout.on('data', changed)
      return () => {
        monitor.kill()
      }
    },
  }
}
