import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Bridge, CommandName } from '#app/ipc'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { launch, type LaunchOptions, type RunningApp } from '#test/app'
import { runCli } from '#test/cli'
import { filesContaining } from '#test/leaks'
import { behind, startHttpProxy, startSocks5Proxy, type TestProxy } from '#test/proxies'

/** The real app and the real command line, where only a proxy leads to the platform. */
const USER = { username: '李明', password: 'geheim-123pan' }
let emulator: Emulator
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-network-'))
  emulator = await startEmulator({ store: join(folder, 'platform') })
})
afterEach(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** Somebody who is signed in to the platform as only the proxy knows it. */
const env = (): Record<string, string> => {
  emulator.quirks.servers = emulator.uploadUrls.map(behind)
  return {
    PAN123_API_URL: behind(emulator.url),
    PAN123_DATA_DIR: join(folder, 'data'),
    PAN123_TOKEN: emulator.token,
  }
}

async function started(proxy: Promise<TestProxy>): Promise<TestProxy> {
  const running = await proxy
  onTestFinished(() => running.close())
  return running
}

async function open(options: Partial<LaunchOptions> & Pick<LaunchOptions, 'env'>): Promise<RunningApp> {
  const app = await launch(options)
  onTestFinished(() => app.close())
  return app
}

/** What the window would ask; the answer as it comes. */
function ask(app: RunningApp, command: CommandName, ...args: readonly unknown[]): Promise<unknown> {
  return app.page.evaluate(
    ([name, given]) =>
      // The page's own bridge; this function runs there.
      (
        globalThis as unknown as { drive: { call: (...all: unknown[]) => ReturnType<Bridge['call']> } }
      ).drive.call(name, ...given),
    [command, args] as const,
  )
}

const WAIT = { timeout: 30_000 }

const arrivedSlices = (): number =>
  emulator.requests().filter(({ endpoint, code }) => endpoint === 'slice' && code === 0).length

const done = (app: RunningApp, name: string) =>
  app.page.locator(`[data-testid="transfer-row"][data-path$="${name}"][data-status="done"]`).waitFor(WAIT)

async function write(name: string, bytes: number): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, randomBytes(bytes))
  return path
}

describe('the command line', () => {
  test.each([
    { variable: 'HTTP_PROXY', start: startHttpProxy, scheme: 'http' },
    { variable: 'all_proxy', start: startSocks5Proxy, scheme: 'socks5' },
  ])(
    'goes where $variable says, and nothing of the password is said',
    async ({ variable, start, scheme }) => {
      const proxy = await started(start({ credentials: USER }))
      const at = (password: string) =>
        `${scheme}://${encodeURIComponent(USER.username)}:${password}@127.0.0.1:${proxy.server.port}`
      const path = await write('a.txt', 1000)
      const run = await runCli(['upload', path], { env: { ...env(), [variable]: at(USER.password) } })
      expect(`${run.code} ${run.stderr}`).toBe('0 ')
      expect(emulator.files().map((file) => file.path)).toEqual(['/a.txt'])
      expect(proxy.asked.length).toBeGreaterThanOrEqual(2)

      const wrong = await runCli(['whoami'], { env: { ...env(), [variable]: at('falsch') } })
      expect(wrong.code).not.toBe(0)
      expect(wrong.stderr).toContain(`127.0.0.1:${proxy.server.port}`)
      expect(wrong.stdout + wrong.stderr).not.toMatch(/falsch|geheim/u)
    },
  )
})

describe('the app', () => {
  test('goes where the system says', async () => {
    const proxy = await started(startHttpProxy())
    const app = await open({
      env: env(),
      // What Chromium is told here it answers as the system's.
      args: [`--proxy-server=127.0.0.1:${proxy.server.port}`, '--proxy-bypass-list=<-loopback>'],
    })
    await app.by('account-name').waitFor()
    await app.drop([await write('big.bin', 20 * 1024 ** 2), await write('small.txt', 10)])
    await done(app, 'big.bin')
    await done(app, 'small.txt')
    expect(new Set(proxy.asked)).toEqual(
      new Set([emulator.url, ...emulator.uploadUrls].map((url) => behind(url).slice('http://'.length))),
    )
    expect(app.log()).not.toContain('Experimental')
  })

  test('goes through a proxy that was set, and keeps its password in the keychain and nowhere else', async () => {
    const proxy = await started(startSocks5Proxy({ credentials: USER }))
    const { host, port, protocol } = proxy.server
    const app = await open({ env: env() })
    await app.drop([await write('a.txt', 10)])
    await app.by('banner').waitFor()
    const setting = { kind: 'manual', protocol, host, port, username: USER.username }
    expect(await ask(app, 'settings.change', { proxy: setting })).toMatchObject({
      ok: true,
      value: { proxy: setting },
    })
    expect(await ask(app, 'settings.hasProxyPassword')).toEqual({ ok: true, value: false })
    await app.page.locator('[data-testid="banner"][data-reason="proxy"]').waitFor()
    expect(await ask(app, 'settings.setProxyPassword', USER.password)).toEqual({ ok: true })
    expect(await ask(app, 'settings.hasProxyPassword')).toEqual({ ok: true, value: true })
    await done(app, 'a.txt')
    await app.by('account-name').waitFor()
    expect(await filesContaining(join(folder, 'data'), USER.password)).toEqual([])
    expect(app.log()).not.toContain(USER.password)
    const other = await started(startHttpProxy())
    const before = proxy.asked.length
    await ask(app, 'settings.change', { proxy: { kind: 'manual', ...other.server } })
    await app.drop([await write('b.txt', 10)])
    await done(app, 'b.txt')
    expect(other.asked.length).toBeGreaterThan(0)
    expect(proxy.asked).toHaveLength(before)
    await ask(app, 'settings.setProxyPassword', '')
  })

  test('sends anew what hangs when the machine wakes', async () => {
    const app = await open({ env: { ...env(), PAN123_API_URL: emulator.url } })
    emulator.quirks.servers = 'own'
    emulator.fault({ on: 'slice', sliceNo: 2, kind: 'hang' })
    await app.drop([await write('big.bin', 40 * 1024 ** 2)])
    await expect.poll(() => emulator.waitingFaults(), WAIT).toBe(0)
    await expect.poll(arrivedSlices, WAIT).toBe(2)
    await app.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
    await done(app, 'big.bin')
    // None of those that had arrived was sent again.
    expect(arrivedSlices()).toBe(3)
  })
})
