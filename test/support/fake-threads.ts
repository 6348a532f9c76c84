import type { Worker } from 'node:worker_threads'
import type { TransferJobs } from '#main/workers/jobs'
import { Pool } from '#main/workers/pool'
import { Peer, type Handlers, type NoApi, type Port } from '#main/workers/rpc'

/** Two ports that hand each other copies of messages, a microtask later. */
function portPair(): readonly [Port, Port] {
  const listeners: ((message: unknown) => void)[][] = [[], []]
  const port = (mine: number, theirs: number): Port => ({
    postMessage: (message) => {
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => listeners[theirs]?.forEach((listener) => listener(copy)))
    },
    on: (_event, listener) => listeners[mine]?.push(listener),
  })
  return [port(0, 1), port(1, 0)]
}

/** A pool whose threads are functions of the test. */
export function fakePool(handlers: Handlers<TransferJobs>): Pool<TransferJobs> {
  const start = (): Worker => {
    const [here, there] = portPair()
    new Peer<NoApi, TransferJobs>(there, handlers)
    const worker = {
      postMessage: here.postMessage.bind(here),
      on: (event: string, listener: (message: unknown) => void) => {
        if (event === 'message') here.on('message', listener)
      },
      terminate: () => Promise.resolve(0),
    }
    return worker as unknown as Worker // All of a worker that a pool uses.
  }
  return new Pool<TransferJobs>(start, 4)
}
