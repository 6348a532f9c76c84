import type { BrowserWindow } from 'electron'
import type { AddReport } from '#app/ipc'
import type { Source } from '#app/transfer'
import type { Language } from '#app/words/explain'
import { historyWords } from '#app/words/history'
import type { AddOptions } from '../transfers/queue-store.ts'
import type { EngineCalls } from './engine-thread.ts'
import { chooseTarget, showInFolder } from './files.ts'
import type { CommandHandlers } from './ipc.ts'

type Prefix = 'transfers' | 'queue' | 'problems' | 'history'

type TransferHandlers = {
  readonly [
    C in keyof CommandHandlers as C extends `${Prefix}.${string}` ? Exclude<C, 'queue.goAnyway'> : never
  ]: CommandHandlers[C]
}

export interface TransferCommandOptions {
  readonly add: (paths: readonly string[], source: Source) => Promise<AddReport>
  readonly addOptions: (source: Source) => AddOptions
  readonly window: () => BrowserWindow | undefined
  readonly language: () => Language
}

/** What a page asks about transfers, the queue and their history, passed on to the engine. */
export function transferCommands(
  engine: EngineCalls,
  { add, addOptions, window, language }: TransferCommandOptions,
): TransferHandlers {
  return {
    'transfers.follow': () => engine.call('tellAll', null),
    'transfers.add': (paths) => add(paths, 'manual'),
    'transfers.retry': (ids, onDuplicate) => engine.call('retry', { ids, onDuplicate }),
    'transfers.cancel': (ids) => engine.call('cancel', { ids }),
    'transfers.pause': (which, forMs) =>
      engine.call('pause', { which, until: forMs === undefined ? undefined : Date.now() + forMs }),
    'transfers.resume': (which) => engine.call('resume', { which }),
    'transfers.reorder': (ids, to) => engine.call('reorder', { ids, to }),
    'transfers.clear': (ids) => engine.call('clear', { ids }),
    'transfers.showInFolder': async (id) => {
      const found = await engine.call('details', { id })
      if (found) await showInFolder(found.transfer.path)
    },
    'transfers.details': (id) => engine.call('details', { id }),
    'transfers.preview': (paths) => engine.call('preview', { paths, options: addOptions('manual') }),
    'queue.get': () => engine.call('status', null),
    'queue.reconnect': () => engine.call('reconnect', null),
    'problems.get': () => engine.call('problems', null),
    'problems.retry': (paths) => engine.call('retryProblems', { paths }),
    'problems.showInFolder': async (path) => {
      // Nothing else is shown on the page's word.
      const known = await engine.call('problems', null)
      if (known.some((problem) => problem.path === path)) await showInFolder(path)
    },
    'problems.dismiss': (paths) => engine.call('dismissProblems', { paths }),
    'history.find': (query) => engine.call('findHistory', { query }),
    'history.export': async (filter) => {
      const path = await chooseTarget(window(), historyWords[language()].file, {
        name: 'CSV',
        extensions: ['csv'],
      })
      return path === undefined
        ? undefined
        : engine.call('exportHistory', { filter, path, language: language() })
    },
  }
}
