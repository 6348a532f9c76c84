import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { launch, type RunningApp } from '#test/app'
import { signIn } from '#test/sign-in'
import { en } from '../../renderer/locales/en.ts'
import { zhCN } from '../../renderer/locales/zh-CN.ts'

/** The window in the hand: where the keyboard is, and whether all of it can be read. */
let emulator: Emulator
let folder: string
let app: RunningApp | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-window-'))
  emulator = await startEmulator()
})
afterEach(async () => {
  await app?.close()
  app = undefined
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

async function open(language: 'zh-CN' | 'en-US' = 'zh-CN'): Promise<RunningApp> {
  app = await launch({
    env: { PAN123_API_URL: emulator.url, PAN123_DATA_DIR: join(folder, 'data') },
    language,
  })
  return app
}

async function fillIn(running: RunningApp, id: string, secret: string): Promise<void> {
  await running.by('signin-client-id').fill(id)
  await running.by('signin-client-secret').fill(secret)
}

/** A file that stays under way. */
async function startUpload(running: RunningApp): Promise<void> {
  await writeFile(join(folder, 'hangs.bin'), randomBytes(20 * 1024 ** 2))
  emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
  await running.drop([join(folder, 'hangs.bin')])
  await running.page.locator('[data-testid="transfer-row"][data-status="uploading"]').waitFor()
}

/** Resolves when that element has the focus. */
async function focused(running: RunningApp, testid: string): Promise<void> {
  await running.page.locator(`[data-testid="${testid}"]:focus`).waitFor({ timeout: 5000 })
}

describe('the focus', () => {
  test('goes to the first field to correct after a sign-in that was refused, or incomplete', async () => {
    const running = await open()
    await fillIn(running, emulator.clientID, '')
    await running.by('signin-submit').click()
    await focused(running, 'signin-client-secret')
    await fillIn(running, 'wrong', 'wrong')
    await running.by('signin-submit').click()
    await running.by('signin-error').waitFor()
    await focused(running, 'signin-client-id')
    await running.by('signin-tab-token').click()
    await running.by('signin-token').fill('wrong')
    await running.by('signin-submit').click()
    await running.by('signin-error').waitFor()
    await focused(running, 'signin-token')
  })

  test('returns to what opened the question about signing out', async () => {
    const running = await open()
    await signIn(running, emulator)
    await startUpload(running)
    const asks = running.page.locator('[data-testid="sign-out-confirm"]:visible')
    await running.by('account-menu').click()
    await running.by('sign-out').click()
    await asks.waitFor()
    await running.page.keyboard.press('Escape')
    await asks.waitFor({ state: 'hidden' })
    await focused(running, 'account-menu')
    await running.by('nav-settings').click()
    await running.by('settings-account').click()
    await running.by('setting-sign-out').click()
    await asks.waitFor()
    await running.page.keyboard.press('Escape')
    await asks.waitFor({ state: 'hidden' })
    await focused(running, 'setting-sign-out')
  })
})

describe('nothing is cut off', () => {
  test.each([
    ['zh-CN', zhCN.doing],
    ['en-US', en.doing],
  ] as const)('at 720 px what a row is doing, and the account: %s', async (language, doing) => {
    const running = await open(language)
    await signIn(running, emulator)
    // Wide enough for it to show.
    const lines = await running.page
      .locator('.below.facts p')
      .evaluateAll((elements) =>
        elements.map((element) => [element.textContent, Math.round(element.clientHeight / 18)]),
      )
    expect(lines.length).toBeGreaterThanOrEqual(2)
    expect(lines.filter(([, height]) => height !== 1)).toEqual([])

    await startUpload(running)
    await running.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(720, 560)
    })
    await running.page.waitForFunction(() => window.innerWidth === 720)
    await running.picture(`narrow-${language}`)
    const sample = { share: '1.1 / 1.8 GB', done: '12', all: '112', percent: '62%' }
    const texts = Object.values(doing).map((text) =>
      Object.entries(sample).reduce((filled, [name, value]) => filled.replace(`{${name}}`, value), text),
    )
    const cut = await running.page
      .locator('[data-testid="transfer-row"] .doing .words')
      .evaluate((element, given) => {
        const tooWide = given.filter((text) => {
          element.textContent = text
          return element.scrollWidth > element.clientWidth
        })
        return tooWide
      }, texts)
    expect(cut).toEqual([])
  })
})
