import { app, dialog, type BrowserWindow } from 'electron'
import { toFailure } from '#app/errors'
import { redact } from '#app/redact'
import { explain, type Language } from '#app/words/explain'
import type { EngineThread } from './engine-thread.ts'
import { desktopWords } from './words.ts'

/** What goes wrong before the window can say it, or with the window itself. */

export function systemLanguage(): Language {
  return app.getLocale().startsWith('zh') ? 'zh-CN' : 'en'
}

export function tell(thrown: unknown, language: Language): void {
  const { why, action, code } = told(thrown, language)
  dialog.showErrorBox('123pan Sync', `${why}\n${action}\n\n${code}`)
}

/** While the app goes on: `tell` holds up everything here until somebody has closed its box. */
export function tellBeside(thrown: unknown, language: Language): void {
  if (!app.isReady()) {
    tell(thrown, language)
    return
  }
  const { why, action, code } = told(thrown, language)
  void dialog.showMessageBox({
    type: 'error',
    title: '123pan Sync',
    message: why,
    detail: `${action}\n\n${code}`,
  })
}

function told(thrown: unknown, language: Language): { why: string; action: string; code: string } {
  const failure = toFailure(thrown)
  const { why, action } = explain(failure, language)
  return { why, action, code: `${failure.code}: ${redact(failure.message)}` }
}

/** The folder may be held by a command line that is uploading: then the person decides whether to wait. */
export async function startEngine(
  engine: EngineThread,
  language: () => Language,
  window: () => BrowserWindow | undefined,
): Promise<void> {
  for (;;) {
    try {
      await engine.start()
      return
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (failure.code !== 'data-folder-held') throw thrown
      await app.whenReady()
      const { why, action } = explain(failure, language())
      const { retry, quit } = desktopWords[language()]
      const again = await ask(window(), {
        message: why,
        detail: `${action}\n\n${failure.detail ?? ''}`,
        yes: retry,
        no: quit,
      })
      if (!again) {
        app.exit(1)
        return
      }
    }
  }
}

/** Over the window, where there is one. */
export async function ask(
  window: BrowserWindow | undefined,
  { message, detail, yes, no }: { message: string; detail: string; yes: string; no: string },
): Promise<boolean> {
  const options = { type: 'warning' as const, message, detail, buttons: [yes, no], cancelId: 1 }
  const { response } = await (window
    ? dialog.showMessageBox(window, options)
    : dialog.showMessageBox(options))
  return response === 0
}
