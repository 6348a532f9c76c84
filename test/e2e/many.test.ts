import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DelayProbe, type Delay } from '#test/delays'
import { createDesk, type Desk } from '#test/desk'

const FOLDERS = 5
const IN_EACH = 3000
const SMALL = FOLDERS * IN_EACH
const ALL = SMALL + 1
/** Fewer than stay on the list over a restart (store/transfer-store.ts). */
const ENOUGH = 1500
const MB = 1024 ** 2

/** The bar (design 11), or, where the machine has others to serve, what it makes of a process that would meet the bar with ease. */
const limitMs = (bystander: Delay): number => Math.max(50, 1.5 * bystander.p99)

let desk: Desk
let probe: DelayProbe | undefined

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  probe?.stop()
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

/** In each folder the largest is the last. */
async function makeFolders(): Promise<readonly string[]> {
  const text = 'x'.repeat(1000)
  const folders = Array.from({ length: FOLDERS }, (_, index) => join(desk.folder, `folder-${index}`))
  for (const folder of folders) {
    await mkdir(folder)
    const names = Array.from({ length: IN_EACH }, (_, no) => `file-${String(no).padStart(4, '0')}.txt`)
    await Promise.all(
      names.map((name, no) =>
        writeFile(join(folder, name), `${folder} ${name} ${text.slice(0, (no / IN_EACH) * 900)}`),
      ),
    )
  }
  return folders
}

async function countOf(tab: 'all' | 'active' | 'done' | 'failed'): Promise<number> {
  return Number((await desk.app.by(`tab-${tab}`).textContent())?.replaceAll(/\D/gu, ''))
}

async function listed(count: number): Promise<void> {
  await expect.poll(() => countOf('all'), { timeout: 20_000 }).toBe(count)
}

interface Memory {
  /** Of the main process, engine and transfer threads included. */
  readonly main: number
  /** What the page's script holds. */
  readonly page: number
}

async function memory(): Promise<Memory> {
  const devtools = await desk.app.page.context().newCDPSession(desk.app.page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  const rss = await desk.app.app.evaluate(() => process.memoryUsage().rss)
  return { main: Math.round(rss / MB), page: Math.round(usedSize / MB) }
}

/** The file and the row number at the end of the list that is shown. */
async function lastRow(): Promise<readonly [string | null, string | null]> {
  await desk.app.by('transfer-list').focus()
  await desk.app.page.keyboard.press('End')
  const row = desk.app.page.locator('[data-testid="transfer-row"].current')
  await row.waitFor()
  return [await row.getAttribute('data-path'), await row.getAttribute('aria-rowindex')]
}

test('15,000 small files and a big one at once: the window stays responsive, the list right, and nothing waits for the big one', async () => {
  const folders = await makeFolders()
  const big = join(desk.folder, 'big.bin')
  await writeFile(big, randomBytes(60 * MB))
  // As many of its slices as are sent at once get no answer, for longer than this test lasts.
  desk.emulator.fault({ on: 'slice', kind: 'hang', times: 3 })
  const app = await desk.open({ env: { PAN123_RATE_LIMIT: 'off' } })
  await app.by('account-name').waitFor()
  const before = await memory()
  probe = await DelayProbe.start(app)

  await app.drop([big, ...folders])
  await listed(ALL)
  await desk.row('big.bin', 'uploading').waitFor()
  await expect.poll(() => countOf('done'), { timeout: 60_000, interval: 250 }).toBeGreaterThan(ENOUGH)
  const delays = await probe.take()

  // Nothing moves any more: all that is under way hangs.
  desk.emulator.fault({ on: 'single_create', kind: 'hang', times: 3 })
  await expect.poll(() => desk.emulator.waitingFaults()).toBe(0)
  const arrived = desk.emulator.files().length
  await expect.poll(() => countOf('done')).toBe(arrived)
  const after = await memory()
  for (const [name, { p99, max, count }] of Object.entries(delays) as [string, Delay][])
    console.log(`${name}: p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms, ${count} samples`)
  console.log(`MB: main ${before.main} → ${after.main}, page ${before.page} → ${after.page}; done ${arrived}`)
  expect(Math.min(delays.main.count, delays.page.count)).toBeGreaterThan(100)
  expect(delays.main.p99).toBeLessThan(limitMs(delays.bystander))
  expect(delays.page.p99).toBeLessThan(limitMs(delays.bystander))
  expect(after.main - before.main).toBeLessThan(250)
  expect(after.page - before.page).toBeLessThan(60)

  // The big one has not held up any of the small ones.
  await desk.row('big.bin', 'uploading').waitFor()
  expect([await countOf('all'), await countOf('active'), await countOf('failed')]).toEqual([
    ALL,
    ALL - arrived,
    0,
  ])
  expect((await lastRow())[1]).toBe(String(ALL))
  await app.by('tab-active').click()
  const last = join(folders.at(-1) ?? '', `file-${IN_EACH - 1}.txt`)
  expect(await lastRow()).toEqual([last, String(ALL - arrived)])
  await app.by('tab-all').click()
  await app.by('search').fill(`file-${IN_EACH - 1}`)
  await app.page.locator(`[data-testid="transfer-list"][aria-rowcount="${FOLDERS}"]`).waitFor()
  await app.picture('many')

  // Quit in the middle of it, and started again: all of it is there, and goes on.
  await desk.restart()
  await listed(ALL)
  await desk.app.by('search').fill('big.bin')
  await desk.row('big.bin', 'done').waitFor()
  await expect.poll(() => countOf('done'), { timeout: 60_000, interval: 250 }).toBeGreaterThan(arrived + 20)
  expect([await countOf('all'), await countOf('failed')]).toEqual([ALL, 0])
  const paths = desk.emulator.files().map(({ path }) => path)
  expect(new Set(paths).size).toBe(paths.length)
  expect(desk.emulator.violations()).toEqual([])
})
