import { app, type BrowserWindow, type WebContents } from 'electron'
import type { WantedPage } from '#app/ipc'
import type { Language } from '#app/words/explain'
import { emit } from './ipc.ts'
import { reviveRenderer } from './renderer-gone.ts'
import { loadPage, openWindow, type WindowFiles } from './window.ts'

/** The one window there is, or is not: the program may go on without. A closed one is gone with its renderer; the next is a new one. */
export class MainWindow {
  readonly #files: WindowFiles
  readonly #language: () => Language
  readonly #onOpened: (window: BrowserWindow) => void
  #window: BrowserWindow | undefined
  #loaded = false
  /** Told as soon as there is a page to tell. */
  #wanted: WantedPage | undefined

  constructor(files: WindowFiles, language: () => Language, onOpened: (window: BrowserWindow) => void) {
    this.#files = files
    this.#language = language
    this.#onOpened = onOpened
  }

  get current(): BrowserWindow | undefined {
    return this.#window
  }

  get contents(): WebContents | undefined {
    return this.#window?.webContents
  }

  /** Opens it, or brings it to the front, with that page; without one, as it is. */
  show(page?: WantedPage): void {
    if (page) this.#wanted = page
    const window = this.#window
    if (!window) {
      this.#open('shown')
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (this.#loaded) this.#tell()
  }

  /** In the task bar, where there is one; in nobody's way. */
  showMinimised(): void {
    if (!this.#window) this.#open('minimised')
  }

  /** Takes one as its own that is open, and may have been for a while. */
  adopt(window: BrowserWindow): void {
    this.#window = window
    this.#loaded = !window.webContents.isLoading() && !window.webContents.isCrashed()
    reviveRenderer(window, this.#files, this.#language)
    window.webContents.on('render-process-gone', () => {
      this.#loaded = false
    })
    window.webContents.on('did-finish-load', () => {
      this.#loaded = true
      this.#tell()
    })
    window.on('closed', () => {
      this.#window = undefined
    })
    this.#onOpened(window)
    if (window.webContents.isCrashed()) loadPage(window, this.#files)
  }

  #open(how: 'shown' | 'minimised'): void {
    this.adopt(openWindow(this.#files, app.name, how))
  }

  #tell(): void {
    if (this.#wanted) emit(this.contents, 'page.wanted', this.#wanted)
    this.#wanted = undefined
  }
}
