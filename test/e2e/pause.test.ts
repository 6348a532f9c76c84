import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'

/** Pausing, order, and the speed limit, in the real app: what a person asked for outlives the app. */
const MB = 1024 ** 2
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
  // Four slices of 16 MiB; the third is never answered.
  desk.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'hang' })
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

const progress = (name: string): Promise<string | null> =>
  desk.row(name).getByRole('progressbar').getAttribute('aria-valuenow')

/** A film of which three slices have arrived and the third hangs. */
async function startFilm(): Promise<void> {
  await desk.drop({ '电影.mkv': 64 * MB })
  await desk.row('电影.mkv').getByText('3 / 4 片').waitFor()
}

/** The rows from top to bottom. */
const names = (): Promise<readonly string[]> =>
  desk.app.page
    .getByTestId('transfer-row')
    .evaluateAll((rows) =>
      rows.map((row) => (row as HTMLElement).dataset['path']?.replace(/^.*\//u, '') ?? ''),
    )

describe('a pause', () => {
  test('of one file outlives the app, with its progress, and no slice goes twice', async () => {
    await desk.open()
    await startFilm()
    await desk.row('电影.mkv').getByTestId('transfer-pause').click()
    await desk.row('电影.mkv', 'paused').waitFor()
    expect(await desk.row('电影.mkv').textContent()).toContain('已传 75%，从断点继续')
    expect(await desk.row('电影.mkv').getByTestId('transfer-state').textContent()).toBe('已暂停')
    expect(await desk.app.by('queue-speed').textContent()).toContain('0 B/s')
    await desk.app.picture('paused-one-zh-light')

    await desk.restart()
    await desk.row('电影.mkv', 'paused').waitFor()
    expect(await progress('电影.mkv')).toBe('75')
    expect(await desk.app.by('banner').count()).toBe(0)
    await desk.row('电影.mkv').getByTestId('transfer-resume').click()
    await desk.row('电影.mkv', 'done').waitFor()
    expect(desk.slices()).toEqual([1, 2, 3, 4])
    expect(desk.emulator.files().map(({ path, size }) => [path, size])).toEqual([['/电影.mkv', 64 * MB]])
  })

  test('of everything for half an hour says until when, outlives the app, and ends when it is told to', async () => {
    await desk.open()
    await startFilm()
    await desk.app.by('pause-all').click()
    await desk.app.by('pause-half-hour').click()
    await desk.app.by('banner').waitFor()
    await desk.row('电影.mkv', 'queued').waitFor()
    expect(await desk.app.by('banner').textContent()).toMatch(/已全部暂停，.*\d\d:\d\d 自动继续/u)
    expect(await desk.row('电影.mkv').textContent()).toContain('已传 75%，从断点继续')
    expect(await desk.app.by('queue-speed').textContent()).toContain('0 B/s')
    expect(await desk.app.by('queue-left').textContent()).toContain('—')

    await desk.restart()
    await desk.app.by('banner').waitFor()
    expect(await desk.app.by('banner').getAttribute('data-reason')).toBe('paused')
    expect(await progress('电影.mkv')).toBe('75')
    await desk.app.by('banner-action').click()
    await desk.row('电影.mkv', 'done').waitFor()
    expect(await desk.app.by('banner').count()).toBe(0)
    expect(desk.slices()).toEqual([1, 2, 3, 4])
  })

  test('of everything, until it is resumed, holds what is added meanwhile', async () => {
    await desk.open()
    await desk.drop({ 'a.txt': 'a' })
    await desk.row('a.txt', 'done').waitFor()
    await desk.app.by('pause-all').click()
    await desk.app.by('pause-open').click()
    await desk.app.by('banner').waitFor()
    expect(await desk.app.by('banner').textContent()).not.toMatch(/\d/u)
    await desk.drop({ 'b.txt': 'b' })
    await desk.row('b.txt', 'queued').getByText('等待全部继续').waitFor()
    await desk.app.by('resume-all').click()
    await desk.row('b.txt', 'done').waitFor()
  })
})

test('what is put first starts first, and stands first', async () => {
  // Two big files go at once: these two hang.
  desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang', times: 2 })
  await desk.open()
  await desk.drop({ '1.bin': 20 * MB, '2.bin': 20 * MB })
  await desk.row('1.bin', 'uploading').waitFor()
  await desk.row('2.bin', 'uploading').waitFor()
  await desk.drop({ '3.bin': 20 * MB, '4.bin': 20 * MB, '5.bin': 20 * MB })
  await desk.row('5.bin', 'queued').waitFor()
  expect((await names()).slice(2)).toEqual(['3.bin', '4.bin', '5.bin'])
  await desk.row('5.bin').click({ button: 'right', position: { x: 400, y: 50 } })
  await desk.app.by('menu-first').click()
  await expect.poll(async () => (await names()).slice(2)).toEqual(['5.bin', '3.bin', '4.bin'])
  await desk.app.page.waitForFunction(
    () => document.activeElement?.getAttribute('data-testid') === 'transfer-list',
  )
  await desk.row('1.bin').getByTestId('transfer-pause').click()
  for (const name of ['5.bin', '3.bin', '4.bin']) await desk.row(name, 'done').waitFor()
  expect(desk.emulator.files().map(({ path }) => path)).toEqual(['/5.bin', '/3.bin', '/4.bin'])
})

test('a queue that can’t be read is said, with where it is now, until that is noted', async () => {
  await mkdir(desk.data, { recursive: true })
  await writeFile(join(desk.data, 'queue.db'), 'no database')
  await desk.open()
  await desk.app.by('banner-set-aside').waitFor()
  const said = (await desk.app.by('banner-set-aside').textContent()) ?? ''
  const [kept = ''] = (await readdir(desk.data)).filter((name) => /^queue\.db\../u.test(name))
  expect(said).toContain(join(desk.data, kept))
  expect(await readFile(join(desk.data, kept), 'utf8')).toBe('no database')
  await desk.app.by('banner-dismiss').click()
  await desk.app.by('banner-set-aside').waitFor({ state: 'detached' })
  await desk.drop({ 'a.txt': 'a' })
  await desk.row('a.txt', 'done').waitFor()
  expect(await desk.app.by('banner-set-aside').count()).toBe(0)
})

describe('the upload limit', () => {
  test('that is typed holds for what goes up, is shown, and outlives the app; without it the file arrives', async () => {
    await desk.open()
    await desk.app.by('nav-settings').click()
    await desk.app.by('settings-network').click()
    await desk.app.by('limit-mode').selectOption('on')
    await desk.app.by('limit-unit').selectOption('KB/s')
    await desk.app.by('limit-value').fill('fast')
    await desk.app.by('limit-value').press('Enter')
    await desk.app.page.getByText('请填写不低于 1 KB/s 的速度').waitFor()
    await desk.app.by('limit-value').fill('2')
    await desk.app.by('limit-value').press('Enter')
    await desk.app.page.getByText('请填写不低于').waitFor({ state: 'detached' })
    const kept = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(desk.data, 'settings.json'), 'utf8'))
    await expect.poll(kept).toMatchObject({ upLimit: { bytesPerSecond: 2048, timetable: [] } })

    // With it, two slices take a minute and a half; without it they are there before this page is left and seen again.
    const check = async (): Promise<void> => {
      await desk.app.by('nav-transfers').click()
      await desk.row('慢.bin', 'uploading').waitFor()
      expect(await desk.app.by('limit-mark').textContent()).toContain('限速 2 KB/s')
      await desk.app.by('nav-settings').click()
      await desk.app.by('settings-network').click()
      expect(await desk.app.by('limit-value').inputValue()).toBe('2')
      await desk.app.by('nav-transfers').click()
      expect(await desk.row('慢.bin').getAttribute('data-status')).toBe('uploading')
    }
    await desk.drop({ '慢.bin': 20 * MB })
    await check()
    await desk.restart()
    await check()
    expect(desk.slices()).toEqual([])
    await desk.app.by('limit-mark').click()
    await desk.app.by('limit-mode').selectOption('off')
    await desk.app.by('nav-transfers').click()
    await desk.row('慢.bin', 'done').waitFor()
    expect(await desk.app.by('limit-mark').count()).toBe(0)
  })

  test('of a timetable holds at its hours, the upper row first', async () => {
    await desk.open()
    await desk.drop({ 'a.txt': 'a' })
    await desk.app.by('nav-settings').click()
    await desk.app.by('settings-network').click()
    await desk.app.by('hours-add').click()
    const rows = () => desk.app.by('hours')
    const fill = async (index: number, speed: string): Promise<void> => {
      const row = rows().nth(index)
      for (const day of ['6', '0']) await row.getByTestId(`day-${day}`).click()
      await row.getByTestId('hours-from').fill('00:00')
      await row.getByTestId('hours-to').fill('00:00')
      await row.getByText('全天').waitFor()
      await row.getByTestId('hours-limit-value').fill(speed)
      await row.getByTestId('hours-limit-value').press('Enter')
    }
    await fill(0, '3')
    await desk.app.by('hours-add').click()
    await fill(1, '4.5')
    await desk.app.by('nav-transfers').click()
    await desk.app.page.getByText('限速 3 MB/s').waitFor()
    await desk.app.by('nav-settings').click()
    await rows().nth(1).getByTestId('hours-up').click()
    await expect.poll(() => rows().nth(0).getByTestId('hours-limit-value').inputValue()).toBe('4.5')
    await desk.restart()
    await desk.app.page.getByText('限速 4.5 MB/s').waitFor()
    await desk.app.by('limit-mark').click()
    await rows().nth(0).getByTestId('hours-remove').click()
    await rows().nth(0).getByTestId('hours-remove').click()
    await rows().first().waitFor({ state: 'detached' })
    await desk.app.by('nav-transfers').click()
    await desk.app.by('limit-mark').waitFor({ state: 'detached' })
  })
})
