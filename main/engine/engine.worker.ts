import { parentPort, Worker, workerData } from 'node:worker_threads'
import { DriveError, toFailure } from '#app/errors'
import { redact } from '#app/redact'
import { APP_RETRY } from '#app/retry'
import { openStore, type OpenedStore } from '../store/open-store.ts'
import { Peer } from '../workers/rpc.ts'
import { createEngine, type Engine } from './engine.ts'
import { exportHistory } from './history-export.ts'
import type { EngineApi, EngineEvents, EngineSetup, ProxyApi, TokenApi } from './protocol.ts'
import { serveTransfers, type TransfersServer } from './socket.ts'
import { summaryOf } from './summary.ts'
import { syncHandlers } from './sync-handlers.ts'
import { transfersHandlers } from './transfers-handlers.ts'

if (!parentPort) throw new Error('engine.worker runs only as a worker thread')

// Set by the one who starts this thread (desktop/engine-thread.ts).
const setup = workerData as EngineSetup
const forever = new AbortController().signal

interface Open {
  readonly server: TransfersServer
  readonly stored: OpenedStore
  readonly engine: Engine
}
let opened: Open | undefined
let opening: Promise<void> | undefined

const main = new Peer<TokenApi & ProxyApi, EngineApi, object, EngineEvents>(parentPort, {
  ...transfersHandlers(() => Promise.resolve(engine())),
  ...syncHandlers(engine),
  open: () => (opening = open()),
  forgetAccount: () => engine().forgetAccount(),
  setUpLimit: ({ limit }) => engine().setUpLimit(limit),
  setHold: ({ reason }) => engine().setHold(reason),
  tellAll: () => engine().queue.tellAll(),
  details: ({ id }) => engine().queue.details(id) ?? history().details(id),
  preview: ({ paths, options }) => engine().preview(paths, options),
  problems: () => engine().problems.list(),
  retryProblems: ({ paths }) => engine().retryProblems(paths),
  dismissProblems: ({ paths }) => engine().problems.dismiss(paths),
  cloudFolders: ({ path }) => engine().folders(path),
  findHistory: ({ query }) => history().page(query),
  exportHistory: (order) => exportHistory(history(), order),
  reconnect: () => engine().reconnect(),
  unblock: () => engine().queue.unblock(),
  issueToken: ({ clientID, clientSecret }) => engine().cloud.issueToken(clientID, clientSecret, forever),
  account: ({ token }) => engine().cloud.account(token, forever),
  summary: () => summaryOf(engine()),
  async stop() {
    // The native part of SQLite aborts the whole process when its thread is ended in the middle of a call.
    await opening?.catch(() => undefined)
    const last = opened
    opened = undefined
    await last?.server.close()
    await last?.engine.stop()
    last?.stored.store.close()
  },
})

function now(): Open {
  if (!opened) throw new DriveError('interrupted', 'The engine is not open')
  return opened
}

function engine(): Engine {
  return now().engine
}

function history(): OpenedStore['history'] {
  return now().stored.history
}

/** In this order: nobody else touches the store while we have it. */
async function open(): Promise<void> {
  let serve: ((engine: Engine) => void) | undefined
  const ready = new Promise<Engine>((resolve) => {
    serve = resolve
  })
  const server = await serveTransfers(setup.socketPath, 'app', () => ready)
  try {
    const stored = openStore(setup.dataDir)
    opened = { server, stored, engine: start(stored, server) }
    opened.engine.setHold(setup.hold)
    // A long walk is not waited for.
    opened.engine.takeUp('go-on').catch((thrown: unknown) => {
      console.error(`What was being added can't be read: ${redact(toFailure(thrown).message)}`)
    })
    opened.engine.setSyncRules(setup.syncRules)
    opened.engine.sync.start()
    serve?.(opened.engine)
  } catch (thrown) {
    await server.close()
    throw thrown
  }
}

function start({ store, problems, pairs, setAside }: OpenedStore, server: TransfersServer): Engine {
  return createEngine({
    apiUrl: setup.apiUrl,
    rateLimit: setup.rateLimit,
    retry: APP_RETRY,
    store,
    problems,
    pairs,
    setAside,
    tokens: {
      current: () => main.call('currentToken', null),
      renew: (refused, failure) => main.call('renewToken', { refused, failure }),
    },
    proxies: { routeFor: (origin) => main.call('routeFor', { origin }) },
    startScanThread: () => new Worker(new URL('./scan.worker.js', import.meta.url)),
    startTransferThread: () => new Worker(new URL('./transfer.worker.js', import.meta.url)),
    onChange: (change) => {
      main.emit('changes', change)
      server.tell(change)
    },
    onStatus: (status) => {
      main.emit('status', status)
      server.tellStatus(status)
    },
    onProblems: (all) => {
      main.emit('problems', all)
    },
    onPairs: (pairs) => {
      main.emit('pairs', pairs)
    },
    onBack: () => {
      main.emit('back', null)
    },
    onThreadDeath: (reason) => {
      main.emit('threadDied', reason)
    },
  })
}
