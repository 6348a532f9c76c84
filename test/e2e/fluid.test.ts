import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CDPSession } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TransfersChange } from '#app/ipc'
import { DelayProbe, type Delay } from '#test/delays'
import { createDesk, type Desk } from '#test/desk'
import { seedQueue, stirRows } from '#test/long-queue'

const COUNT = 15_000
const MB = 1024 ** 2

/** The bars, or, where the machine has others to serve, what that makes of a process that would meet them with ease. */
const limitMs = ({ p99, max }: Delay) => ({ p99: Math.max(50, 1.5 * p99), task: Math.max(100, 1.5 * max) })

let desk: Desk
let probe: DelayProbe | undefined

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  probe?.stop()
  probe = undefined
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

interface Heard {
  readonly messages: number
  readonly rows: number
  /** Milliseconds, of every task over 50. */
  readonly tasks: readonly number[]
  readonly mostDrawn: number
}

/** The page itself counts what it is told, how long it is busy, and how many rows it draws. */
async function listenInPage(): Promise<void> {
  await desk.app.page.evaluate(() => {
    const heard = { messages: 0, rows: 0, tasks: [] as number[], mostDrawn: 0 }
    Object.assign(globalThis, { heard })
    window.drive.on('transfers.changed', ({ changed }) => {
      heard.messages += 1
      heard.rows += changed.length
    })
    new PerformanceObserver((entries) => {
      heard.tasks.push(...entries.getEntries().map(({ duration }) => duration))
    }).observe({ type: 'longtask' })
    new MutationObserver(() => {
      const drawn = document.querySelectorAll('[data-testid="transfer-row"]').length
      heard.mostDrawn = Math.max(heard.mostDrawn, drawn)
    }).observe(document.body, { childList: true, subtree: true })
  })
}

const heard = (): Promise<Heard> =>
  desk.app.page.evaluate(() => (globalThis as unknown as { heard: Heard }).heard)

/** Until the page has been told so many more times. */
async function hearMore(messages: number): Promise<void> {
  const before = await heard()
  await expect
    .poll(async () => (await heard()).messages, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(before.messages + messages)
}

async function usedHeap(devtools: CDPSession): Promise<number> {
  return (await devtools.send('Runtime.getHeapUsage')).usedSize / MB
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await desk.app.page.keyboard.press(key)
}

async function scrollThrough(): Promise<void> {
  const { page } = desk.app
  await desk.app.by('transfer-list').hover()
  for (let notch = 0; notch < 20; notch++) await page.mouse.wheel(0, 120)
  for (const by of [20_000, -20_000]) for (let turn = 0; turn < 45; turn++) await page.mouse.wheel(0, by)
  await desk.app.by('transfer-list').focus()
  const pages = (key: string): string[] => Array.from({ length: 15 }, () => key)
  await press('End', ...pages('PageUp'), 'Home', ...pages('PageDown'), ...pages('ArrowDown'))
}

async function goThroughTabs(): Promise<void> {
  for (let round = 0; round < 3; round++)
    for (const tab of ['active', 'done', 'failed', 'all']) {
      await desk.app.by(`tab-${tab}`).click()
      await desk.app.page.locator(`[data-testid="tab-${tab}"][aria-selected="true"]`).waitFor()
    }
  await desk.app.by('tab-failed').click()
  await desk.app.by('transfer-list').hover()
  for (const by of [2000, -2000]) for (let turn = 0; turn < 20; turn++) await desk.app.page.mouse.wheel(0, by)
  await desk.app.by('tab-all').click()
}

async function search(): Promise<void> {
  await desk.app.by('search').pressSequentially('DSC_00006')
  await desk.app.page.locator('[data-testid="transfer-list"][aria-rowcount="1"]').waitFor()
  await press('Escape')
  await desk.app.page.locator('[data-testid="transfer-list"]:not([aria-rowcount="1"])').waitFor()
}

async function selectAll(): Promise<void> {
  await desk.app.by('transfer-list').focus()
  await press('Home', 'Control+a')
  await desk.app.by('selection-bar').waitFor()
  await hearMore(5)
  await press('Shift+End', 'Control+ArrowUp', 'Control+ArrowUp', 'Home', 'Escape')
  await desk.app.by('selection-bar').waitFor({ state: 'detached' })
}

async function openDetails(): Promise<void> {
  const dialog = desk.app.page.locator('.details')
  await desk.app.by('transfer-list').focus()
  await press('Home', 'Enter')
  await dialog.waitFor()
  await hearMore(2)
  await press('Escape')
  await dialog.waitFor({ state: 'hidden' })
}

async function visitOtherPages(): Promise<void> {
  for (const [page, there] of [
    ['settings', 'settings-general'],
    ['history', 'history-row'],
    ['issues', 'issue'],
  ] as const) {
    await desk.app.by(`nav-${page}`).click()
    await desk.app.by(there).first().waitFor()
    await hearMore(5)
    await desk.app.by('nav-transfers').click()
    await desk.app.by('transfer-list').waitFor()
  }
}

test('15,000 rows, of which 200 change each second: whatever a person does, the page is not busy for longer than a tenth of a second', async () => {
  const transfers = await seedQueue(desk.data, COUNT)
  const app = await desk.open()
  const devtools = await app.page.context().newCDPSession(app.page)
  await app.page.locator(`[data-testid="transfer-list"][aria-rowcount="${COUNT}"]`).waitFor()
  await listenInPage()
  await stirRows(
    app.app,
    transfers.filter(({ state }) => state.status === 'queued'),
  )
  await hearMore(1)
  probe = await DelayProbe.start(app)

  let peak = 0
  for (const act of [scrollThrough, goThroughTabs, search, selectAll, openDetails, visitOtherPages]) {
    await act()
    peak = Math.max(peak, await usedHeap(devtools))
  }
  await hearMore(Math.max(0, 100 - (await heard()).messages))
  await app.picture('fluid')

  const { page, bystander } = await probe.take()
  const { messages, rows, tasks, mostDrawn } = await heard()
  await devtools.send('HeapProfiler.collectGarbage')
  const { nodes } = await devtools.send('Memory.getDOMCounters')
  const held = await usedHeap(devtools)
  const longest = Math.max(0, ...tasks)
  console.log(
    `page: longest task ${longest.toFixed(0)} ms, ${tasks.length} over 50; p99 ${page.p99.toFixed(0)} ms; bystander: longest ${bystander.max.toFixed(0)} ms, p99 ${bystander.p99.toFixed(0)} ms`,
  )
  console.log(
    `heap ${held.toFixed(0)} MB, at most ${peak.toFixed(0)}; ${nodes} nodes, ${mostDrawn} rows drawn; ${rows} rows in ${messages} messages`,
  )
  expect(rows / messages).toBeGreaterThan(15)
  expect(longest).toBeLessThan(limitMs(bystander).task)
  expect(page.p99).toBeLessThan(limitMs(bystander).p99)
  expect(peak).toBeLessThan(150)
  expect(mostDrawn).toBeLessThan(50)
  expect(nodes).toBeLessThan(6000)
})

test('where a name is taken the answers open below the button, by mouse and by keyboard', async () => {
  await seedQueue(desk.data, 40)
  await desk.open()
  await desk.app.by('tab-failed').click()
  const row = desk.row('DSC_00026.mp4', 'failed')
  const button = row.getByTestId('transfer-retry')
  const answers = desk.app.page.getByRole('menuitem')
  await button.click()
  expect(await answers.allTextContents()).toEqual(['覆盖云端文件', '保留两者', '跳过'])
  expect(await button.getAttribute('aria-expanded')).toBe('true')
  await desk.app.picture('answers')
  await button.click()
  await answers.first().waitFor({ state: 'detached' })
  await button.press('Enter')
  await desk.app.page.locator('[data-testid="transfer-retry-overwrite"]:focus').waitFor()
  await press('ArrowUp')
  await desk.app.page.locator('[data-testid="transfer-retry-skip"]:focus').waitFor()
  await press('Escape')
  await row.locator('[data-testid="transfer-retry"]:focus').waitFor()
  await press('Enter', 'ArrowDown', 'Enter')
  await row.waitFor({ state: 'detached' })
  await desk.app.page.locator('[data-testid="transfer-list"]:focus').waitFor()
})

interface Sent {
  readonly channel: string
  readonly at: number
  readonly rows: number
}

test('while hundreds of files go up, the window is told ten times a second at most', async () => {
  const FILES = 600
  const app = await desk.open({ env: { PAN123_RATE_LIMIT: 'off' } })
  await app.by('account-name').waitFor()
  const names = Array.from({ length: FILES }, (_, no) => join(desk.folder, `small-${no}.txt`))
  await Promise.all(names.map((name) => writeFile(name, name)))
  await app.app.evaluate(({ BrowserWindow }) => {
    const page = BrowserWindow.getAllWindows()[0]?.webContents
    if (!page) return
    const sent: Sent[] = []
    Object.assign(globalThis, { sent })
    const send = page.send.bind(page)
    page.send = (channel: string, ...args: unknown[]) => {
      const rows = channel === 'transfers.changed' ? (args[0] as TransfersChange).changed.length : 0
      sent.push({ channel, at: performance.now(), rows })
      send(channel, ...args)
    }
  })
  await app.drop(names)
  await expect
    .poll(() => app.by('tab-done').textContent(), { timeout: 60_000 })
    .toMatch(new RegExp(`${FILES}$`, 'u'))
  const sent = await app.app.evaluate(() => (globalThis as unknown as { sent: readonly Sent[] }).sent)

  for (const channel of ['transfers.changed', 'queue.changed']) {
    const times = sent.flatMap((it) => (it.channel === channel ? [it.at] : []))
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
    console.log(`${channel}: ${times.length} in ${(spanMs / 1000).toFixed(1)} s`)
    expect(times.length).toBeGreaterThan(5)
    // The first may have come late and the last in time.
    expect(times.length).toBeLessThanOrEqual(spanMs / 100 + 2)
  }
  expect(sent.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThanOrEqual(FILES)
})
