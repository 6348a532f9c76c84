import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'
import { startNotificationHost, type NotificationHost, type NotificationSeen } from '#test/notification-host'
import { ask, hideWindow } from '#test/window'

/** What is told on a real session bus, as the desktop's own server hears it. */
const WAIT = { timeout: 30_000 }
let host: NotificationHost
let desk: Desk

// Only Linux hands them over where a test can look at them.
describe.skipIf(process.platform !== 'linux')('notifications', () => {
  beforeEach(async () => {
    host = await startNotificationHost()
    desk = await createDesk()
    await desk.open()
  })
  afterEach(async () => {
    const complaints = desk.complaints()
    await desk.close()
    await host.close()
    expect(complaints).toEqual([])
  })

  test('tell of a batch once, not of its files, and a click leads to the list', async () => {
    await ask(desk.app, 'settings.change', { destination: '/工作' })
    await desk.app.by('nav-history').click()
    await hideWindow(desk.app)
    await add({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' })
    await expect
      .poll(shown, WAIT)
      .toEqual([{ title: '上传完成', body: '3 个文件已上传到 /工作', actions: ['default'] }])

    await host.click()
    await leadsTo('transfers')
  })

  test('name the one file that it was, which is no markup', async () => {
    await hideWindow(desk.app)
    await add({ 'a & b.txt': 'a' })
    // A server that reads markup shows it as it was.
    await expect.poll(shown, WAIT).toMatchObject([{ body: '“a &amp; b.txt”已上传到云盘根目录' }])
  })

  test('tell of many problems once, and a click leads to them', async () => {
    await hideWindow(desk.app)
    await add({ 'a:1.txt': 'a', 'a:2.txt': 'a', 'a:3.txt': 'a' })
    await expect
      .poll(shown, WAIT)
      .toEqual([{ title: '有文件没有上传', body: '3 个问题需要处理', actions: ['default'] }])
    await host.click()
    await leadsTo('issues')
  })

  test('say nothing of what folder sync does, but that it has stopped', async () => {
    const localPath = join(desk.folder, '<b>照片')
    await mkdir(localPath)
    await writeFile(join(localPath, 'a.raw'), 'a')
    await hideWindow(desk.app)
    await ask(desk.app, 'sync.add', { localPath, remotePath: '/照片', mode: 'backup' })
    await desk.app.by('nav-sync').evaluate((element) => (element as HTMLElement).click())
    await desk.app.page.locator('[data-testid="pair"][data-state="synced"]').waitFor(WAIT)
    await rename(localPath, join(desk.folder, '搬走了'))
    await ask(desk.app, 'sync.now', 'all', 'changes')
    await expect
      .poll(shown, WAIT)
      .toEqual([{ title: '文件夹已停止同步', body: '“&lt;b&gt;照片”等待你处理', actions: ['default'] }])
    await host.click()
    await leadsTo('sync')
  })

  test('tell that the sign-in has ended', async () => {
    desk.emulator.revoke(desk.emulator.token)
    await hideWindow(desk.app)
    await add({ 'a.txt': 'a' })
    await expect
      .poll(shown, WAIT)
      .toEqual([{ title: '登录已失效', body: '重新登录后继续上传', actions: ['default'] }])
  })

  test('are none for finished files where that is switched off', async () => {
    await ask(desk.app, 'settings.change', { notifyFinished: false })
    await hideWindow(desk.app)
    // A problem is told later than a batch.
    await add({ 'a.txt': 'a', 'a:1.txt': 'a' })
    await expect.poll(shown, WAIT).toMatchObject([{ body: '1 个问题需要处理' }])
  })

  test('are none for problems where that is switched off', async () => {
    await ask(desk.app, 'settings.change', { notifyProblems: false })
    await hideWindow(desk.app)
    await add({ 'a:1.txt': 'a', 'a.txt': 'a' })
    await expect.poll(shown, WAIT).toHaveLength(1)
    // The problem would come before this.
    await add({ 'b.txt': 'b' })
    await expect
      .poll(shown, WAIT)
      .toMatchObject([{ body: '“a.txt”已上传到云盘根目录' }, { body: '“b.txt”已上传到云盘根目录' }])
  })
})

/** Added as a person does it, once they look elsewhere. */
async function add(files: Readonly<Record<string, string>>): Promise<void> {
  const paths = Object.keys(files).map((name) => join(desk.folder, name))
  for (const [name, text] of Object.entries(files)) await writeFile(join(desk.folder, name), text)
  await ask(desk.app, 'transfers.add', paths)
}

async function leadsTo(page: 'transfers' | 'sync' | 'issues'): Promise<void> {
  await desk.app.page.locator(`[data-testid="nav-${page}"][aria-current="page"]`).waitFor(WAIT)
  const isVisible = (): Promise<boolean | undefined> =>
    desk.app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await expect.poll(isVisible, WAIT).toBe(true)
}

async function shown(): Promise<readonly Omit<NotificationSeen, 'id'>[]> {
  return (await host.shown()).map(({ title, body, actions }) => ({ title, body, actions }))
}
