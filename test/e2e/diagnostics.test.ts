import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PERSON } from '#emulator/endpoints/user-info'
import { startAgain } from '#test/app'
import { createDesk, type Desk } from '#test/desk'
import { filesContaining } from '#test/leaks'
import { Stage } from '#test/scenes/stage'

/** What is left of a crash, and what goes to support: enough to find the reason, and nothing of the person. */
const MB = 1024 ** 2
const RESUMES = '没传完的文件仍在列表中'
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(() => desk.close())

const offer = () => desk.app.by('crash-offer')

/** Ends the app's own process, however; resolves when it is gone. */
async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const child = desk.app.app.process()
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

async function reports(): Promise<readonly { readonly kind: string; readonly [key: string]: unknown }[]> {
  const folder = join(desk.data, 'crashes')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.map((text) => JSON.parse(text) as { kind: string })
}

const log = (): Promise<string> => readFile(join(desk.data, 'logs', 'app.log'), 'utf8').catch(() => '')

/** Error boxes are noted, not shown: nobody would close them. */
async function noteBoxes(): Promise<void> {
  await desk.app.app.evaluate(({ dialog }) => {
    const boxes: string[] = []
    Object.assign(globalThis, { boxes })
    dialog.showMessageBox = (options: object) => {
      if ('message' in options) boxes.push(String(options.message))
      return Promise.resolve({ response: 0, checkboxChecked: false })
    }
  })
}

const boxes = (): Promise<readonly string[]> =>
  desk.app.app.evaluate(() => (globalThis as unknown as { boxes: readonly string[] }).boxes) // Put there by noteBoxes.

/** Where the system's chooser would say. */
async function saveTo(name: string): Promise<string> {
  const path = join(desk.folder, name)
  await desk.app.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
  return path
}

async function exportFromSettings(name: string): Promise<string> {
  const path = await saveTo(name)
  await desk.app.by('nav-settings').click()
  await desk.app.by('settings-advanced').click()
  await desk.app.by('export-diagnostics').click()
  await desk.app.by('diagnostics-save').click()
  await desk.app.by('toast-action').waitFor()
  return path
}

async function unpacked(path: string): Promise<string> {
  const folder = `${path}.unpacked`
  await mkdir(folder)
  execFileSync('python3', ['-m', 'zipfile', '-e', path, folder])
  return folder
}

describe('an app that was killed', () => {
  test('in the midst of an upload says so once, and goes on with what is missing', async () => {
    desk.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'hang' })
    await desk.open()
    await desk.drop({ '电影.mkv': 64 * MB })
    await desk.row('电影.mkv').getByText('3 / 4 片').waitFor()
    await expect.poll(() => readFile(join(desk.data, 'running.json'), 'utf8')).toContain('"running":1')
    await end('SIGKILL')

    await desk.open()
    await offer().getByText('上次程序意外退出').waitFor()
    await offer().getByText(RESUMES).waitFor()
    await desk.row('电影.mkv', 'done').waitFor()
    expect(desk.slices()).toEqual([1, 2, 3, 4])
    expect(desk.emulator.files().map(({ path, size }) => [path, size])).toEqual([['/电影.mkv', 64 * MB]])
    expect(await reports()).toEqual([
      expect.objectContaining({ kind: 'ended', load: { unfinished: 1, running: 1, pairs: 0 } }),
    ])
    // Its page may come again: it is the same run.
    await desk.app.page.reload()
    await offer().waitFor()
    await desk.app.by('crash-dismiss').click()
    await offer().waitFor({ state: 'detached' })
    await desk.app.page.reload()
    await desk.row('电影.mkv', 'done').waitFor()
    expect(await offer().count()).toBe(0)

    await desk.restart()
    await desk.row('电影.mkv', 'done').waitFor()
    expect(await offer().count()).toBe(0)
  })

  test('with its system says that instead', async () => {
    await desk.open()
    await end('SIGKILL')
    const file = join(desk.data, 'running.json')
    const mark = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...mark, boot: 'an earlier one', bootedAt: 0 }))
    await desk.open()
    await offer().getByText('可能是电脑断电或重新启动').waitFor()
    expect((await reports()).map(({ kind }) => kind)).toEqual(['ended-with-system'])
  })
})

test('a session that ended took the app with it: that is no crash', async () => {
  await desk.open()
  await end('SIGKILL')
  const file = join(desk.data, 'running.json')
  const mark = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...mark, session: { bus: 'an earlier one' } }))
  await desk.open()
  await expect.poll(log).toContain('or with its session')
  expect((await reports()).map(({ kind }) => kind)).toEqual(['ended-with-session'])
  expect(await offer().count()).toBe(0)
})

describe('an orderly end', () => {
  test('by quitting, by the session’s end, and beside a second start, leaves nothing to tell', async () => {
    await desk.open()
    await expect
      .poll(() =>
        stat(join(desk.data, 'running.json')).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await writeFile(join(desk.folder, 'more.txt'), 'more')
    const env = { PAN123_API_URL: desk.emulator.url, PAN123_DATA_DIR: desk.data }
    expect(await startAgain(env, ['--upload', join(desk.folder, 'more.txt')], desk.folder)).toBe(0)
    await desk.row('more.txt', 'done').waitFor()
    expect(await readdir(desk.data)).toContain('running.json')
    await desk.restart()
    await desk.row('more.txt', 'done').waitFor()
    await end('SIGTERM')
    expect(await readdir(desk.data)).not.toContain('running.json')
    await desk.open()
    await desk.row('more.txt', 'done').waitFor()
    expect(await offer().count()).toBe(0)
    expect(await reports()).toEqual([])
    const lines = (await log()).trim().split('\n')
    expect(lines.filter((line) => line.includes('"started 0.'))).toHaveLength(3)
    expect(lines.filter((line) => line.includes('"quits"'))).toHaveLength(2)
  })
})

test('giving up, having said why, is an orderly end', async () => {
  await desk.open()
  await desk.app.app.evaluate(({ app }) => setImmediate(() => app.exit(1)))
  await new Promise((resolve) => desk.app.app.process().once('exit', resolve))
  expect(await readdir(desk.data)).not.toContain('running.json')
})

describe('an error that nobody caught', () => {
  test.each([
    { kind: 'uncaught-exception', how: 'throw' },
    { kind: 'unhandled-rejection', how: 'reject' },
  ])('$kind: is told and written down, and the app goes on', async ({ kind, how }) => {
    await desk.open()
    await noteBoxes()
    await desk.app.app.evaluate((_, way) => {
      const fail = (): Error => new TypeError(`Not read: '/home/李明/工资表.xlsx' Bearer abc-123`)
      if (way === 'reject') void Promise.reject(fail())
      else
        setImmediate(() => {
          throw fail()
        })
    }, how)
    await expect.poll(boxes).toEqual([expect.stringContaining('应用内部出错')])
    await expect
      .poll(reports)
      .toEqual([expect.objectContaining({ kind, reason: 'TypeError: Not read: [text] Bearer [redacted]' })])
    await expect.poll(log).toContain(kind)
    await desk.drop({ 'a.txt': 'still alive' })
    await desk.row('a.txt', 'done').waitFor()
    expect(await filesContaining(desk.data, '工资表')).toEqual([])

    await desk.restart()
    await offer().getByText('程序内部出过错').waitFor()
  })

  test('that comes again and again fills neither the screen nor the disk', async () => {
    await desk.open()
    await noteBoxes()
    await desk.app.app.evaluate(() => {
      for (let no = 0; no < 50; no++)
        setImmediate(() => {
          throw new Error('again')
        })
    })
    await expect.poll(async () => (await log()).match(/again/gu)?.length).toBe(50)
    expect(await boxes()).toHaveLength(1)
    expect(await reports()).toHaveLength(1)
  })
})

test('a page that crashed is written down, and offered at the next start', async () => {
  await desk.open()
  await desk.app.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  await expect.poll(async () => (await reports()).map(({ kind }) => kind)).toContain('renderer-gone')
  await desk.restart()
  await offer().getByText('程序内部出过错').waitFor()
})

describe('the package', () => {
  test('tells what failed, and no secret, name or path', async () => {
    const { emulator, folder } = desk
    await desk.open()
    await noteBoxes()
    await emulator.seed('/离婚协议.docx', Buffer.from('older'))
    const secretFolder = join(folder, '病历 private')
    await mkdir(secretFolder)
    await writeFile(join(secretFolder, 'diagnosis.pdf'), 'x')
    await symlink('diagnosis.pdf', join(secretFolder, '链接到情人'))
    await desk.app.drop([secretFolder])
    await desk.row('diagnosis.pdf', 'done').waitFor()
    await desk.drop({ '离婚协议.docx': 'newer', 'salary:2026.xlsx': 'x' })
    await desk.row('离婚协议.docx', 'failed').waitFor()
    await desk.row('salary:2026.xlsx', 'failed').waitFor()
    await new Stage(desk).settings({
      exclude: ['geheim/', '*.hidden'],
      destination: '/私人照片',
      proxy: {
        kind: 'manual',
        protocol: 'http',
        host: 'proxy.geheim.example',
        port: 8443,
        username: 'liming',
      },
    })
    await desk.app.page.evaluate(() => window.drive.call('settings.setProxyPassword', 'Pa55-of-the-proxy'))
    await new Stage(desk).settings({ proxy: { kind: 'none' } })
    await new Stage(desk).settings({
      proxy: {
        kind: 'manual',
        protocol: 'http',
        host: 'proxy.geheim.example',
        port: 8443,
        username: 'liming',
      },
    })
    await desk.app.app.evaluate(
      (_, [token, path, phone, nickname]) => {
        setImmediate(() => {
          throw new Error(`At ${token} of ${nickname} ${phone} in ${path}`)
        })
        void Promise.reject(new Error(`http://liming:Pa55-of-the-proxy@proxy.geheim.example:8443 ${token}`))
      },
      [emulator.token, join(secretFolder, 'diagnosis.pdf'), PERSON.passport, PERSON.nickname] as const,
    )
    await expect.poll(async () => (await reports()).length).toBe(2)

    const path = await exportFromSettings('诊断包.zip')
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
    const inside = await unpacked(path)
    expect((await readdir(inside)).sort()).toEqual([
      'README.txt',
      'crashes',
      'logs',
      'queue.json',
      'settings.json',
      'versions.json',
    ])
    expect(await readFile(join(inside, 'README.txt'), 'utf8')).toContain('文件名、文件夹名和路径')
    const queue = JSON.parse(await readFile(join(inside, 'queue.json'), 'utf8')) as object
    expect(queue).toMatchObject({
      transfers: 3,
      byState: { done: 1, failed: 2 },
      byFailure: { 'name-taken': 1, 'name-character': 1 },
      skipped: { 'not-a-file': 1 },
    })
    expect(await readFile(join(inside, 'settings.json'), 'utf8')).toContain('"destination": "chosen"')
    expect(await readFile(join(inside, 'logs', 'app.log'), 'utf8')).toContain('failed: name-taken')
    expect(await readdir(join(inside, 'crashes'))).toHaveLength(2)

    const secrets = [
      emulator.token,
      'Pa55-of-the-proxy',
      'geheim',
      'liming',
      '8443',
      ...[PERSON.passport, PERSON.nickname, PERSON.mail, String(PERSON.uid)],
      ...['病历', 'private', 'diagnosis', '情人', '离婚', 'salary', '私人', 'hidden'],
      ...[desk.folder, homedir(), ...(userInfo().username === 'root' ? [] : [userInfo().username])],
    ]
    for (const secret of secrets) {
      expect([secret, await filesContaining(inside, secret)]).toEqual([secret, []])
      for (const kept of ['logs', 'crashes'])
        expect([secret, await filesContaining(join(desk.data, kept), secret)]).toEqual([secret, []])
    }

    const shown = desk.app.app.evaluate(
      ({ shell }) => new Promise<string>((resolve) => (shell.showItemInFolder = resolve)),
    )
    await desk.app.by('toast-action').click()
    expect(await shown).toBe(path)
  })

  test('is in the person’s language, from the offer too, and is said not to be saved where it can’t', async () => {
    // As large as one gets: it is packed in a thread.
    const older = Array.from(
      { length: 20_000 },
      (_, no) => `{"time":"an earlier one","text":"entry ${no}"}\n`,
    ).join('')
    await mkdir(join(desk.data, 'logs'), { recursive: true, mode: 0o700 })
    await writeFile(join(desk.data, 'logs', 'app.1.log'), older)
    await desk.open({ language: 'en-US' })
    await end('SIGKILL')
    await desk.open({ language: 'en-US' })
    await offer().getByText('The app ended unexpectedly last time').waitFor()
    const path = await saveTo('support.zip')
    await desk.app.by('crash-export').click()
    await desk.app.by('diagnostics-dialog').getByText('Tokens, passwords, client secrets').waitFor()
    // A folder stands there.
    await mkdir(path)
    await writeFile(join(path, 'x'), 'x')
    await desk.app.by('diagnostics-save').click()
    await desk.app.page.getByText('The file can’t be saved there').waitFor()
    expect((await readdir(desk.folder)).filter((name) => name.endsWith('.part'))).toEqual([])
    await rm(path, { recursive: true })
    await desk.app.by('diagnostics-save').click()
    await desk.app.page.getByText('Diagnostics package saved').waitFor()
    const inside = await unpacked(path)
    expect(await readFile(join(inside, 'README.txt'), 'utf8')).toContain('Names, paths or content of files')
    expect(await readdir(join(inside, 'crashes'))).toHaveLength(1)
    expect(await readFile(join(inside, 'logs', 'app.1.log'), 'utf8')).toBe(older)
  })
})

test('without a place for logs and crashes the app does all it does', async () => {
  await mkdir(desk.data, { mode: 0o700 })
  for (const name of ['logs', 'crashes']) await writeFile(join(desk.data, name), 'in the way')
  await desk.open()
  await noteBoxes()
  await desk.drop({ 'a.txt': 'a', 'b:c.txt': 'b' })
  await desk.row('a.txt', 'done').waitFor()
  await desk.row('b:c.txt', 'failed').waitFor()
  await desk.app.app.evaluate(() => void Promise.reject(new Error('once')))
  await expect.poll(boxes).toHaveLength(1)
  const path = await exportFromSettings('diagnostics.zip')
  expect(await readdir(await unpacked(path))).toContain('queue.json')
  expect(desk.complaints()).toEqual([])
})
