import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'
import { electronProgram } from '#test/app'

/** Synced folders as a person uses them, in the built app. */

let desk: Desk
let folder: string

beforeEach(async () => {
  desk = await createDesk()
  folder = join(desk.folder, '工作')
  mkdirSync(folder)
})
afterEach(() => desk.close())

const by = (testid: string): Locator => desk.app.by(testid)
const card = (state: string): Locator => desk.app.page.locator(`[data-testid="pair"][data-state="${state}"]`)
const write = (name: string, content = name): void => {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), content)
}
const there = (): readonly string[] => desk.emulator.tree().map(({ path }) => path)
const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { timeout: 20_000 }).toBe(true)

async function willChoose(path: string): Promise<void> {
  await desk.app.app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
    },
    [path],
  )
}

/** By hand, from the empty page on. */
async function addPair(mode: 'backup' | 'mirror'): Promise<void> {
  await willChoose(folder)
  await by('nav-sync').click()
  await by('sync-add').click()
  await by('pair-choose').click()
  await by(`mode-${mode}`).click()
  await by('pair-plan').locator('dd').first().waitFor()
  await by('pair-start').click()
  await card('synced').waitFor()
}

async function openDetails(tab: string): Promise<void> {
  await by('pair-menu').click()
  await by('pair-details').click()
  await by(`pair-tab-${tab}`).click()
}

test('a folder is added after a look at what will happen, and follows by itself from then on, also when the app was closed', async () => {
  await desk.open()
  write('a.txt')
  write('b/c.txt')
  write('node_modules/x.js')
  await willChoose(folder)
  await by('nav-sync').click()
  await by('sync-add').click()
  await by('pair-choose').click()
  await by('pair-plan').locator('dd').first().waitFor()
  expect(await by('pair-plan').textContent()).toMatch(/上传\s*2.*移入回收站\s*0.*按规则忽略 1 项/u)
  expect(there()).toEqual([])
  await by('pair-start').click()
  await card('synced').waitFor()
  expect(there()).toEqual(['/工作', '/工作/a.txt', '/工作/b', '/工作/b/c.txt'])

  write('b/d.txt')
  await until(() => there().includes('/工作/b/d.txt'))

  await desk.app.close()
  write('e.txt')
  await desk.open()
  await until(() => there().includes('/工作/e.txt'))
  await by('nav-sync').click()
  await card('synced').waitFor()
  expect(await card('synced').textContent()).toMatch(/4\s*个文件/u)
})

test('many deletions wait for an answer, with names; kept, or gone to the bin', async () => {
  await desk.open()
  for (let no = 0; no < 6; no++) write(`${no}.txt`)
  await addPair('mirror')
  for (let no = 0; no < 4; no++) rmSync(join(folder, `${no}.txt`))
  await card('halted').waitFor()
  expect(await by('halt').textContent()).toContain('“工作”中一次删除了 4 个文件（共 6 个），云端尚未改动。')
  await by('halt-which').click()
  expect(await by('halt').locator('li').count()).toBe(4)
  expect(await by('nav-issues').textContent()).toContain('1')
  expect(there()).toHaveLength(7)
  await by('halt-trash').click()
  await card('synced').waitFor()
  expect(there()).toEqual(['/工作', '/工作/4.txt', '/工作/5.txt'])
})

test('names that the cloud forbids go up under their twins after one click', async () => {
  await desk.open()
  write('a.txt')
  write('会议: 第一次?.txt')
  await addPair('backup')
  await by('pair-problems').click()
  await desk.app.page.locator('[data-testid="pair-problem"][data-code="name-character"]').waitFor()
  await by('pair-twins').click()
  await until(() => there().includes('/工作/会议： 第一次？.txt'))
  await by('pair-problem').waitFor({ state: 'detached' })
})

test('rules, what they leave out, pause, and no longer', async () => {
  await desk.open()
  write('a.txt')
  write('b.bak')
  await addPair('mirror')
  await openDetails('settings')
  await by('ignore-rules').fill('*.bak')
  await by('ignore-save').click()
  await by('pair-tab-ignored').click()
  await desk.app.page.locator('[data-testid="pair-ignored"]', { hasText: 'b.bak' }).waitFor()
  await desk.app.page.keyboard.press('Escape')
  // What is left out from now on is not deleted.
  rmSync(join(folder, 'b.bak'))
  await by('pair-menu').click()
  await by('pair-now').click()
  await card('synced').waitFor()
  expect(there()).toEqual(['/工作', '/工作/a.txt', '/工作/b.bak'])

  await by('sync-pause-all').click()
  await card('paused').waitFor()
  write('later.txt')
  await by('sync-pause-all').click()
  await until(() => there().includes('/工作/later.txt'))

  await by('pair-menu').click()
  await by('pair-remove').click()
  await by('pair-remove-confirm').click()
  await by('sync-none').waitFor()
  expect(there()).toHaveLength(4)
  expect(existsSync(join(folder, 'a.txt'))).toBe(true)
})

test.skipIf(process.platform !== 'linux')(
  'where no more folders can be watched, the card shows the line that raises the limit',
  async () => {
    // A process that may watch little: only Linux counts so.
    const starter = join(desk.folder, 'electron-with-few-watches')
    writeFileSync(
      starter,
      `#!/bin/sh\nexec unshare -Ur sh -c 'echo 60 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"' '${electronProgram()}' "$@"\n`,
    )
    chmodSync(starter, 0o755)
    for (let no = 0; no < 100; no++) write(`${no}.txt`)
    await desk.open({ program: starter })
    await addPair('mirror')
    await by('watch-limit').waitFor()
    expect(await by('watch-limit').locator('code').textContent()).toMatch(
      /^sudo sysctl fs\.inotify\.max_user_watches=\d+$/u,
    )
    expect(there()).toHaveLength(101)
  },
)
