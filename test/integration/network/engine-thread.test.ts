import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import { EngineThread } from '#main/desktop/engine-thread'
import type { EngineSetup } from '#main/engine/protocol'
import { socketPathOf } from '#main/engine/socket'
import { BUILT_ENGINE } from '#test/build-worker'
import { deferred } from '#test/deferred'
import { behind, startSocks5Proxy } from '#test/proxies'

test('the engine’s thread asks by which way to go, and says when the platform is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pan123-engine-'))
  const emulator = await startEmulator()
  const user = { username: 'li', password: 'geheim' }
  let proxy = await startSocks5Proxy({ credentials: user })
  const origins: string[] = []
  const back = deferred()
  const setup: EngineSetup = {
    apiUrl: behind(emulator.url),
    rateLimit: 'off',
    dataDir: folder,
    socketPath: socketPathOf(folder),
    syncRules: [],
  }
  const engine = new EngineThread({
    startThread: () => new Worker(BUILT_ENGINE, { workerData: setup }),
    tokens: { currentToken: () => emulator.token, renewToken: () => Promise.reject(new Error('not asked')) },
    proxies: {
      routeFor: ({ origin }) => {
        origins.push(origin)
        return proxy.route
      },
    },
    onStarted: () => undefined,
    onChange: () => undefined,
    onStatus: () => undefined,
    onPairs: () => undefined,
    onProblems: () => undefined,
    onBack: back.resolve,
    onDeath: () => undefined,
  })
  onTestFinished(async () => {
    await engine.stop()
    await proxy.close()
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  })
  const account = () => engine.call('account', { token: emulator.token })

  await engine.start()
  await expect(account()).resolves.toMatchObject({ nickname: expect.any(String) as string })
  await account()
  expect(origins).toEqual([setup.apiUrl])

  await proxy.close()
  await engine.call('reconnect', null)
  await expect(account()).rejects.toMatchObject({ failure: { code: 'proxy-failed' } })
  proxy = await startSocks5Proxy({ credentials: user, port: proxy.server.port })
  await back.promise
  await expect(account()).resolves.toBeDefined()
  expect(new Set(origins)).toEqual(new Set([setup.apiUrl]))
})
