import { splitRemote } from '#app/naming'
import type { EngineCalls } from './engine-thread.ts'
import type { Handover } from './handover.ts'
import type { CommandHandlers } from './ipc.ts'

type Prefix = 'launch' | 'cloud'

type LaunchHandlers = {
  readonly [C in keyof CommandHandlers as C extends `${Prefix}.${string}` ? C : never]: CommandHandlers[C]
}

/** What a page asks when it is to choose where an upload goes. */
export function launchCommands(engine: EngineCalls, handover: Handover): LaunchHandlers {
  return {
    'launch.get': () => handover.pending(),
    'launch.answer': (id, target) => handover.answer(id, target),
    'cloud.folders': (path) => engine.call('cloudFolders', { path: splitRemote(path) }),
  }
}
