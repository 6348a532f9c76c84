import { app, dialog, type BrowserWindow } from 'electron'
import type { Language } from '#app/words/explain'
import { desktopWords } from './words.ts'

export interface ClosingOptions {
  readonly unfinished: () => number
  /** Folder pairs that there are. */
  readonly pairs: () => number
  /** Whether there is an icon that a person can come back by. */
  readonly isInTray: () => Promise<boolean>
  readonly wasTold: () => boolean
  /** They have read what closing does: not again. */
  readonly remember: () => void
  readonly language: () => Language
}

/**
 * What becomes of the program without its window. With nothing to do it quits. With files or folders to see to it goes on in the tray,
 * which is said the first time; without a tray nobody would find it again, so closing ends it: not without a yes while files go up, and
 * not without a word where folders are kept in step.
 */
export class Closing {
  readonly #options: ClosingOptions
  #quitting = false
  #deciding = false
  #goesOn = false

  constructor(options: ClosingOptions) {
    this.#options = options
    app.on('before-quit', () => {
      this.#quitting = true
    })
    app.on('window-all-closed', () => {
      if (!this.#goesOn) app.quit()
    })
  }

  watch(window: BrowserWindow): void {
    this.#goesOn = false
    window.on('close', (event) => {
      if (this.#quitting || (this.#options.unfinished() === 0 && this.#options.pairs() === 0)) return
      event.preventDefault()
      if (!this.#deciding) void this.#decide(window)
    })
  }

  async #decide(window: BrowserWindow): Promise<void> {
    this.#deciding = true
    try {
      const { isInTray, unfinished } = this.#options
      if (!(await isInTray())) {
        if (unfinished() > 0 ? await this.#asksToStay(window) : await this.#keepsOpen(window)) return
        app.quit()
      } else if (await this.#isToGoOn(window)) {
        this.#goesOn = true
        window.destroy()
      } else {
        app.quit()
      }
    } finally {
      this.#deciding = false
    }
  }

  async #isToGoOn(window: BrowserWindow): Promise<boolean> {
    const { wasTold, remember, language } = this.#options
    if (wasTold()) return true
    const { goesOnInTray, howToComeBack, gotIt, quitProgram } = desktopWords[language()]
    const { response } = await dialog.showMessageBox(window, {
      type: 'info',
      message: goesOnInTray,
      detail: howToComeBack,
      buttons: [gotIt, quitProgram],
      defaultId: 0,
      cancelId: 0,
    })
    remember()
    return response === 0
  }

  /** Folders can't be kept in step any more, which is said the first time. */
  async #keepsOpen(window: BrowserWindow): Promise<boolean> {
    const { wasTold, remember, language } = this.#options
    if (wasTold()) return false
    const { syncEnds, nothingToStayIn, quitProgram, keepOpen } = desktopWords[language()]
    const { response } = await dialog.showMessageBox(window, {
      type: 'info',
      message: syncEnds,
      detail: nothingToStayIn,
      buttons: [keepOpen, quitProgram],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 1) remember()
    return response === 0
  }

  async #asksToStay(window: BrowserWindow): Promise<boolean> {
    const words = desktopWords[this.#options.language()]
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: words.stillUploading(this.#options.unfinished()),
      detail: words.goesOnNextTime,
      buttons: [words.stay, words.quit],
      cancelId: 0,
    })
    return response === 0
  }
}

/** How a system that shuts down, or a terminal, asks a program to end. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Quits once everything has stopped. */
export function stopBeforeQuit(stop: () => Promise<void>): void {
  // Electron does so too, but only until a library listens to them itself, as electron-store's does when it is loaded.
  for (const signal of ENDING)
    process.on(signal, () => {
      app.quit()
    })
  let stopping: Promise<void> | undefined
  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    // It may be asked again meanwhile, by a window that closes.
    stopping ??= stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}
