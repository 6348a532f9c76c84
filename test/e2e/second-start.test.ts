import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { leave } from '#main/desktop/launch'
import { launchBare, startAgain } from '#test/app'
import { createDesk, type Desk } from '#test/desk'
import { signedIn } from '#test/sign-in'
import { startTrayHost, type TrayHost } from '#test/tray-host'

/** Starts from the file manager, and at sign-in to the desktop. */
const WAIT = { timeout: 30_000 }
let desk: Desk
const env = () => ({ PAN123_API_URL: desk.emulator.url, PAN123_DATA_DIR: desk.data })
const again = (...args: string[]) => startAgain(env(), args, desk.folder)
const by = (testid: string) => desk.app.by(testid)
const arrived = () =>
  desk.emulator
    .files()
    .map(({ path }) => path)
    .sort()

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

async function files(...names: string[]): Promise<readonly string[]> {
  const paths = names.map((name) => join(desk.folder, name))
  for (const path of paths) {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, path)
  }
  return paths
}

const windows = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => ({
      minimised: window.isMinimized(),
      shown: window.isVisible(),
    })),
  )

/** As many toasts as there have been, with what they say. */
async function toasts(): Promise<readonly string[]> {
  return by('toast').allTextContents()
}

describe('--upload to a running app', () => {
  test('200 items in one start are one batch and one toast', async () => {
    await desk.open()
    await by('account-name').waitFor()
    const odd = ['a b.txt', '"q".txt'.replaceAll('"', "'"), '100%.txt', '照片 - 副本.jpg', '--hidden', '-x']
    const plain = Array.from({ length: 200 - odd.length }, (_, no) => `n${no}.txt`)
    const paths = await files(...odd, ...plain)
    expect(await again('--upload', ...paths)).toBe(0)
    await desk.app.page.getByText('已加入 200 个文件').waitFor(WAIT)
    expect(await toasts()).toHaveLength(1)
    await expect
      .poll(arrived, { timeout: 90_000 })
      .toEqual([...odd, ...plain].map((name) => `/${name}`).sort())
  })

  test('20 starts in quick succession are told once, and nothing is left behind', async () => {
    await desk.open()
    await by('account-name').waitFor()
    const paths = await files(...Array.from({ length: 20 }, (_, no) => `${no}.txt`))
    // As so many processes would, which could not be started that quickly here.
    for (const path of paths) await leave(desk.data, { how: 'at-once', paths: [path] })
    await desk.app.app.evaluate(({ app }) => {
      for (let no = 0; no < 20; no += 1) app.emit('second-instance', {}, [], '', { raise: false })
    })
    await desk.app.page.getByText('已加入 20 个文件').waitFor(WAIT)
    expect(await toasts()).toHaveLength(1)
    expect(await readdir(join(desk.data, 'handover'))).toEqual([])
  })

  test('names that begin like switches come after a separator', async () => {
    await desk.open()
    await by('account-name').waitFor()
    await files('--hidden', '-x')
    expect(await again('--upload', '--', '--hidden', '-x')).toBe(0)
    await expect.poll(arrived, WAIT).toEqual(['/--hidden', '/-x'])
  })

  test('does not raise a window that is minimised or hidden; a start without paths does', async () => {
    await desk.open()
    await by('account-name').waitFor()
    await desk.app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
    const [path = ''] = await files('a.txt')
    await again('--upload', path)
    await expect.poll(arrived, WAIT).toEqual(['/a.txt'])
    await again('--hidden')
    expect(await windows(desk.app.app)).toMatchObject([{ shown: false }])
    await again()
    await expect.poll(() => windows(desk.app.app)).toMatchObject([{ shown: true }])
  })
})

describe('--upload-to', () => {
  test('asks a running app’s person for a folder, two levels down, and uploads there', async () => {
    await desk.emulator.seedFolder('/照片/2025')
    await desk.emulator.seedFolder('/照片/2026/秋')
    await desk.emulator.seedFolder('/文档')
    await desk.open()
    await by('account-name').waitFor()
    const [path = ''] = await files('相册/一.jpg')
    await files('相册/二.jpg')
    expect(await again('--upload-to', join(path, '..'))).toBe(0)
    await by('choose').waitFor(WAIT)
    expect(await by('choose').textContent()).toContain('1 个文件夹')
    expect(desk.emulator.files()).toEqual([])

    // By keys alone: a letter finds it, Enter goes in, an empty field leads back up.
    const { keyboard } = desk.app.page
    await by('folder').first().waitFor()
    expect(await by('folder').allTextContents()).toEqual(['文档', '照片'])
    await by('folder-find').pressSequentially('照')
    await keyboard.press('Enter')
    await desk.app.page.locator('[data-testid="folder"][data-name="2026"]').waitFor()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await desk.app.page.getByText('这里没有子文件夹').waitFor()
    expect(await by('folder-way').textContent()).toMatch(/照片\s*2025/u)
    await keyboard.press('Backspace')
    await desk.app.page.locator('[data-testid="folder"][data-name="2026"]').click()
    await desk.app.page.locator('[data-testid="folder"][data-name="秋"]').click()
    await by('choose-upload').click()
    await expect.poll(arrived, WAIT).toEqual(['/照片/2026/秋/相册/一.jpg', '/照片/2026/秋/相册/二.jpg'])
    await by('choose').waitFor({ state: 'detached' })
  })

  test('at a first start: a new folder is made by uploading into it, and is the default from then on if so wished', async () => {
    const [path = '', next = ''] = await files('a.txt', 'b.txt')
    await desk.open({ args: ['--upload-to', path] })
    await by('choose').waitFor(WAIT)
    await by('folder-find').fill('备份/2026')
    // What is only typed is gone to first, and seen, before anything goes there.
    await by('choose-upload').click()
    await desk.app.page.getByText('这个文件夹还不存在').waitFor()
    expect(desk.emulator.tree()).toEqual([])
    await by('choose-always').check()
    await by('choose-upload').click()
    await expect.poll(arrived, WAIT).toEqual(['/备份/2026/a.txt'])
    await by('destination').getByText('/备份/2026').waitFor()
    await again('--upload', next)
    await expect.poll(arrived, WAIT).toEqual(['/备份/2026/a.txt', '/备份/2026/b.txt'])
  })

  test('cancelled uploads nothing, now or later', async () => {
    const [path = ''] = await files('a.txt')
    await desk.open({ args: ['--upload-to', path] })
    await by('choose-cancel').click()
    await by('choose').waitFor({ state: 'detached' })
    await expect.poll(() => readdir(join(desk.data, 'handover'))).toEqual([])
    await desk.restart()
    await by('account-name').waitFor()
    expect(desk.emulator.files()).toEqual([])
    expect(await by('choose').count()).toBe(0)
  })

  test('what was not answered is asked again after a restart', async () => {
    const [path = ''] = await files('a.txt')
    await desk.open({ args: ['--upload-to', path] })
    await by('choose').waitFor(WAIT)
    await desk.restart()
    await by('choose').waitFor(WAIT)
    await by('folder-note').and(desk.app.page.locator('[data-status="there"]')).waitFor()
    await by('choose-upload').click()
    await expect.poll(arrived, WAIT).toEqual(['/a.txt'])
  })

  test('offline it says so, and looks again when it is asked to', async () => {
    const [path = ''] = await files('a.txt')
    await desk.emulator.seedFolder('/照片')
    await desk.open()
    await by('account-name').waitFor()
    await desk.app.page.evaluate(() =>
      window.drive.call('settings.change', {
        proxy: { kind: 'manual', protocol: 'http', host: '127.0.0.1', port: 1 },
      }),
    )
    await again('--upload-to', path)
    await by('folder-failed').waitFor(WAIT)
    expect(await by('folder-failed').textContent()).toContain('无法通过代理')
    await desk.app.page.evaluate(() => window.drive.call('settings.change', { proxy: { kind: 'none' } }))
    await by('folder-retry').click()
    await desk.app.page.locator('[data-testid="folder"][data-name="照片"]').waitFor(WAIT)
  })

  test('with nobody signed in it waits for that, and asks then', async () => {
    const [path = ''] = await files('a.txt')
    await desk.open({ env: { PAN123_TOKEN: '' }, args: ['--upload-to', path] })
    await by('choose-signed-out').waitFor(WAIT)
    await by('choose-sign-in').click()
    await by('choose').waitFor({ state: 'detached' })
    await by('signin-tab-token').click()
    await by('signin-token').fill(desk.emulator.token)
    await by('signin-submit').click()
    await by('choose-upload').click(WAIT)
    await signedIn(desk.app)
    await expect.poll(arrived, WAIT).toEqual(['/a.txt'])
  })

  test('a page can upload nothing by an id that it makes up', async () => {
    await desk.open()
    await by('account-name').waitFor()
    const answer = await desk.app.page.evaluate(() =>
      window.drive.call('launch.answer', '5a2f7a9e-3c1d-4b7e-9f60-8d3f0a1b2c3d', {
        destination: '/',
        onDuplicate: 'fail',
      }),
    )
    expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-argument' } })
  })
})

// Only Linux can be without a place for icons.
describe.skipIf(process.platform !== 'linux')('--hidden', () => {
  let host: TrayHost | undefined
  afterEach(async () => {
    await host?.close()
    host = undefined
  })

  async function startHidden(token: string): Promise<ElectronApplication> {
    const app = await launchBare({ env: { ...env(), PAN123_TOKEN: token }, args: ['--hidden'] })
    onTestFinished(() => app.close())
    return app
  }

  test('is an icon in the tray and no window, until somebody wants it', async () => {
    host = await startTrayHost()
    const app = await startHidden(desk.emulator.token)
    await expect.poll(() => host?.count(), WAIT).toBe(1)
    expect(await windows(app)).toEqual([])
    const [path = ''] = await files('a.txt')
    await again('--upload', path)
    await expect.poll(arrived, WAIT).toEqual(['/a.txt'])
    await again('--hidden')
    expect(await windows(app)).toEqual([])
    const opened = app.waitForEvent('window')
    await again('--upload-to', path)
    await (await opened).getByTestId('choose').waitFor(WAIT)
  })

  test('waits for a panel that comes up later than itself', async () => {
    const app = await startHidden(desk.emulator.token)
    // By then it has long looked for one.
    const [path = ''] = await files('a.txt')
    await again('--upload', path)
    await expect.poll(arrived, WAIT).toEqual(['/a.txt'])
    host = await startTrayHost()
    await expect.poll(() => host?.count(), WAIT).toBe(1)
    expect(await windows(app)).toEqual([])
  })

  test('with nobody signed in stays hidden, and its icon says so; a right-click then shows the window', async () => {
    host = await startTrayHost()
    const app = await startHidden('')
    await expect.poll(() => host?.count(), WAIT).toBe(1)
    expect((await host.read()).tooltip).toContain('登录')
    expect(await windows(app)).toEqual([])
    const [path = ''] = await files('a.txt')
    await again('--upload', path)
    await expect.poll(() => windows(app), WAIT).toMatchObject([{ shown: true }])
  })

  test('without a tray there is a window, so that somebody can find it', async () => {
    const app = await startHidden(desk.emulator.token)
    const page = await app.firstWindow({ timeout: 30_000 })
    await page.getByTestId('upload-button').waitFor()
    await expect
      .poll(() => windows(app))
      .toSatisfy((all: Awaited<ReturnType<typeof windows>>) =>
        all.some(({ minimised, shown }) => minimised || shown),
      )
  })
})
