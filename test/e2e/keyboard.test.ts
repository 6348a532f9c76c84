import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'
import { Keys } from '#test/keys'

/** A first day without a pointer: nothing here clicks. */
let desk: Desk
let keys: Keys

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

/** The chooser is the system's own window; what it answers is put in its place. */
async function willChoose(...filePaths: string[]): Promise<void> {
  await desk.app.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: chosen })
  }, filePaths)
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(desk.folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

test('signs in, keeps a first folder in step, then a file, pauses, resumes, retries, looks into issues and history, changes a setting', async () => {
  await desk.open({ env: { PAN123_TOKEN: '' } })
  keys = new Keys(desk.app.page)

  await keys.focused('signin-client-id')
  await keys.type(desk.emulator.clientID)
  await keys.tabTo('signin-client-secret')
  await keys.type(desk.emulator.clientSecret)
  await keys.press('Enter')

  await file('相册/一.jpg', '1')
  await file('相册/二.jpg', '22')
  await file('相册/a|b.jpg', 'not allowed')
  await willChoose(join(desk.folder, '相册'))
  await keys.focused('first-choose')
  await keys.press('Enter')
  await keys.focused('first-start')
  await desk.app.by('plan-problems').waitFor()
  expect(await desk.app.by('pair-plan').textContent()).toMatch(/上传\s*2.*移入回收站\s*0.*1 项无法同步/u)
  await keys.press('Enter')
  await desk.app.page.locator('[data-testid="pair"][data-state="synced"]').waitFor()
  expect(desk.emulator.tree().map(({ path }) => path)).toEqual(['/相册', '/相册/一.jpg', '/相册/二.jpg'])

  // A file by its own key, whose third slice does not come through until it is paused and resumed.
  desk.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'hang' })
  await willChoose(await file('大.bin', Buffer.alloc(40 * 1024 ** 2, 'x')))
  await keys.press('Control+o')
  await desk.row('大.bin', 'uploading').waitFor()
  await keys.tabTo('transfer-list')
  await keys.press('Home')
  await keys.press('p')
  await desk.row('大.bin', 'paused').waitFor()
  await keys.press('p')
  await desk.row('大.bin', 'done').waitFor()

  // One that the platform refuses once.
  desk.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: '文件被拒绝' })
  await willChoose(await file('小.txt', 'x'))
  await keys.press('Control+o')
  await desk.row('小.txt', 'failed').waitFor()
  await keys.press('Control+3')
  await desk.app.by('issue-retry').waitFor()
  await keys.tabTo('issue-retry')
  await keys.press('Enter')
  await desk.app.page.locator('[data-code="refused"]').waitFor({ state: 'detached' })

  await keys.press('Control+4')
  await keys.press('Control+f')
  await keys.focused('search')
  await keys.type('小')
  await expect.poll(() => desk.app.by('history-row').count()).toBe(1)
  await keys.tabTo('history-list')
  await keys.press('Enter')
  await desk.app.page.getByRole('dialog', { name: '小.txt' }).waitFor()
  await keys.press('Escape')
  await keys.focused('history-list')

  await keys.press('Control+,')
  await keys.tabTo('settings-general')
  await keys.tabTo('theme-system')
  await keys.press('ArrowRight')
  await keys.press('ArrowRight')
  await desk.app.page.locator('html.dark').waitFor()
  expect(desk.emulator.violations()).toEqual([])
})
