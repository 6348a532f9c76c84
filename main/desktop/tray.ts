import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Menu, nativeImage, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron'
import { toFailure } from '#app/errors'
import { redact } from '#app/redact'
import type { Session } from '#app/session'
import { trayView, type TrayAction, type TrayItem, type TrayView } from '#app/tray'
import { countIssues, type TrayShape } from '#app/tray-condition'
import type { Language } from '#app/words/explain'
import type { EngineThread } from './engine-thread.ts'

/** Which of the pictures of build/tray-icons.mjs are for which scale of the screen. */
interface IconSet {
  readonly name: (shape: TrayShape) => string
  readonly sizes: readonly (readonly [scaleFactor: number, pixels: number])[]
}

const WINDOWS: IconSet = {
  name: (shape) => shape,
  sizes: [
    [1, 16],
    [1.25, 20],
    [1.5, 24],
    [2, 32],
    [2.5, 40],
    [3, 48],
  ],
}
const LINUX: IconSet = {
  name: (shape) => shape,
  sizes: [
    [1, 22],
    [2, 44],
  ],
}
const MACOS: IconSet = {
  name: (shape) => `${shape}-template`,
  sizes: [
    [1, 18],
    [2, 36],
  ],
}
const ICON_SETS: Readonly<Partial<Record<NodeJS.Platform, IconSet>>> = { win32: WINDOWS, darwin: MACOS }

/** Often enough for a person, and seldom enough for a panel that draws each one. */
const UPDATE_MS = 500

/** A panel that does not answer shows nothing either. */
const HOST_ANSWERS_MS = 2000

export interface TrayOptions {
  /** The folder of its pictures. */
  readonly icons: URL
  readonly engine: Pick<EngineThread, 'pairs' | 'problems' | 'status' | 'files'>
  readonly session: () => Session
  readonly language: () => Language
  readonly act: (action: TrayAction) => void
}

/** The icon in the system's tray. Where there can be none, all goes on without. */
export class AppTray {
  readonly #options: TrayOptions
  #tray: Tray | undefined
  #shown: TrayView | undefined
  #timer: NodeJS.Timeout | undefined
  #changed = false

  constructor(options: TrayOptions) {
    this.#options = options
  }

  start(): void {
    const view = this.#view()
    try {
      this.#tray = new Tray(loadIcon(this.#options.icons, view.shape))
    } catch (thrown) {
      console.error(`There is no tray: ${redact(toFailure(thrown).message)}`)
      return
    }
    this.#tray.on('click', () => {
      this.#options.act({ type: 'open' })
    })
    this.#show(view)
  }

  /** Something that it shows may have changed: looks at once, and again at the end of a while in which there was more. */
  update(): void {
    if (!this.#tray) return
    this.#changed = true
    if (!this.#timer) this.#look()
  }

  /** Whether a person can see it. */
  async isThere(): Promise<boolean> {
    return this.#tray !== undefined && (await canShowTray())
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#tray?.destroy()
    this.#tray = undefined
  }

  #look(): void {
    this.#timer = undefined
    if (!this.#changed) return
    this.#changed = false
    this.#show(this.#view())
    this.#timer = setTimeout(() => {
      this.#look()
    }, UPDATE_MS)
  }

  #view(): TrayView {
    const { engine, session, language } = this.#options
    const { pairs, problems, status: queue, files } = engine
    const issues = countIssues(pairs, problems, files)
    return trayView({
      pairs,
      queue,
      session: session(),
      issues,
      files,
      language: language(),
      now: Date.now(),
    })
  }

  /** Only what is another: a menu that is replaced closes under the pointer. */
  #show(view: TrayView): void {
    const before = this.#shown
    this.#shown = view
    if (before?.shape !== view.shape) this.#tray?.setImage(loadIcon(this.#options.icons, view.shape))
    if (before?.tooltip !== view.tooltip) this.#tray?.setToolTip(view.tooltip)
    if (JSON.stringify(before?.items) !== JSON.stringify(view.items))
      this.#tray?.setContextMenu(Menu.buildFromTemplate(view.items.map((item) => this.#entry(item))))
  }

  #entry(item: TrayItem): MenuItemConstructorOptions {
    if (item.kind === 'separator') return { type: 'separator' }
    // A folder's name may have one, which would underline what follows it.
    const label = item.label.replaceAll('&', '&&')
    switch (item.kind) {
      case 'status':
        return { label, enabled: false }
      case 'submenu':
        return { label, enabled: item.enabled, submenu: item.items.map((entry) => this.#entry(entry)) }
      case 'entry':
        return {
          label,
          enabled: item.enabled,
          click: () => {
            this.#options.act(item.action)
          },
        }
    }
  }
}

function loadIcon(folder: URL, shape: TrayShape): NativeImage {
  const { name, sizes } = ICON_SETS[process.platform] ?? LINUX
  const icon = nativeImage.createEmpty()
  for (const [scaleFactor, pixels] of sizes) {
    const file = fileURLToPath(new URL(`${name(shape)}-${pixels}.png`, folder))
    icon.addRepresentation({ scaleFactor, width: pixels, height: pixels, buffer: readFileSync(file) })
  }
  icon.setTemplateImage(process.platform === 'darwin')
  return icon
}

/**
 * On Linux an icon can be handed over though nobody shows it, as on a plain GNOME: whoever shows them has this name on the session bus.
 * Where that can't be asked there is none.
 */
export async function canShowTray(): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const question = [
    '--session',
    '--print-reply=literal',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
  ]
  const name = ['org.freedesktop.DBus.NameHasOwner', 'string:org.kde.StatusNotifierWatcher']
  try {
    const asked = promisify(execFile)('dbus-send', [...question, ...name], { timeout: HOST_ANSWERS_MS })
    return (await asked).stdout.includes('true')
  } catch {
    return false
  }
}
