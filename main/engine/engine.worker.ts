import { parentPort, Worker, workerData } from 'node:worker_threads'
import { splitRemote } from '#app/naming'
import { APP_RETRY } from '#app/retry'
import { Peer } from '../workers/rpc.ts'
import { createEngine } from './engine.ts'
import type { EngineApi, EngineEvents, EngineSetup, TokenApi } from './protocol.ts'
import { serveTransfers, type TransfersServer } from './socket.ts'

if (!parentPort) throw new Error('engine.worker runs only as a worker thread')

// Set by the one who starts this thread (desktop/engine-thread.ts).
const setup = workerData as EngineSetup
const forever = new AbortController().signal
let server: TransfersServer | undefined

const engine = createEngine({
  apiUrl: setup.apiUrl,
  rateLimit: setup.rateLimit,
  retry: APP_RETRY,
  tokens: {
    current: () => main.call('currentToken', null),
    renew: (refused, failure) => main.call('renewToken', { refused, failure }),
  },
  startTransferThread: () => new Worker(new URL('./transfer.worker.js', import.meta.url)),
  onChange: (change) => {
    main.emit('changes', change)
    server?.tell(change)
  },
  onStatus: (status) => {
    main.emit('status', status)
  },
})

const main = new Peer<TokenApi, EngineApi, object, EngineEvents>(parentPort, {
  open: async () => {
    server = await serveTransfers(setup.socketPath, 'app', engine)
  },
  requeue: ({ transfers, onDuplicate }) => {
    for (const { path, size, remotePath, source } of transfers) {
      const names = splitRemote(remotePath)
      engine.queue.add({
        path,
        size,
        to: { rootID: 0, folders: names.slice(0, -1), name: names.at(-1) ?? '' },
        onDuplicate,
        source,
      })
    }
  },
  add: ({ paths, options }) => engine.add(paths, options),
  list: () => engine.queue.list(),
  cancel: ({ ids }) => engine.queue.cancel(ids),
  retry: ({ ids, onDuplicate }) => engine.queue.retry(ids, onDuplicate),
  clear: ({ ids }) => engine.queue.clear(ids),
  status: () => engine.queue.status(),
  unblock: () => engine.queue.unblock(),
  issueToken: ({ clientID, clientSecret }) => engine.cloud.issueToken(clientID, clientSecret, forever),
  account: ({ token }) => engine.cloud.account(token, forever),
  stop: async () => {
    await server?.close()
    await engine.stop()
  },
})
