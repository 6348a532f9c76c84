import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { APP_RETRY } from '#app/retry'
import { createCloud } from '#main/cloud/client'
import { Limiter } from '#main/cloud/limiter'
import type { AddOptions } from '#main/transfers/queue-store'
import type { Engine } from '#main/engine/engine'
import { findEngine, serveTransfers, socketPathOf, type TransfersServer } from '#main/engine/socket'
import { TransferQueue } from '#main/transfers/queue'
import { destination, directly, transfer, uploading } from '#test/builders'
import { crashesDuring } from '#test/crashes'
import { deferred } from '#test/deferred'
import { MemoryStore } from '#test/memory-store'
import { failureOf } from '#test/failures'
import { tempFolder } from '#test/temp-folder'

/** An engine that uploads nothing. */
function idleEngine(): Engine & { readonly asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = []
  const queue = new TransferQueue({
    run: (job) =>
      new Promise((resolve) => {
        job.signal.addEventListener('abort', () => {
          resolve()
        })
      }),
    retry: APP_RETRY,
    store: new MemoryStore(),
    setAside: undefined,
    owner: () => undefined,
    checkAccount: () => Promise.resolve(),
    lanes: { small: 1, big: 1 },
    laneOf: () => 'small',
    now: Date.now,
    onChange: () => undefined,
    onStatus: () => undefined,
  })
  onTestFinished(() => {
    queue.stop()
  })
  return {
    asked,
    queue,
    cloud: createCloud({
      apiUrl: 'http://127.0.0.1:9',
      limiter: new Limiter({ off: true }),
      routes: directly,
      stallMs: 1000,
    }),
    add: (paths) => {
      asked.push(paths)
      const ids = paths.map((path) =>
        queue.add({ path, size: 1, to: destination('/x'), onDuplicate: 'fail', source: 'cli' }),
      )
      return Promise.resolve({ added: ids.length, skipped: [], ids })
    },
    folders: () => Promise.reject(new Error('not asked')),
    preview: () => Promise.reject(new Error('not asked')),
    problems: { list: () => [], dismiss: () => undefined },
    retryProblems: () => Promise.reject(new Error('not asked')),
    takeUp: () => Promise.resolve(),
    goOn: () => Promise.resolve({ added: 0, skipped: [], ids: [] }),
    forgetAccount: () => undefined,
    setUpLimit: () => undefined,
    setHold: () => undefined,
    setSyncRules: () => undefined,
    sync: undefined as never, // Nobody asks for it.
    reconnect: () => undefined,
    stop: () => Promise.resolve(),
  }
}

const OPTIONS: AddOptions = { rootID: 0, folders: [], onDuplicate: 'fail', exclude: [], source: 'cli' }

async function serve(path: string, engine = idleEngine()): Promise<TransfersServer> {
  const server = await serveTransfers(path, 'app', () => Promise.resolve(engine))
  onTestFinished(() => server.close())
  return server
}

async function find(path: string) {
  const found = await findEngine(path)
  if (!found) throw new Error('No engine was found')
  onTestFinished(() => {
    found.close()
  })
  return found
}

/** The sockets of a process that was killed. */
async function leaveStale(...paths: readonly string[]): Promise<void> {
  const script = `for (const path of process.argv.slice(1)) require('node:net').createServer().listen(path, () => process.stdout.write('.'))`
  const dead = spawn(process.execPath, ['-e', script, ...paths], { stdio: ['ignore', 'pipe', 'inherit'] })
  let listening = 0
  for await (const chunk of dead.stdout as AsyncIterable<Buffer>) {
    listening += chunk.length
    if (listening === paths.length) dead.kill('SIGKILL')
  }
  if (dead.exitCode === null && dead.signalCode === null) await once(dead, 'exit')
  for (const path of paths) if (!existsSync(path)) throw new Error('The socket did not stay')
}

describe('one who finds the running engine', () => {
  test('learns who it is, hands it paths, and sees what becomes of them', async () => {
    const path = socketPathOf(tempFolder())
    const engine = idleEngine()
    const server = await serve(path, engine)
    const found = await find(path)
    expect(found.holder).toMatchObject({ kind: 'app', pid: process.pid })
    const { ids } = await found.peer.call('add', { paths: ['/照片/a\nb.raw'], options: OPTIONS })
    expect(engine.asked).toEqual([['/照片/a\nb.raw']])
    expect(await found.peer.call('list', null)).toMatchObject([{ id: ids[0], path: '/照片/a\nb.raw' }])
    const told = deferred<unknown>()
    found.peer.on('changes', told.resolve)
    const change = { changed: [transfer(uploading(5))], removed: [] }
    server.tell(change)
    expect(await told.promise).toEqual(change)
    await found.peer.call('cancel', { ids })
    expect(engine.queue.list()[0]?.state.status).toBe('cancelled')
  })

  test.each(['\u2028', '\u2029', '\u0085', '\r', '"'])(
    'can hand it a name with %j in it',
    async (character) => {
      const path = socketPathOf(tempFolder())
      const engine = idleEngine()
      await serve(path, engine)
      const found = await find(path)
      await found.peer.call('add', { paths: [`/a${character}b.raw`], options: OPTIONS })
      expect(engine.asked).toEqual([[`/a${character}b.raw`]])
    },
  )

  test('hears when it has gone, and no call hangs', async () => {
    const path = socketPathOf(tempFolder())
    const begun = deferred()
    const engine = {
      ...idleEngine(),
      add: () => {
        begun.resolve()
        return new Promise<never>(() => undefined)
      },
    }
    const server = await serveTransfers(path, 'app', () => Promise.resolve(engine))
    const found = await find(path)
    const call = failureOf(found.peer.call('add', { paths: [], options: OPTIONS }))
    await begun.promise
    await server.close()
    await found.gone
    expect((await call).code).toBe('interrupted')
  })

  test('does not crash when it goes with a question unread: that connection is reset', async () => {
    const path = socketPathOf(tempFolder())
    const server = await serveTransfers(path, 'app', () => Promise.resolve(idleEngine()))
    const found = await find(path)
    const crashes = await crashesDuring(async () => {
      const call = failureOf(found.peer.call('list', null))
      await server.close()
      await found.gone
      expect((await call).code).toBe('interrupted')
    })
    expect(crashes).toEqual([])
  })

  test('may leave or talk nonsense without harm to the others', async () => {
    const path = socketPathOf(tempFolder())
    const server = await serve(path)
    const [leaves, stays] = [await find(path), await find(path)]
    leaves.close()
    const talks = createConnection(path)
    talks.on('data', () => undefined)
    talks.on('error', () => undefined) // It may be cut rather than closed.
    talks.write('what is this\n')
    await once(talks, 'close')
    server.tell({ changed: [], removed: [] })
    expect(await stays.peer.call('list', null)).toEqual([])
  })
})

test('nobody is found where nobody is: no socket, a plain file, a dead one', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'file'), '')
  const stale = join(folder, 'stale.sock')
  await leaveStale(stale)
  for (const path of [join(folder, 'nothing'), join(folder, 'file'), stale])
    expect(await findEngine(path)).toBeUndefined()
})

describe('the data folder', () => {
  test('that is held is refused, and the failure names who holds it', async () => {
    const path = socketPathOf(tempFolder())
    await serve(path)
    const failure = await failureOf(serveTransfers(path, 'cli', () => Promise.resolve(idleEngine())))
    expect(failure).toMatchObject({
      code: 'data-folder-held',
      detail: `123pan Sync (process ${process.pid})`,
    })
    expect((await find(path)).holder.kind).toBe('app')
  })

  test('is free again after its holder has closed', async () => {
    const path = socketPathOf(tempFolder())
    await (await serve(path)).close()
    expect(await findEngine(path)).toBeUndefined()
    await serve(path)
    expect((await find(path)).holder.kind).toBe('app')
  })

  test('of one that was killed can be taken', async () => {
    const path = socketPathOf(tempFolder())
    await leaveStale(path)
    await serve(path)
    expect((await find(path)).holder.pid).toBe(process.pid)
  })

  test.each(['', '.takeover'])(
    'where a folder has the name of the address, with %j behind it, is unusable, and one is told so',
    async (suffix) => {
      const path = socketPathOf(tempFolder())
      if (suffix) await leaveStale(path)
      mkdirSync(path + suffix)
      utimesSync(path + suffix, 0, 0)
      const failure = await failureOf(serveTransfers(path, 'cli', () => Promise.resolve(idleEngine())))
      expect(failure.code).toBe('data-folder-unusable')
      expect(failure.message).toContain(path)
    },
  )

  test.each([
    { name: 'where nobody was before', stale: false },
    { name: 'where one was killed', stale: true },
  ])('that two take at once $name: one has it and can be found, the other is told who', async ({ stale }) => {
    const paths = Array.from({ length: 20 }, () => socketPathOf(tempFolder()))
    if (stale) await leaveStale(...paths)
    for (const path of paths) {
      const starts = await Promise.allSettled(
        [1, 2].map(() => serveTransfers(path, 'cli', () => Promise.resolve(idleEngine()))),
      )
      const winners = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
      const losers = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason as unknown] : []))
      for (const winner of winners) onTestFinished(() => winner.close())
      expect(winners).toHaveLength(1)
      expect(losers).toMatchObject([{ failure: { code: 'data-folder-held' } }])
      expect((await find(path)).holder.pid).toBe(process.pid)
    }
  })
})

describe('the address', () => {
  test('lies in the data folder, so that only its owner reaches it', () => {
    expect(socketPathOf('/data/123pan')).toBe('/data/123pan/engine.sock')
  })

  test('of a folder with a long path is short enough to listen on, and its own', async () => {
    const [one, other] = ['a', 'b'].map((name) =>
      socketPathOf(join(tempFolder(), '很长的文件夹名字'.repeat(10), name)),
    )
    if (one === undefined || other === undefined) throw new Error('unreachable')
    expect(one).not.toBe(other)
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(103)
    await serve(one)
    expect(await findEngine(other)).toBeUndefined()
  })
})

test('something else that listens there and never says hello is not waited for after it has gone', async () => {
  const path = socketPathOf(tempFolder())
  const mute = createServer((socket) => socket.end())
  mute.listen(path)
  await once(mute, 'listening')
  onTestFinished(() => void mute.close())
  expect(await findEngine(path)).toBeUndefined()
})
