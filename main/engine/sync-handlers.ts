import type { Handlers } from '../workers/rpc.ts'
import type { Engine } from './engine.ts'
import type { SyncApi } from './protocol.ts'

/** What the main thread may ask about folder pairs, answered by the engine. */
export function syncHandlers(engine: () => Engine): Handlers<SyncApi> {
  let looking = new AbortController()
  const sync = () => engine().sync
  return {
    listPairs: () => sync().list(),
    previewPair: ({ wanted }) => {
      looking.abort()
      looking = new AbortController()
      return sync().preview(wanted, 'by-size', looking.signal)
    },
    addPair: ({ wanted }) => sync().add(wanted),
    changePair: ({ id, change }) => {
      sync().change(id, change)
    },
    removePair: ({ id }) => sync().remove(id),
    syncNow: ({ which, what }) => {
      sync().now(which, what)
    },
    pausePairs: ({ which, until }) => {
      sync().pause(which, until)
    },
    resumePairs: ({ which }) => {
      sync().resume(which)
    },
    answerPair: ({ id, answer }) => {
      sync().answer(id, answer)
    },
    pairEvents: ({ id }) => sync().events(id),
    pairProblems: ({ id }) => sync().problems(id),
    ignoredPaths: ({ id }) => sync().ignored(id),
    setSyncRules: ({ rules }) => {
      engine().setSyncRules(rules)
    },
  }
}
