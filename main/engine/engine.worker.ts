import { parentPort, Worker, workerData } from 'node:worker_threads'
import { APP_RETRY } from '#app/retry'
import { isFinal } from '#app/transfer'
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
    const wanted = change.changed.flatMap(({ id, state }) => {
      const asked = isFinal(state) ? undefined : engine.queue.wanted(id)
      return asked ? [[id, asked] as const] : []
    })
    main.emit('wanted', wanted)
    main.emit('changes', change)
    server?.tell(change)
  },
  onStatus: (status) => {
    main.emit('status', status)
    server?.tellStatus(status)
  },
})

const main = new Peer<TokenApi, EngineApi, object, EngineEvents>(parentPort, {
  open: async () => {
    server = await serveTransfers(setup.socketPath, 'app', engine)
  },
  requeue: ({ wanted }) => {
    for (const transfer of wanted) engine.queue.add(transfer)
  },
  add: ({ paths, options }) => engine.add(paths, options),
  list: () => engine.queue.list(),
  cancel: ({ ids }) => engine.queue.cancel(ids),
  retry: ({ ids, onDuplicate }) => engine.queue.retry(ids, onDuplicate),
  clear: ({ ids }) => engine.queue.clear(ids),
  status: () => engine.queue.status(),
  forgetAccount: () => engine.forgetAccount(),
  setUpLimit: ({ limit }) => engine.setUpLimit(limit),
  unblock: () => engine.queue.unblock(),
  issueToken: ({ clientID, clientSecret }) => engine.cloud.issueToken(clientID, clientSecret, forever),
  account: ({ token }) => engine.cloud.account(token, forever),
  stop: async () => {
    await server?.close()
    await engine.stop()
  },
})
