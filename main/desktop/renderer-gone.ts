import { app, type BrowserWindow } from 'electron'
import type { Language } from '#app/words/explain'
import { ask } from './telling.ts'
import { loadPage, type WindowFiles } from './window.ts'
import { desktopWords } from './words.ts'

/** More deaths than this within a minute: it would only die again. */
const MAX_DEATHS = 3

/** A renderer holds no truth: one that died, whatever of, or no longer answers, starts again and asks (design 9). */
export function reviveRenderer(window: BrowserWindow, files: WindowFiles, language: () => Language): void {
  let deaths: readonly number[] = []

  async function revive(): Promise<void> {
    const now = Date.now()
    deaths = [...deaths.filter((at) => at > now - 60_000), now]
    if (deaths.length > MAX_DEATHS && !(await isWanted())) return
    if (!window.isDestroyed()) loadPage(window, files)
  }

  /** The person decides whether it is tried again. */
  async function isWanted(): Promise<boolean> {
    deaths = []
    const { pageKeepsDying, uploadsGoOn, retry, quit } = desktopWords[language()]
    // It may have died before it was first seen.
    window.show()
    const again = await ask(window, { message: pageKeepsDying, detail: uploadsGoOn, yes: retry, no: quit })
    if (!again) app.quit()
    return again
  }

  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (window.isDestroyed()) return
    console.error(`The renderer is gone (${reason})`)
    void revive()
  })
  window.on('unresponsive', () => {
    window.webContents.forcefullyCrashRenderer()
  })
}
