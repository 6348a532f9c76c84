import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'

/** What is wrong and what has been: nothing of it is hidden, and nothing of it is lost. */
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

const issue = (code: string) => desk.app.page.locator(`[data-testid="issue"][data-code="${code}"]`)

test('what failed and what was skipped is told by cause, mended by one action, and still there after a restart', async () => {
  await desk.open()
  await desk.emulator.seed('/a.txt', Buffer.from('older a'))
  await desk.emulator.seed('/b.txt', Buffer.from('older b'))
  const folder = join(desk.folder, '项目')
  await mkdir(folder)
  await writeFile(join(folder, 'ok.txt'), 'fine')
  await symlink('ok.txt', join(folder, '快捷方式'))
  await desk.app.drop([folder])
  await desk.row('ok.txt', 'done').waitFor()
  await desk.drop({ 'a.txt': 'newer', 'b.txt': 'newer', 'c:d.txt': 'x' })
  await desk.row('c:d.txt', 'failed').waitFor()
  await desk.row('a.txt', 'failed').waitFor()
  await desk.row('b.txt', 'failed').waitFor()
  await expect.poll(() => desk.app.by('nav-issues').textContent()).toContain('4')

  await desk.restart()
  await desk.app.by('nav-issues').click()
  await issue('not-a-file').getByText('快捷方式', { exact: true }).waitFor()
  expect(await issue('name-character').textContent()).toContain('“:”')
  expect(await issue('name-taken').textContent()).toContain('2 项')
  await issue('name-taken').getByTestId('issue-answer').click()
  await desk.app.by('issue-overwrite').click()
  await issue('name-taken').waitFor({ state: 'detached' })
  await issue('not-a-file').getByTestId('issue-dismiss').click()
  await issue('not-a-file').waitFor({ state: 'detached' })
  await issue('name-character').getByTestId('issue-dismiss').click()
  await desk.app.by('issues-none').waitFor()
  await expect
    .poll(() =>
      desk.emulator
        .files()
        .filter(({ trashed }) => !trashed)
        .map(({ path, size }) => `${path} ${size}`)
        .sort(),
    )
    .toEqual(['/a.txt 5', '/b.txt 5', '/项目/ok.txt 4'])
  await desk.restart()
  await desk.app.by('nav-issues').click()
  await desk.app.by('issues-none').waitFor()
})

test('what was cleared from the list is in the history, found by its folder, looked at closely, and exported', async () => {
  await desk.open()
  await desk.drop({ '报告 一.txt': 'one', '报告 二.txt': 'two', 'a:b.txt': 'x' })
  await desk.row('a:b.txt', 'failed').waitFor()
  await desk.row('报告 二.txt', 'done').waitFor()
  await desk.row('报告 一.txt', 'done').waitFor()
  await desk.app.by('transfer-list').focus()
  await desk.app.page.keyboard.press('Control+a')
  await desk.app.page.keyboard.press('Delete')
  await desk.app.by('empty-state').waitFor()

  await desk.app.by('nav-history').click()
  await expect.poll(() => desk.app.by('history-row').count()).toBe(3)
  // While it is open, what ends comes in by itself.
  await desk.drop({ '报告 三.txt': 'three' })
  await desk.app.by('nav-history').click()
  await expect.poll(() => desk.app.by('history-row').count()).toBe(4)
  await desk.app.by('search').locator('visible=true').fill('报告 一')
  await expect.poll(() => desk.app.by('history-row').count()).toBe(1)
  await desk.app.by('history-row').getByRole('button', { name: '报告 一.txt 的详情' }).click()
  const dialog = desk.app.page.getByRole('dialog', { name: '报告 一.txt' })
  await dialog.getByText('f97c5d29941bfb1b2fdab0874906ab82').waitFor()
  await desk.app.by('copy-details').click()
  const text = await desk.app.app.evaluate(({ clipboard }) => clipboard.readText())
  expect(text).toContain('MD5: f97c5d29941bfb1b2fdab0874906ab82')
  expect(text).toContain(join(desk.folder, '报告 一.txt'))
  await desk.app.page.keyboard.press('Escape')

  await desk.app.by('search').locator('visible=true').fill('')
  await desk.app.by('history-failed').click()
  await expect.poll(() => desk.app.by('history-row').count()).toBe(1)
  await desk.app.by('history-any').click()
  const path = join(desk.folder, '历史.csv')
  await desk.app.app.evaluate(({ dialog: chooser }, filePath) => {
    chooser.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
  await desk.app.by('history-export').click()
  await desk.app.page.getByText('已导出 4 条记录').waitFor()
  const lines = (await readFile(path, 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(5)
  expect(lines.filter((line) => line.includes('f97c5d29941bfb1b2fdab0874906ab82'))).toHaveLength(1)
  expect(lines.filter((line) => line.includes('名称含有云盘不允许的字符'))).toHaveLength(1)
})
