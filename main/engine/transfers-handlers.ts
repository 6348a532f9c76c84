import type { Handlers } from '../workers/rpc.ts'
import type { Engine } from './engine.ts'
import type { TransfersApi } from './protocol.ts'

/** Answers questions about transfers, once there is an engine. */
export function transfersHandlers(engine: () => Promise<Engine>): Handlers<TransfersApi> {
  return {
    add: async ({ paths, options }) => (await engine()).add(paths, options),
    goOn: async ({ which }) => (await engine()).goOn(which),
    list: async () => (await engine()).queue.list(),
    status: async () => (await engine()).queue.status(),
    pause: async ({ which, until }) => (await engine()).queue.pause(which, until),
    resume: async ({ which }) => (await engine()).queue.resume(which),
    reorder: async ({ ids, to }) => (await engine()).queue.reorder(ids, to),
    cancel: async ({ ids }) => (await engine()).queue.cancel(ids),
    retry: async ({ ids, onDuplicate }) => (await engine()).queue.retry(ids, onDuplicate),
    clear: async ({ ids }) => (await engine()).queue.clear(ids),
  }
}
