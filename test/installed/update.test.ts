import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Settings } from '#app/settings'
import type { UpdateState } from '#app/update'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { copyPacked, launchPacked, type PackedApp, type PackedCopy } from '#test/packed-app'
import { feedText, newKeyPair, startUpdateFeed, text, type UpdateFeed } from '#test/update-feed'

/** The packed program and the real electron-updater, against a feed on loopback; a shell script stands for each AppImage. */
const MB = 1024 ** 2
const OLD = '#!/bin/sh\nexit 0\n'
const NAME = '123pan Sync-2.0.0.AppImage'

let feed: UpdateFeed
let packed: PackedCopy
let emulator: Emulator
let folder: string
let appImage: string
let running: PackedApp | undefined

beforeAll(async () => {
  feed = await startUpdateFeed()
  packed = await copyPacked({
    version: '1.0.0',
    updates: { feed: feed.url, publicKey: feed.publicKey, page: 'https://example.invalid/download' },
  })
})
afterAll(async () => {
  await packed.remove()
  await feed.close()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123 更新 '))
  appImage = join(folder, '123pan Sync.AppImage')
  await writeFile(appImage, OLD, { mode: 0o755 })
  emulator = await startEmulator()
  feed.mood = 'serve'
  feed.publish('2.0.0', { name: NAME, content: newVersion() })
})
afterEach(async () => {
  await running?.app.close().catch(() => undefined)
  running = undefined
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** Writes down that it was started, and with what. */
const newVersion = (): string => `#!/bin/sh\necho "started $# [$APPIMAGE]" >> '${join(folder, 'started')}'\n`

async function open(env: Readonly<Record<string, string>> = { APPIMAGE: appImage }): Promise<PackedApp> {
  running = await launchPacked(packed.program, {
    PAN123_API_URL: emulator.url,
    PAN123_DATA_DIR: join(folder, 'data'),
    PAN123_TOKEN: emulator.token,
    ...env,
  })
  return running
}

/** Shows the page on which updates stand. */
async function openAbout({ page }: PackedApp, settings: Partial<Settings> = {}): Promise<void> {
  await page.evaluate((change) => window.drive.call('settings.change', change), settings)
  await page.getByTestId('nav-settings').click()
  await page.getByTestId('settings-about').click()
}

const state = ({ page }: PackedApp, status: UpdateState['status']): Locator =>
  page.locator(`[data-testid="update-state"][data-status="${status}"]`)

const act = ({ page }: PackedApp): Promise<void> => page.getByTestId('update-action').click()

/** What the machine's waking up brings about: a check of its own. */
const wake = ({ app }: PackedApp): Promise<unknown> =>
  app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))

/** What is only held weakly does not outlive this. */
const collectGarbage = ({ app }: PackedApp): Promise<void> =>
  app.evaluate(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc')
    process.getBuiltinModule('node:vm').runInNewContext('gc()')
  })

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const started = (): Promise<string> => readFile(join(folder, 'started'), 'utf8').catch(() => '')

async function add({ page }: PackedApp, name: string, bytes: number): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, randomBytes(bytes))
  await page.evaluate((given) => window.drive.call('transfers.add', [given]), path)
}

/** The old file as it was, and nothing beside it. */
async function expectUntouched(): Promise<void> {
  expect(await readFile(appImage, 'utf8')).toBe(OLD)
  expect((await readdir(folder)).filter((name) => name.includes('.update'))).toEqual([])
  expect(await started()).toBe('')
}

describe('a good update', () => {
  test('replaces the AppImage with exactly its bytes, and starts it', async () => {
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'ready').waitFor()
    expect(await state(app, 'ready').textContent()).toContain('新版本 2.0.0 已下载')
    await act(app)
    await app.ended
    expect(await readFile(appImage, 'utf8')).toBe(newVersion())
    expect((await stat(appImage)).mode & 0o777).toBe(0o755)
    await expect.poll(started, { timeout: 10_000 }).toBe('started 0 []\n')
    // What the feed's server is told of us: nothing of the account.
    const sent = JSON.stringify(feed.requests)
    expect(sent).not.toContain(emulator.token)
    expect(feed.requests.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization')
  })

  test('that was fetched unasked is installed by quitting, and not started', async () => {
    const app = await open()
    await wake(app)
    await openAbout(app)
    await state(app, 'ready').waitFor()
    await app.app.close()
    await app.ended
    expect(await readFile(appImage, 'utf8')).toBe(newVersion())
    expect(await started()).toBe('')
  })

  test('is not fetched unasked where a person wants to be asked', async () => {
    const app = await open()
    await openAbout(app, { updates: 'ask' })
    await wake(app)
    await state(app, 'available').waitFor()
    await app.page.getByTestId('toast').getByText('有新版本 2.0.0').waitFor()
    expect(feed.requests.map(({ path }) => path)).not.toContain(NAME)
    await app.app.close()
    await expectUntouched()
  })

  test('of an unpacked folder is only told of', async () => {
    const app = await open({})
    await openAbout(app)
    await act(app)
    await state(app, 'available').waitFor()
    expect(await app.page.getByTestId('update-action').textContent()).toContain('前往下载')
  })
})

describe('while a file is going up, an update', () => {
  test('waits until it has arrived, whole and with each slice sent once', async () => {
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'ready').waitFor()
    await limit(app, 4 * MB)
    await add(app, '电影.mkv', 40 * MB)
    await uploading(app)
    await act(app)
    await state(app, 'waiting').waitFor()
    await expectUntouched()
    await limit(app, undefined)
    await app.ended
    expect(await readFile(appImage, 'utf8')).toBe(newVersion())
    expect(emulator.files().map(({ path, size }) => [path, size])).toEqual([['/电影.mkv', 40 * MB]])
    expect(slices()).toEqual([1, 2, 3])
  })

  test('is not installed by quitting; the next start goes on with both', async () => {
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'ready').waitFor()
    await limit(app, 2 * MB)
    await add(app, '电影.mkv', 40 * MB)
    await uploading(app)
    await app.app.close()
    await app.ended
    await expectUntouched()

    const again = await open()
    await limit(again, undefined)
    await expect.poll(() => emulator.files().length, { timeout: 60_000 }).toBe(1)
    await openAbout(again)
    const before = feed.requests.length
    await act(again)
    await state(again, 'ready').waitFor()
    // What was fetched is still there.
    expect(feed.requests.slice(before).map(({ path }) => path)).toEqual([
      'latest-linux.yml',
      'latest-linux.yml.sig',
    ])
  })
})

const limit = ({ page }: PackedApp, bytesPerSecond: number | undefined): Promise<unknown> =>
  page.evaluate(
    (given) => window.drive.call('settings.change', { upLimit: { bytesPerSecond: given, timetable: [] } }),
    bytesPerSecond,
  )

const slices = (): readonly number[] =>
  emulator
    .requests()
    .flatMap(({ endpoint, code, sliceNo }) =>
      endpoint === 'slice' && code === 0 && sliceNo !== undefined ? [sliceNo] : [],
    )
    .sort((one, other) => one - other)

/** The engine has said so itself. */
async function uploading({ page }: PackedApp): Promise<void> {
  await page.getByTestId('nav-transfers').click()
  await page.locator('[data-testid="transfer-row"][data-status="uploading"]').waitFor()
  await page.getByTestId('nav-settings').click()
}

describe('an update that is not what the publisher signed is refused, said to be so, and changes nothing:', () => {
  const other = newKeyPair()
  const yml = (): string => feedText('2.0.0', { name: NAME, content: newVersion() })
  test.each<readonly [string, () => void]>([
    ['another file', () => feed.put(NAME, text(`${newVersion()}rm -rf /\n`))],
    ['another feed', () => feed.put('latest-linux.yml', text(yml().replace('2.0.0', '2.0.1')))],
    ['another signature', () => feed.put('latest-linux.yml.sig', text(other.sign(yml())))],
    ['no signature', () => feed.put('latest-linux.yml.sig', text(''))],
  ])('%s', async (_name, tamper) => {
    tamper()
    const app = await open()
    await wake(app)
    await app.page.getByTestId('toast').getByText('没有通过签名校验').waitFor()
    await openAbout(app)
    await state(app, 'failed').getByText('没有通过签名校验').waitFor()
    await app.app.close()
    await expectUntouched()
  })
})

describe('a feed that', () => {
  test('is down is passed over in silence, and said to be so when somebody asks', async () => {
    feed.mood = 'drop'
    const app = await open()
    await openAbout(app)
    await wake(app)
    await expect.poll(() => feed.requests.length).toBeGreaterThan(0)
    await state(app, 'idle').waitFor()
    expect(await app.page.getByTestId('toast').count()).toBe(0)
    await act(app)
    await state(app, 'failed').getByText('无法从更新服务器获取版本信息').waitFor()
    expect(await app.page.getByTestId('toast').count()).toBe(0)
    feed.mood = 'serve'
    await act(app)
    await state(app, 'ready').waitFor()
  })

  test('hangs holds up nothing, and is given up', async () => {
    feed.mood = 'hang'
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'checking').waitFor()
    await collectGarbage(app)
    await add(app, '照片.jpg', MB)
    await expect.poll(() => emulator.files().length, { timeout: 10_000 }).toBe(1)
    await state(app, 'failed').getByText('无法从更新服务器获取版本信息').waitFor()
  })

  test('breaks off in the middle leaves all as it was; the next check tries again', async () => {
    feed.put(NAME, { kind: 'cut', bytes: Buffer.from(newVersion()) })
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'failed').getByText('更新没有下载完').waitFor()
    await expectUntouched()
    feed.put(NAME, text(newVersion()))
    await act(app)
    await state(app, 'ready').waitFor()
  })

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)?.address
  test.runIf(outside)('leads to an address without encryption is not followed there', async () => {
    let reached = 0
    const server = createServer((_request, response) => {
      reached += 1
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo // A server that listens on a port has such an address.
    feed.put('latest-linux.yml', { kind: 'redirect', to: `http://${outside}:${port}/latest-linux.yml` })
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'failed').waitFor()
    expect(reached).toBe(0)
  })
})

describe('an update that cannot be installed', () => {
  test('because the place cannot be written to, is told of, and files go on going up', async () => {
    // In the way of the new file; root may write everywhere.
    await mkdir(join(folder, '.123pan Sync.AppImage.update', 'full'), { recursive: true })
    const app = await open()
    await openAbout(app)
    await act(app)
    await state(app, 'ready').waitFor()
    await act(app)
    await state(app, 'failed').waitFor()
    expect(await readFile(appImage, 'utf8')).toBe(OLD)
    await add(app, '照片.jpg', MB)
    await expect.poll(() => emulator.files().length, { timeout: 10_000 }).toBe(1)
  })

  test('because the system refuses the package, is told of, and files go on going up', async () => {
    const programs = join(folder, 'programs')
    await mkdir(programs)
    const log = join(folder, 'asked')
    // The package manager, or what asks for the password first: both as a person who says no.
    for (const name of ['apt-get', 'pkexec'])
      await writeFile(join(programs, name), `#!/bin/sh\necho "$0 $*" >> '${log}'\nexit 126\n`, {
        mode: 0o755,
      })
    await writeFile(join(packed.resources, 'package-type'), 'deb')
    onTestFinished(() => rm(join(packed.resources, 'package-type')))
    feed.publish('2.0.0', { name: 'pan123-sync_2.0.0_amd64.deb', content: 'a package' })
    const app = await open({ PATH: `${programs}:${process.env['PATH'] ?? ''}` })
    await openAbout(app)
    await act(app)
    await state(app, 'ready').waitFor()
    await act(app)
    await state(app, 'failed').getByText('系统没有安装这个更新').waitFor()
    expect(await readFile(log, 'utf8')).toMatch(/install --yes \S.*\.deb$/mu)
    expect(await isThere(join(folder, 'data', 'updates', 'pending', 'pan123-sync_2.0.0_amd64.deb'))).toBe(
      true,
    )
    await add(app, '照片.jpg', MB)
    await expect.poll(() => emulator.files().length, { timeout: 10_000 }).toBe(1)
  })
})
