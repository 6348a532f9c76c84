import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Bridge, Commands } from '#app/ipc'
import { startAgain, type RunningApp } from '#test/app'
import { createDesk, type Desk } from '#test/desk'
import { startTrayHost, type TrayHost, type TraySeen } from '#test/tray-host'

/** The icon on a real session bus, as the panel of a desktop sees it. Without a tray: app.test.ts. */
const MB = 1024 ** 2
const WAIT = { timeout: 30_000 }
let host: TrayHost
let desk: Desk

// Only Linux hands its icons over where a test can look at them.
describe.skipIf(process.platform !== 'linux')('the tray', () => {
  beforeEach(async () => {
    host = await startTrayHost()
    desk = await createDesk()
  })
  afterEach(async () => {
    const complaints = desk.complaints()
    await desk.close()
    await host.close()
    expect(complaints).toEqual([])
  })

  test('shows each of six states by another icon, with its words, and its menu does what it says', async () => {
    await opened()
    const icons = [iconOf(await says('没有要上传的文件'))]
    expect(labels(await host.read())).toEqual([
      '没有要上传的文件',
      '-',
      '打开主窗口',
      '上传文件…',
      '上传文件夹…',
      '-',
      '全部暂停',
      '问题',
      '设置',
      '-',
      '退出',
    ])

    desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await desk.drop({ '电影.mkv': 20 * MB })
    icons.push(iconOf(await says('正在上传')))
    expect((await host.read()).tooltip).toContain('剩余 1 个文件')
    await hangs()

    await host.click('全部暂停', '暂停 30 分钟')
    icons.push(iconOf(await says(/^已全部暂停，\d{1,2}:\d{2} 自动继续/u)))
    await desk.row('电影.mkv', 'queued').waitFor()
    await host.click('全部继续')
    await desk.row('电影.mkv', 'done').waitFor()
    expect(iconOf(await says('没有要上传的文件'))).toBe(icons[0])

    await ask('settings.change', {
      proxy: { kind: 'manual', protocol: 'http', host: '127.0.0.1', port: 1 },
    })
    await desk.drop({ 'a.txt': 'a' })
    icons.push(iconOf(await says('无法通过代理连接 123云盘，恢复后自动继续')))
    await ask('settings.change', { proxy: { kind: 'none' } })
    await desk.row('a.txt', 'done').waitFor(WAIT)

    await desk.drop({ 'a:b.txt': 'a' })
    icons.push(iconOf(await says('有 1 个问题需要处理')))
    await host.click('问题（1）')
    await desk.app.page.locator('[data-testid="nav-issues"][aria-current="page"]').waitFor(WAIT)

    desk.emulator.revoke(desk.emulator.token)
    await desk.drop({ 'b.txt': 'b' })
    icons.push(iconOf(await says('登录已失效，重新登录后继续上传')))
    expect(icons.length).toBe(6)
    expect(new Set(icons).size).toBe(6)
  })

  test('keeps the program going while files go up, says so once, and brings the window back', async () => {
    await opened()
    desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await desk.drop({ '1.bin': 20 * MB })
    await hangs()
    const asked = await answerBoxes(desk.app, 0)
    await closeWindow(desk.app)
    expect(await asked()).toEqual([expect.stringContaining('会在系统托盘中继续运行')])

    await says('正在上传')
    // The slice that hangs is sent anew after a pause.
    await host.click('全部暂停', '暂停，直到手动继续')
    await says('已全部暂停')
    await host.click('全部继续')
    await expect.poll(() => desk.emulator.files().map(({ path }) => path), WAIT).toEqual(['/1.bin'])
    await says('没有要上传的文件')

    const page = await windowAfter(() => host.activate())
    await page.locator('[data-testid="transfer-row"][data-status="done"]').waitFor()
    desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await writeFile(join(desk.folder, '2.bin'), new Uint8Array(20 * MB))
    await ask('transfers.add', [join(desk.folder, '2.bin')], page)
    await page.locator('[data-testid="transfer-row"][data-status="uploading"]').waitFor()
    await closeWindow(desk.app)
    expect((await asked()).length).toBe(1)

    const second = await windowAfter(() => host.click('设置'))
    await second.locator('[data-testid="nav-settings"][aria-current="page"]').waitFor(WAIT)
    await closeWindow(desk.app)
    const env = { PAN123_API_URL: desk.emulator.url, PAN123_DATA_DIR: desk.data }
    const third = await windowAfter(async () => {
      expect(await startAgain(env, [], desk.folder)).toBe(0)
    })
    await third.getByTestId('upload-button').waitFor()
  })

  test('keeps a folder in step without a window', async () => {
    await opened()
    const localPath = join(desk.folder, '照片')
    await mkdir(localPath)
    await ask('sync.add', { localPath, remotePath: '/照片', mode: 'backup' })
    await says('文件夹已全部同步')
    await answerBoxes(desk.app, 0)
    await closeWindow(desk.app)
    await writeFile(join(localPath, 'a.raw'), 'a')
    await expect.poll(() => desk.emulator.files().map(({ path }) => path), WAIT).toEqual(['/照片/a.raw'])
    await says('文件夹已全部同步')
  })

  test('quits the program in order, which goes on at its next start; what was said is not said again', async () => {
    await opened()
    // Four slices; the third is never answered.
    desk.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'hang', times: 2 })
    await desk.drop({ '电影.mkv': 64 * MB })
    await desk.row('电影.mkv').getByText('3 / 4 片').waitFor()
    await answerBoxes(desk.app, 0)
    await closeWindow(desk.app)
    const gone = exitOf(desk.app)
    await host.click('退出')
    expect(await gone).toBe(0)
    await expect.poll(() => host.count()).toBe(0)

    await desk.restart()
    await desk.row('电影.mkv', 'uploading').waitFor()
    await hangs()
    const asked = await answerBoxes(desk.app, 1)
    await closeWindow(desk.app)
    expect(await asked()).toEqual([])
    const ended = exitOf(desk.app)
    desk.app.app.process().kill('SIGTERM')
    expect(await ended).toBe(0)
    await expect.poll(() => host.count()).toBe(0)

    await desk.restart()
    await desk.row('电影.mkv', 'done').waitFor(WAIT)
    expect(desk.slices()).toEqual([1, 2, 3, 4])
  })

  test('does not keep the program when the person would rather quit, or when there is nothing to do', async () => {
    await opened()
    await desk.drop({ 'a.txt': 'a' })
    await desk.row('a.txt', 'done').waitFor()
    const nothing = exitOf(desk.app)
    await close(desk.app)
    expect(await nothing).toBe(0)

    await desk.restart()
    desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await desk.drop({ '1.bin': 20 * MB })
    await hangs()
    await answerBoxes(desk.app, 1)
    const chosen = exitOf(desk.app)
    await close(desk.app)
    expect(await chosen).toBe(0)
  })
})

/** Signed in, and with its icon in the tray. */
async function opened(): Promise<void> {
  await desk.open()
  await expect.poll(() => host.count(), WAIT).toBe(1)
}

/** What the tray shows, once it says that: in its menu, and first in its tooltip. */
async function says(status: string | RegExp): Promise<TraySeen> {
  const wanted: unknown =
    typeof status === 'string' ? expect.stringContaining(status) : expect.stringMatching(status)
  await expect
    .poll(async () => {
      const { menu, tooltip } = await host.read()
      return [menu[0]?.label, tooltip]
    }, WAIT)
    .toEqual([wanted, wanted])
  return host.read()
}

/** What was to hang hangs: it has been sent, and is not answered. */
async function hangs(): Promise<void> {
  await expect.poll(() => desk.emulator.waitingFaults(), WAIT).toBe(0)
}

const labels = ({ menu }: TraySeen): readonly string[] => menu.map(({ label }) => label)

const iconOf = ({ icons }: TraySeen): string => {
  expect(icons.length).toBeGreaterThan(0)
  return icons.map(({ hash }) => hash).join()
}

type PageOf = RunningApp['page']

/** What a page would ask. */
async function ask<C extends keyof Commands>(
  command: C,
  given: Parameters<Commands[C]>[0],
  page: PageOf = desk.app.page,
): Promise<void> {
  const result = await page.evaluate(
    ([name, argument]) =>
      // The page's own bridge; this function runs there.
      (
        globalThis as unknown as { drive: { call: (...all: unknown[]) => ReturnType<Bridge['call']> } }
      ).drive.call(name, argument),
    [command, given] as const,
  )
  expect(result).toMatchObject({ ok: true })
}

/** The system's boxes are answered with that button from now on; what they said is told. */
async function answerBoxes(app: RunningApp, button: number): Promise<() => Promise<readonly string[]>> {
  await app.app.evaluate(({ dialog }, response) => {
    const said: string[] = []
    Object.assign(globalThis, { boxesSaid: said })
    dialog.showMessageBox = (...args: unknown[]) => {
      said.push(JSON.stringify(args.at(-1)))
      return Promise.resolve({ response, checkboxChecked: false })
    }
  }, button)
  return () => app.app.evaluate(() => (globalThis as unknown as { boxesSaid: string[] }).boxesSaid)
}

/** As a person closes it, who may be asked; the program may end by it. */
function close(app: RunningApp): Promise<void> {
  return app.app.evaluate(({ BrowserWindow }) => {
    setImmediate(() => BrowserWindow.getAllWindows()[0]?.close())
  })
}

async function closeWindow(app: RunningApp): Promise<void> {
  await close(app)
  await expect
    .poll(() => app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), WAIT)
    .toBe(0)
}

async function windowAfter(open: () => Promise<void>): Promise<PageOf> {
  const next = desk.app.app.waitForEvent('window')
  await open()
  return next
}

function exitOf(app: RunningApp): Promise<number | null> {
  return new Promise((resolve) => app.app.process().once('exit', resolve))
}
