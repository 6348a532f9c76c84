import { app } from 'electron'
import { unreachable } from '#app/assert'
import { toFailure } from '#app/errors'
import type { AddReport } from '#app/ipc'
import type { TrayAction } from '#app/tray'
import type { Source } from '#app/transfer'
import type { Language } from '#app/words/explain'
import type { EngineCalls } from './engine-thread.ts'
import { choosePaths } from './files.ts'
import { emit } from './ipc.ts'
import type { MainWindow } from './main-window.ts'
import { tell } from './telling.ts'

export interface TrayActionOptions {
  readonly engine: EngineCalls
  readonly window: MainWindow
  readonly add: (paths: readonly string[], source: Source) => Promise<AddReport>
  readonly language: () => Language
  readonly goAnyway: () => void
}

/** What the tray's menu does; what fails is said in a box, for there may be no window to say it. */
export function trayActions(options: TrayActionOptions): (action: TrayAction) => void {
  return (action) => {
    perform(action, options).catch((thrown: unknown) => {
      // By quitting: the person knows.
      if (toFailure(thrown).code !== 'interrupted') tell(thrown, options.language())
    })
  }
}

async function perform(
  action: TrayAction,
  { engine, window, add, goAnyway }: TrayActionOptions,
): Promise<void> {
  switch (action.type) {
    case 'open':
      window.show(action.page)
      return
    case 'upload': {
      // Not over the window, which may be behind others or not there.
      const paths = await choosePaths(undefined, action.what)
      if (paths.length > 0) emit(window.contents, 'transfers.added', await add(paths, 'manual'))
      return
    }
    case 'pause':
      // What holds up the queue holds up folder pairs too.
      await engine.call('pause', {
        which: 'all',
        until: action.forMs === undefined ? undefined : Date.now() + action.forMs,
      })
      return
    case 'resume':
      await (action.what === 'queue'
        ? engine.call('resume', { which: 'all' })
        : engine.call('resumePairs', { which: 'all' }))
      return
    case 'go-anyway':
      goAnyway()
      return
    case 'quit':
      app.quit()
      return
    default:
      unreachable(action)
  }
}
