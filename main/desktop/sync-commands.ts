import { join, sep } from 'node:path'
import { shell } from 'electron'
import { DriveError } from '#app/errors'
import type { EngineCalls } from './engine-thread.ts'
import { showInFolder } from './files.ts'
import type { CommandHandlers } from './ipc.ts'

type SyncHandlers = {
  readonly [C in keyof CommandHandlers as C extends `sync.${string}` ? C : never]: CommandHandlers[C]
}

/** What a page asks about folder pairs, passed on to the engine. */
export function syncCommands(engine: EngineCalls): SyncHandlers {
  return {
    'sync.list': () => engine.call('listPairs', null),
    'sync.preview': (wanted) => engine.call('previewPair', { wanted }),
    'sync.add': (wanted) => engine.call('addPair', { wanted }),
    'sync.change': (id, change) => engine.call('changePair', { id, change }),
    'sync.remove': (id) => engine.call('removePair', { id }),
    'sync.now': (which, what) => engine.call('syncNow', { which, what }),
    'sync.pause': (which, forMs) =>
      engine.call('pausePairs', { which, until: forMs === undefined ? undefined : Date.now() + forMs }),
    'sync.resume': (which) => engine.call('resumePairs', { which }),
    'sync.answer': (id, answer) => engine.call('answerPair', { id, answer }),
    'sync.events': (id) => engine.call('pairEvents', { id }),
    'sync.problems': (id) => engine.call('pairProblems', { id }),
    'sync.ignored': (id) => engine.call('ignoredPaths', { id }),
    'sync.showInFolder': async (id, path) => {
      const pairs = await engine.call('listPairs', null)
      const root = pairs.find(({ pair }) => pair.id === id)?.pair.localPath
      if (root === undefined) throw new DriveError('invalid-argument', 'There is no such pair')
      if (path === undefined) {
        const problem = await shell.openPath(root)
        if (problem) throw new DriveError('file-missing', `Can’t be opened: ${root}`)
        return
      }
      const full = join(root, path)
      // Nothing outside of the pair's folder is shown on the page's word.
      if (!full.startsWith(root.endsWith(sep) ? root : root + sep))
        throw new DriveError('invalid-argument', 'Not in the pair’s folder')
      await showInFolder(full)
    },
  }
}
