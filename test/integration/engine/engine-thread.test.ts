import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DIRECT } from '#app/proxy'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { EngineThread } from '#main/desktop/engine-thread'
import type { EngineSetup } from '#main/engine/protocol'
import { socketPathOf } from '#main/engine/socket'
import { BUILT_ENGINE } from '#test/build-worker'
import { outcomeOf } from '#test/world'

/** The engine in its real thread, seen from where the app's main thread is. */
let folder: string
let emulator: Emulator
let engine: EngineThread
let threads: Worker[]
let deaths: string[]
let starts: number
let shown: Map<TransferId, Transfer>
let look: () => void

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-engine-'))
  emulator = await startEmulator({ quirks: { completion: { kind: 'completed-false', times: 0 } } })
  threads = []
  deaths = []
  starts = 0
  shown = new Map()
  look = () => undefined
  engine = newEngine()
})
afterEach(async () => {
  await engine.stop()
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

function newEngine(): EngineThread {
  const setup: EngineSetup = {
    apiUrl: emulator.url,
    rateLimit: 'off',
    dataDir: folder,
    socketPath: socketPathOf(folder),
    syncRules: [],
  }
  return new EngineThread({
    startThread: () => {
      const thread = new Worker(BUILT_ENGINE, { workerData: setup })
      threads.push(thread)
      return thread
    },
    tokens: { currentToken: () => emulator.token, renewToken: () => Promise.reject(new Error('not asked')) },
    proxies: { routeFor: () => DIRECT },
    onChange: ({ changed, removed }) => {
      for (const transfer of changed) shown.set(transfer.id, transfer)
      for (const id of removed) shown.delete(id)
      look()
    },
    onStarted: () => starts++,
    onStatus: () => undefined,
    onPairs: () => undefined,
    onProblems: () => undefined,
    onBack: () => undefined,
    onDeath: (reason) => deaths.push(reason),
  })
}

function until(condition: (transfers: readonly Transfer[]) => boolean): Promise<readonly Transfer[]> {
  return new Promise((resolve) => {
    look = () => {
      const transfers = [...shown.values()]
      if (condition(transfers)) resolve(transfers)
    }
    look()
  })
}

/** Ends the thread as its death would, while it is idle: in the middle of a call the native part of SQLite takes the process along. */
async function kill(no: number): Promise<void> {
  await engine.call('status', null)
  await threads[no]?.terminate()
}

function add(path: string): Promise<unknown> {
  const options = { rootID: 0, folders: ['夹'], onDuplicate: 'fail', exclude: [], source: 'manual' } as const
  return engine.call('add', { paths: [path], options })
}

test('one that dies is replaced, and what it had not finished goes up all the same', async () => {
  await engine.start()
  await writeFile(join(folder, 'done.txt'), 'done')
  await add(join(folder, 'done.txt'))
  await until((all) => all.some(({ state }) => state.status === 'done'))
  await writeFile(join(folder, 'big.bin'), Buffer.alloc(20 * 1024 ** 2, 7))
  // The short one: it has hung for long when the other is through.
  emulator.fault({ on: 'slice', sliceNo: 2, kind: 'hang' })
  await add(join(folder, 'big.bin'))
  await until((all) => all.some(({ state }) => state.status === 'uploading' && state.slicesDone === 1))
  await kill(0)
  const all = await until(
    (transfers) => transfers.length === 2 && transfers.every(({ state }) => isFinal(state)),
  )
  expect(all.map(outcomeOf).sort()).toEqual(['done single', 'done sliced'])
  expect(emulator.files().map(({ path }) => path)).toEqual(['/夹/done.txt', '/夹/big.bin'])
  expect(deaths).toHaveLength(1)
  expect(threads).toHaveLength(2)
  // Each is told what was set, and the first one's successor too.
  expect(starts).toBe(2)
})

test('one that keeps dying is given up, and each file says so', async () => {
  await engine.start()
  await writeFile(join(folder, 'big.bin'), Buffer.alloc(20 * 1024 ** 2, 7))
  emulator.fault({ on: 'slice', kind: 'hang', times: 100 })
  await add(join(folder, 'big.bin'))
  for (let death = 0; death < 4; death++) {
    await until((all) => all.some(({ state }) => state.status === 'uploading'))
    shown.clear()
    await kill(death)
  }
  const [failed] = await until((all) => all.some(({ state }) => isFinal(state)))
  expect(outcomeOf(failed)).toBe('failed internal')
  expect(threads).toHaveLength(4)
})

test('a call in flight fails when the thread dies: nothing hangs', async () => {
  await engine.start()
  emulator.fault({ on: 'user_info', kind: 'hang' })
  const asked = engine.call('account', { token: emulator.token })
  await kill(0)
  await expect(asked).rejects.toMatchObject({ failure: { code: 'interrupted' } })
})

test('what is asked before it has started is answered when it has, and so is what is asked of one in its place', async () => {
  const early = engine.call('status', null)
  const list = engine.call('list', null)
  await engine.start()
  await expect(early).resolves.toMatchObject({ running: 0 })
  await expect(list).resolves.toEqual([])
  await kill(0)
  await expect(engine.call('status', null)).resolves.toMatchObject({ running: 0 })
  expect(starts).toBe(2)
})

test('stopped while it starts, it ends without a word, and nobody waits for it any more', async () => {
  const asked = expect(engine.call('list', null)).rejects.toMatchObject({ failure: { code: 'interrupted' } })
  const started = engine.start()
  await engine.stop()
  await expect(started).resolves.toBeUndefined()
  await asked
  expect([starts, deaths]).toEqual([0, []])
})

test('a data folder that is held is said, with its holder, and can be had when it is free', async () => {
  await engine.start()
  const second = newEngine()
  await expect(second.start()).rejects.toMatchObject({ failure: { code: 'data-folder-held' } })
  await engine.stop()
  engine = second
  await expect(second.start()).resolves.toBeUndefined()
})
