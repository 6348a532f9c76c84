import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { launch, startAgain, type LaunchOptions, type RunningApp } from '#test/app'
import { linesOf, runCli } from '#test/cli'
import { filesContaining } from '#test/leaks'
import { signedIn, signIn } from '#test/sign-in'

/** The real app, the real keychain, real files; the platform is the emulator. */
let emulator: Emulator
let folder: string
let running: RunningApp | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-app-'))
  emulator = await startEmulator({ store: join(folder, 'platform') })
})
afterEach(async () => {
  const complaints = running?.complaints ?? []
  await running?.close()
  running = undefined
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
  expect(complaints).toEqual([])
})

const env = (): Record<string, string> => ({
  PAN123_API_URL: emulator.url,
  PAN123_DATA_DIR: join(folder, 'data'),
})

async function open(options: Partial<LaunchOptions> = {}): Promise<RunningApp> {
  running = await launch({ ...options, env: { ...env(), ...options.env } })
  return running
}

async function restart(): Promise<RunningApp> {
  await running?.close()
  return open()
}

const row = (app: RunningApp, name: string, status?: string) =>
  app.page.locator(
    `[data-testid="transfer-row"][data-path$="${name}"]${status ? `[data-status="${status}"]` : ''}`,
  )

describe('a first day', () => {
  test('sign in, drop, progress, done, restart still signed in, sign out', async () => {
    const app = await open()
    await app.picture('sign-in-zh-light')
    await signIn(app, emulator)
    expect(await app.by('account-name').textContent()).toContain('测试用户')
    expect(await app.by('account-quota').textContent()).toMatch(/TB/u)
    await app.picture('empty-zh-light')

    const album = join(folder, '假期 照片')
    await mkdir(join(album, '海边'), { recursive: true })
    await writeFile(join(album, '海边/日落.jpg'), randomBytes(300_000))
    await writeFile(join(album, '视频.mp4'), randomBytes(40 * 1024 ** 2))
    emulator.fault({ on: 'slice', sliceNo: 3, kind: 'delay', ms: 1500 })
    await app.drop([album])
    await row(app, '视频.mp4', 'uploading').waitFor()
    await app.picture('uploading-zh-light')
    await row(app, '视频.mp4', 'done').waitFor()
    await row(app, '日落.jpg', 'done').waitFor()
    await app.picture('done-zh-light')
    expect(
      emulator
        .files()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/假期 照片/海边/日落.jpg', '/假期 照片/视频.mp4'])
    expect(emulator.violations()).toEqual([])

    const again = await restart()
    await again.by('account-name').waitFor()
    expect(emulator.requests().filter(({ endpoint }) => endpoint === 'access_token')).toHaveLength(1)
    await again.by('account-menu').click()
    await again.by('sign-out').click()
    await again.by('signin-tab-client').waitFor()
    const last = await restart()
    await last.by('signin-tab-client').waitFor()
  })

  test('by button: files and a folder from the system’s chooser', async () => {
    const app = await open({ language: 'en-US' })
    await signIn(app, emulator, 'token')
    await writeFile(join(folder, 'a.txt'), 'a')
    await mkdir(join(folder, 'b'))
    await writeFile(join(folder, 'b/c.txt'), 'c')
    for (const [button, path] of [
      ['upload-files', join(folder, 'a.txt')],
      ['upload-folder', join(folder, 'b')],
    ] as const) {
      // The chooser is the system's own window; what it answers is put in its place.
      await app.app.evaluate(
        ({ dialog }, filePaths) => {
          dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
        },
        [path],
      )
      await app.by('upload-button').click()
      await app.by(button).click()
    }
    await row(app, 'a.txt', 'done').waitFor()
    await row(app, 'c.txt', 'done').waitFor()
    await app.picture('done-en-light')
    expect(
      emulator
        .files()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/a.txt', '/b/c.txt'])
  })

  test('by --upload, at the first start and at a second one, which hands its paths over and ends', async () => {
    await writeFile(join(folder, 'first.txt'), '1')
    await writeFile(join(folder, '第二个 文件 - 副本.mp4'), '2')
    const app = await open({
      args: ['--upload', join(folder, 'first.txt')],
      env: { PAN123_TOKEN: emulator.token },
    })
    await row(app, 'first.txt', 'done').waitFor()
    expect(await startAgain(env(), ['--upload', '第二个 文件 - 副本.mp4'], folder)).toBe(0)
    await row(app, '第二个 文件 - 副本.mp4', 'done').waitFor()
    expect(
      emulator
        .files()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/first.txt', '/第二个 文件 - 副本.mp4'])
    expect(app.app.windows()).toHaveLength(1)
  })

  test('the command line hands its paths to the running app and follows them', async () => {
    const app = await open()
    await signIn(app, emulator)
    await writeFile(join(folder, 'from cli.txt'), 'x')
    // From its own folder, which is not the app's.
    const run = await runCli(['upload', 'from cli.txt', '--to', '/cli', '--json'], {
      env: env(),
      cwd: folder,
    })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(linesOf(run).at(-1)).toMatchObject({ event: 'summary', finished: 1, failed: 0 })
    await row(app, 'from cli.txt', 'done').waitFor()
    expect(emulator.files().map(({ path }) => path)).toEqual(['/cli/from cli.txt'])
  })
})

describe('when something is wrong', () => {
  test('a wrong token: a sentence, and a right one afterwards', async () => {
    const app = await open()
    await app.by('signin-tab-token').click()
    await app.by('signin-token').fill('no-such-token')
    await app.by('signin-submit').click()
    const said = await app.by('signin-error').textContent()
    expect(said).toMatch(/\p{Script=Han}{4}/u)
    expect(said).not.toContain('no-such-token')
    await app.picture('wrong-token-zh-light')
    await signIn(app, emulator, 'token')
  })

  test('the platform is down: it says so, keeps the account and the queue, and goes on by itself', async () => {
    const app = await open()
    await signIn(app, emulator)
    const { url } = emulator
    await emulator.close()
    await writeFile(join(folder, 'later.txt'), 'later')
    const again = await restart()
    await again.by('upload-button').waitFor()
    await again.drop([join(folder, 'later.txt')])
    await again.by('banner').waitFor()
    await again.picture('platform-down-zh-light')
    emulator = await startEmulator({ store: join(folder, 'platform'), port: Number(new URL(url).port) })
    await row(again, 'later.txt', 'done').waitFor({ timeout: 90_000 })
    expect(emulator.files().map(({ path }) => path)).toEqual(['/later.txt'])
  })

  test('no keychain: a sentence and the choice to sign in for this session only, which a restart forgets', async () => {
    const nowhere = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'no-bus')}` }
    const app = await open({ env: nowhere })
    await app.by('signin-error').waitFor()
    await app.picture('no-keychain-zh-light')
    await app.by('signin-tab-token').click()
    await app.by('signin-token').fill(emulator.token)
    await app.by('signin-session-only').click()
    await signedIn(app)
    await app.close()
    const again = await open({ env: nowhere })
    await again.by('signin-tab-client').waitFor()
    expect(await filesContaining(join(folder, 'data'), emulator.token)).toEqual([])
  })

  test('the token is refused in the middle: sign in again, and the queue goes on', async () => {
    const app = await open()
    await signIn(app, emulator, 'token')
    await writeFile(join(folder, 'a.bin'), randomBytes(40 * 1024 ** 2))
    emulator.fault({ on: 'slice', sliceNo: 3, kind: 'delay', ms: 1000 })
    await app.drop([join(folder, 'a.bin')])
    await row(app, 'a.bin', 'uploading').waitFor()
    emulator.revoke(emulator.token)
    await app.by('signin-tab-client').waitFor()
    await app.picture('signed-out-zh-light')
    await signIn(app, emulator, 'client')
    await row(app, 'a.bin', 'done').waitFor()
    expect(emulator.files()).toHaveLength(1)
  })

  test('a failed file says why; retry and cancel do what they say', async () => {
    const app = await open()
    await signIn(app, emulator)
    await emulator.seed('/taken.txt', Buffer.from('older'))
    await writeFile(join(folder, 'taken.txt'), 'newer')
    await writeFile(join(folder, 'a:b.txt'), 'x')
    await writeFile(join(folder, 'hangs.bin'), randomBytes(20 * 1024 ** 2))
    emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await app.drop(['taken.txt', 'a:b.txt', 'hangs.bin'].map((name) => join(folder, name)))
    await row(app, 'a:b.txt', 'failed').waitFor()
    await row(app, 'taken.txt', 'failed').waitFor()
    await row(app, 'hangs.bin', 'uploading').waitFor()
    await app.picture('failed-zh-light')
    await row(app, 'hangs.bin').getByTestId('transfer-cancel').click()
    await row(app, 'hangs.bin', 'cancelled').waitFor()
    await row(app, 'taken.txt').getByTestId('transfer-retry').click()
    await app.by('transfer-retry-overwrite').click()
    await row(app, 'taken.txt', 'done').waitFor()
    expect(
      emulator
        .files()
        .filter(({ trashed }) => !trashed)
        .map(({ size }) => size),
    ).toEqual([5])
    await row(app, 'hangs.bin').getByTestId('transfer-retry').click()
    await row(app, 'hangs.bin', 'done').waitFor()
  })
})

test('without a tray, closing the window while files go up asks first, and a no keeps them', async () => {
  const app = await open()
  await signIn(app, emulator)
  await writeFile(join(folder, 'big.bin'), randomBytes(20 * 1024 ** 2))
  emulator.fault({ on: 'slice', sliceNo: 1, kind: 'delay', ms: 2000 })
  await app.drop([join(folder, 'big.bin')])
  await row(app, 'big.bin', 'uploading').waitFor()
  // The box is the system's own; what is asked is kept, and the answer is the button that stays.
  const asked = await app.app.evaluate(async ({ BrowserWindow, dialog }) => {
    const [window] = BrowserWindow.getAllWindows()
    return new Promise<string>((resolve) => {
      dialog.showMessageBox = (...args: unknown[]) => {
        resolve(JSON.stringify(args.at(-1)))
        return Promise.resolve({ response: 0, checkboxChecked: false })
      }
      window?.close()
    })
  })
  expect(asked).toContain('还有 1 个文件没有传完')
  await row(app, 'big.bin', 'done').waitFor()
})

test('without a tray, closing the window says once that folders are no longer kept in step', async () => {
  const app = await open()
  await signIn(app, emulator)
  const localPath = join(folder, '照片')
  await mkdir(localPath)
  await writeFile(join(localPath, 'a.raw'), 'a')
  await app.page.evaluate((wanted) => window.drive.call('sync.add', wanted), {
    localPath,
    remotePath: '/照片',
    mode: 'mirror',
  } as const)
  await expect
    .poll(() => emulator.tree().map(({ path }) => path), { timeout: 20_000 })
    .toContain('/照片/a.raw')
  await row(app, 'a.raw', 'done').waitFor()
  const close = (answer: number): Promise<string> =>
    app.app.evaluate(
      async ({ BrowserWindow, dialog }, response) =>
        new Promise<string>((resolve) => {
          dialog.showMessageBox = (...args: unknown[]) => {
            resolve(JSON.stringify(args.at(-1)))
            return Promise.resolve({ response, checkboxChecked: false })
          }
          BrowserWindow.getAllWindows()[0]?.close()
        }),
      answer,
    )
  expect(await close(0)).toContain('文件夹不再同步')
  expect(await app.by('account-name').isVisible()).toBe(true)
  const ended = new Promise((resolve) => app.app.process().once('exit', resolve))
  expect(await close(1)).toContain('文件夹不再同步')
  expect(await ended).toBe(0)
})
