import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Locator } from 'playwright-core'
import { createDesk, type Desk } from '#test/desk'
import { startMachine, type Machine } from '#test/machine'
import { startTrayHost } from '#test/tray-host'
import { ask } from '#test/window'

/** How the app behaves beside all else: on battery, on a metered network, while it uploads, and at the next login. */
const MB = 1024 ** 2
const WAIT = { timeout: 30_000 }
let desk: Desk
let machine: Machine

// Only Linux tells of these where a test can speak for the machine.
describe.skipIf(process.platform !== 'linux')('a machine', () => {
  beforeEach(async () => {
    machine = await startMachine()
    desk = await createDesk()
  })
  afterEach(async () => {
    const complaints = desk.complaints()
    await desk.close()
    await machine.close()
    expect(complaints).toEqual([])
  })

  test('whose network becomes metered sends no more, says why, and goes on by itself', async () => {
    const tray = await startTrayHost()
    try {
      await desk.open({ env: machine.env })
      await choose('pause-on-metered')
      await ask(desk.app, 'settings.change', { upLimit: { bytesPerSecond: 4 * MB, timetable: [] } })
      await desk.app.by('nav-transfers').click()
      await desk.drop({ '电影.mkv': 40 * MB })
      await desk.row('电影.mkv', 'uploading').waitFor(WAIT)

      await machine.metered(true)
      await banner('metered').waitFor(WAIT)
      expect(await banner('metered').textContent()).toContain('当前网络按流量计费，上传已暂停')
      await desk.row('电影.mkv', 'queued').waitFor(WAIT)
      await expect.poll(async () => (await tray.read()).menu[0]?.label, WAIT).toContain('按流量计费')
      // Within a second: no slice that was not on its way by then.
      const sent = desk.slices()
      await desk.drop({ 'a.txt': 'a' })
      await desk.row('a.txt', 'queued').waitFor(WAIT)
      expect(desk.slices()).toEqual(sent)

      await machine.metered(false)
      await ask(desk.app, 'settings.change', { upLimit: { bytesPerSecond: undefined, timetable: [] } })
      await banner('metered').waitFor({ state: 'hidden', ...WAIT })
      await desk.row('电影.mkv', 'done').waitFor(WAIT)
      await desk.row('a.txt', 'done').waitFor(WAIT)
    } finally {
      await tray.close()
    }
  })

  test('that starts on battery sends nothing before it is known, and all of it when the person says so', async () => {
    await machine.battery(true)
    await desk.open({ env: machine.env })
    await choose('pause-on-battery')
    await banner('battery').waitFor({ state: 'attached', ...WAIT })
    await desk.app.by('nav-transfers').click()
    await desk.drop({ 'a.txt': 'a' })
    await desk.row('a.txt', 'queued').waitFor(WAIT)

    await desk.app.close()
    await desk.open({ env: machine.env })
    await banner('battery').waitFor(WAIT)
    await desk.row('a.txt', 'queued').waitFor(WAIT)
    expect(desk.emulator.files()).toEqual([])

    await desk.app.by('banner-action').click()
    await desk.row('a.txt', 'done').waitFor(WAIT)
    // Once: the next time that it runs on its battery it holds again.
    await machine.battery(false)
    await expect.poll(() => machine.batteryReads(), WAIT).toBeGreaterThan(0)
    await machine.battery(true)
    await banner('battery').waitFor(WAIT)
    await choose('pause-on-battery')
    await banner('battery').waitFor({ state: 'detached', ...WAIT })
  })

  test('holds up nothing that nobody has chosen', async () => {
    await machine.battery(true)
    await machine.metered(true)
    await desk.open({ env: machine.env })
    await desk.drop({ 'a.txt': 'a' })
    await desk.row('a.txt', 'done').waitFor(WAIT)
  })

  test('stays awake while files go up, if that is chosen, and no longer', async () => {
    await desk.open({ env: machine.env })
    await desk.app.by('nav-transfers').click()
    desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    await desk.drop({ '电影.mkv': 20 * MB })
    await desk.row('电影.mkv', 'uploading').waitFor(WAIT)
    expect(await isAwake()).toBe(false)
    await choose('keep-awake')
    await expect.poll(isAwake, WAIT).toBe(true)
    await ask(desk.app, 'transfers.pause', 'all')
    await expect.poll(isAwake, WAIT).toBe(false)
    await ask(desk.app, 'transfers.resume', 'all')
    await expect.poll(isAwake, WAIT).toBe(true)
    await expect.poll(() => desk.emulator.files().length, WAIT).toBe(1)
    await expect.poll(isAwake, WAIT).toBe(false)
  })

  test('starts the app at login once that is chosen, and shows what others have made of it', async () => {
    const config = join(desk.folder, '配置')
    const entry = join(config, 'autostart', 'pan123-sync.desktop')
    await desk.open({ env: { ...machine.env, XDG_CONFIG_HOME: config } })
    await open()
    const row = desk.app.by('autostart')
    await row.and(status('off')).waitFor(WAIT)
    await switchOf('autostart').click()
    await row.and(status('on')).waitFor(WAIT)
    expect(await readFile(entry, 'utf8')).toMatch(/^Exec=.*--hidden$/mu)

    await writeFile(entry, `${await readFile(entry, 'utf8')}Hidden=true\n`)
    await desk.app.page.evaluate(() => globalThis.dispatchEvent(new Event('focus')))
    await row.and(status('off')).waitFor(WAIT)
    expect(await row.textContent()).toContain('已在系统设置中关闭')
    await switchOf('autostart').click()
    await row.and(status('on')).waitFor(WAIT)
    await switchOf('autostart').click()
    await row.and(status('off')).waitFor(WAIT)
    await expect(readFile(entry)).rejects.toThrow('ENOENT')
  })
})

async function open(): Promise<void> {
  await desk.app.by('nav-settings').click()
  await desk.app.by('settings-general').click()
}

function switchOf(testid: string): Locator {
  return desk.app.by(testid).locator('.el-switch')
}

async function choose(testid: string): Promise<void> {
  await open()
  await switchOf(testid).click()
}

function status(wanted: string): Locator {
  return desk.app.page.locator(`[data-status="${wanted}"]`)
}

function banner(reason: string): Locator {
  return desk.app.page.locator(`[data-testid="banner"][data-reason="${reason}"]`)
}

function isAwake(): Promise<boolean> {
  // They are numbered from 0 on.
  return desk.app.app.evaluate(({ powerSaveBlocker }) =>
    Array.from({ length: 20 }, (_, id) => powerSaveBlocker.isStarted(id)).some(Boolean),
  )
}
