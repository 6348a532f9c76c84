import { app, dialog, type BrowserWindow } from 'electron'
import type { Language } from '#app/words/explain'
import { desktopWords } from './words.ts'

/** Closing the window ends what is not uploaded yet: not without a yes. */
export function askBeforeClosing(
  window: BrowserWindow,
  unfinished: () => number,
  language: () => Language,
): void {
  let agreed = false
  app.on('before-quit', () => {
    agreed = true
  })
  window.on('close', (event) => {
    if (agreed || unfinished() === 0) return
    event.preventDefault()
    const words = desktopWords[language()]
    const answer = dialog.showMessageBox(window, {
      type: 'question',
      message: words.stillUploading(unfinished()),
      detail: words.goesOnNextTime,
      buttons: [words.stay, words.quit],
      cancelId: 0,
    })
    void answer.then(({ response }) => {
      if (response === 1) app.quit()
    })
  })
}

/** Quits once everything has stopped. */
export function stopBeforeQuit(stop: () => Promise<void>): void {
  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}
