import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'

/** Many rows at once, without a mouse and with one. */
const MB = 1024 ** 2
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
  await desk.open()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

const press = (key: string): Promise<void> => desk.app.page.keyboard.press(key)

const selected = (): Promise<readonly string[]> =>
  desk.app.page
    .locator('[data-testid="transfer-row"][aria-selected="true"]')
    .evaluateAll((rows) =>
      rows.map((row) => (row as HTMLElement).dataset['path']?.replace(/^.*\//u, '') ?? ''),
    )

async function focused(testid: string): Promise<void> {
  await desk.app.page.locator(`[data-testid="${testid}"]:focus`).waitFor({ timeout: 5000 })
}

test('by keyboard: retry some, cancel others after a question, and clear all of it', async () => {
  desk.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: '文件被拒绝', times: 2 })
  await desk.drop({ 'a.txt': 'a', 'b.txt': 'b' })
  await desk.row('a.txt', 'failed').waitFor()
  await desk.row('b.txt', 'failed').waitFor()
  desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang', times: 2 })
  await desk.drop({ '1.bin': 20 * MB, '2.bin': 20 * MB })
  await desk.row('1.bin', 'uploading').waitFor()
  await desk.row('2.bin', 'uploading').waitFor()

  // Tab leads into the list, arrows lead through it, and Tab on into the buttons of one row alone.
  await desk.app.by('search').focus()
  await press('Tab')
  await focused('transfer-list')
  await press('End')
  await press('Shift+ArrowUp')
  expect([...(await selected())].sort()).toEqual(['a.txt', 'b.txt'])
  expect(await desk.app.by('selection-count').textContent()).toBe('已选 2 项')
  expect(await desk.app.page.locator('[data-testid="transfer-row"] button[tabindex="0"]').count()).toBe(4)
  expect(
    await desk.app.page.evaluate(() => document.activeElement?.getAttribute('aria-activedescendant')),
  ).toMatch(/^transfer-[\da-f-]{36}$/u)

  await press('ContextMenu')
  await focused('menu-retry')
  await press('ArrowDown')
  await focused('menu-clear')
  await press('ArrowUp')
  await focused('menu-retry')
  await press('Enter')
  await desk.row('a.txt', 'done').waitFor()
  await desk.row('b.txt', 'done').waitFor()
  await focused('transfer-list')

  await press('Home')
  await press('Shift+ArrowDown')
  expect([...(await selected())].sort()).toEqual(['1.bin', '2.bin'])
  await press('p')
  await desk.row('1.bin', 'paused').waitFor()
  await desk.row('2.bin', 'paused').waitFor()
  await press('Delete')
  await desk.app.by('cancel-confirm').waitFor()
  expect(await desk.app.page.getByText('取消 2 个上传？').count()).toBe(1)
  await press('Escape')
  await desk.app.by('cancel-confirm').waitFor({ state: 'hidden' })
  await focused('transfer-list')
  await press('Delete')
  await desk.app.page.locator('.el-dialog button:focus').waitFor()
  await press('Tab')
  await focused('cancel-confirm')
  await press('Enter')
  await desk.row('1.bin', 'cancelled').waitFor()
  await desk.row('2.bin', 'cancelled').waitFor()

  await focused('transfer-list')
  await press('Control+a')
  expect(await selected()).toHaveLength(4)
  await press('Delete')
  await desk.app.by('empty-state').waitFor()
  expect(await desk.app.by('selection-bar').count()).toBe(0)
})

/** Names in the order of the rows, once that is what it will be: they are put in order a while after they have changed. */
async function settledOrder(): Promise<readonly string[]> {
  let last: readonly string[] = []
  const isSettled = async (): Promise<boolean> => {
    const before = last
    last = await desk.app.page
      .getByTestId('transfer-row')
      .evaluateAll((rows) =>
        rows.map((row) => (row as HTMLElement).dataset['path']?.replace(/^.*\//u, '') ?? ''),
      )
    return last.length > 0 && last.join('\n') === before.join('\n')
  }
  await expect.poll(isSettled, { interval: 500, timeout: 20_000 }).toBe(true)
  return last
}

test('by mouse: one, several, a range; the bar below does it; what is hidden is not selected', async () => {
  await desk.app.by('nav-transfers').click()
  desk.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: '文件被拒绝', times: 4 })
  await desk.drop({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c', 'd.txt': 'd' })
  for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) await desk.row(name, 'failed').waitFor()
  const order = await settledOrder()
  const click = (index: number, ...modifiers: ('Control' | 'Shift')[]): Promise<void> =>
    desk.row(order[index] ?? '').click({ position: { x: 300, y: 50 }, modifiers })

  await click(0)
  expect(await selected()).toEqual(order.slice(0, 1))
  await click(2, 'Shift')
  expect(await selected()).toEqual(order.slice(0, 3))
  await click(1, 'Control')
  expect(await selected()).toEqual([order[0], order[2]])
  // The name opens the details, unless it is to be selected with others.
  await desk
    .row(order[3] ?? '')
    .getByRole('button', { name: '详情' })
    .click({ modifiers: ['Control'] })
  expect(await selected()).toHaveLength(3)
  expect(await desk.app.page.locator('.el-dialog:visible').count()).toBe(0)
  await desk.app.by('selected-retry').click()
  for (const index of [0, 2, 3]) await desk.row(order[index] ?? '', 'done').waitFor()
  expect(await desk.row(order[1] ?? '').getAttribute('data-status')).toBe('failed')
  expect(await selected()).toHaveLength(3)

  await desk.app.by('tab-failed').click()
  await desk.app.by('selection-bar').waitFor({ state: 'detached' })
  await desk.app.by('tab-all').click()
  expect(await selected()).toEqual([])
  await desk.row(order[1] ?? '').click({ button: 'right', position: { x: 300, y: 50 } })
  await desk.app.by('menu-copy').click()
  await desk.app.by('toast').getByText('已复制').waitFor()
  expect(await selected()).toEqual([order[1]])
})

test('a button that goes leaves the keyboard in the list', async () => {
  desk.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: '文件被拒绝' })
  await desk.drop({ 'a.txt': 'a' })
  await desk.row('a.txt', 'failed').waitFor()
  await desk.app.by('transfer-list').focus()
  await press('ArrowDown')
  for (let tabs = 0; tabs < 3; tabs++) await press('Tab')
  await focused('transfer-retry')
  await press('Enter')
  await desk.row('a.txt', 'done').waitFor()
  await focused('transfer-list')
})

test('all that failed, and all there is, from the head of the page', async () => {
  desk.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang', times: 2 })
  await desk.emulator.seed('/a.txt', Buffer.from('older'))
  await desk.drop({ 'a.txt': 'newer', '1.bin': 20 * MB, '2.bin': 20 * MB })
  await desk.row('a.txt', 'failed').waitFor()
  await desk.row('1.bin', 'uploading').waitFor()
  await desk.row('2.bin', 'uploading').waitFor()
  await desk.app.by('more').click()
  await desk.app.by('all-overwrite').click()
  await desk.row('a.txt', 'done').waitFor()
  await desk.app.by('more').click()
  await desk.app.by('cancel-all').click()
  await desk.app.by('cancel-confirm').click()
  await desk.row('1.bin', 'cancelled').waitFor()
  await desk.row('2.bin', 'cancelled').waitFor()
  await desk.app.by('more').click()
  await desk.app.by('clear-done').click()
  await desk.app.by('empty-state').waitFor()
})
