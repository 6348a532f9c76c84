import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Events, QueueStatus } from '#app/ipc'
import type { Settings } from '#app/settings'
import type { Transfer, TransferId, TransferState } from '#app/transfer'
import { createDesk, type Desk } from '#test/desk'
import { filesContaining } from '#test/leaks'
import * as looks from '#test/looks'

/** Every state of the list that is rare or takes long to reach, as main would tell of it: is all of it there to be read? */
const MB = 1024 ** 2
const TRIES = { attempt: 0, restarts: 0 }
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

const tell = <E extends keyof Events>(event: E, payload: Events[E]): Promise<void> =>
  looks.tell(desk, event, payload)

const tellStatus = (status: Partial<QueueStatus>): Promise<void> =>
  tell('queue.changed', { speed: 0, running: 0, ...status })

const settings = (change: Partial<Settings>): Promise<void> => looks.changeSettings(desk, change)

function row(name: string, state: TransferState, more: Partial<Transfer> = {}): Transfer {
  const remotePath = `/2026 年会/照片/${name}`
  return {
    id: name as TransferId, // A brand has no constructor.
    path: `/home/li${remotePath}`,
    size: 1800 * MB,
    remotePath,
    source: 'manual',
    addedAt: Date.now(),
    position: 0,
    keptBytes: 0,
    state,
    ...more,
  }
}

const rows = (now: number): readonly Transfer[] => [
  row(
    '年会回顾 终版.mp4',
    { status: 'uploading', tries: TRIES, sent: 1100 * MB, slicesDone: 71, slices: 112 },
    { startedOver: 'file-changed', keptBytes: 1000 * MB },
  ),
  row('DSC_20261102_0183.RAW', {
    status: 'waiting',
    tries: TRIES,
    retryAt: now + 90_000,
    failure: { code: 'quota-exceeded', message: '', detail: '1.5 GB' },
  }),
  row(
    '设计稿备份（含历史版本）.zip',
    {
      status: 'waiting',
      tries: { attempt: 2, restarts: 0 },
      retryAt: now + 90_000,
      failure: { code: 'rate-limited', message: '' },
    },
    { keptBytes: 300 * MB },
  ),
  row(
    'debian-12.9.0-amd64-DVD-1.iso',
    { status: 'paused', tries: TRIES },
    { keptBytes: 1100 * MB, startedOver: 'upload-expired' },
  ),
  row('录音.flac', { status: 'paused', tries: TRIES, until: now + 1_800_000 }, { position: 1 }),
  row('租房合同_扫描件.pdf', { status: 'queued', tries: TRIES }, { keptBytes: 540 * MB }),
  row('2026 预算.xlsx', { status: 'queued', tries: TRIES }, { position: 1 }),
  row('会议记录.txt', { status: 'failed', failure: { code: 'name-taken', message: '' }, finishedAt: now }),
  row('封面.png', { status: 'failed', failure: { code: 'refused', message: '' }, finishedAt: now }),
  row('课件.pptx', { status: 'done', fileID: 1, method: 'instant', md5: '', sentBytes: 0, finishedAt: now }),
]

const inEachLook = (name: string, prepare: () => Promise<void>, undo?: () => Promise<void>): Promise<void> =>
  looks.inEachLook(desk, name, prepare, undo)

const press = (key: string): Promise<void> => desk.app.page.keyboard.press(key)
const byName = (name: string) => desk.row(name)

test('the list, its banners, menus and questions', async () => {
  await desk.open()
  await desk.app.by('upload-button').waitFor()
  await settings({ upLimit: { bytesPerSecond: 2 * MB, timetable: [] } })
  await tell('transfers.changed', { changed: rows(Date.now()), removed: [] })
  await byName('课件.pptx').waitFor()

  await tellStatus({ speed: 2 * MB, running: 1, steady: true })
  await inEachLook('list', () => desk.app.by('limit-mark').waitFor())
  await inEachLook('selected', async () => {
    await desk.app.by('transfer-list').focus()
    await press('Control+a')
    await desk.app.by('selected-clear').waitFor()
  })
  await press('Escape')
  await inEachLook(
    'menu',
    async () => {
      await byName('debian-12.9.0-amd64-DVD-1.iso').click({ button: 'right', position: { x: 120, y: 50 } })
      await desk.app.by('menu-copy').waitFor()
    },
    () => press('Escape'),
  )
  await inEachLook(
    'details',
    async () => {
      await byName('debian-12.9.0-amd64-DVD-1.iso').getByRole('button').first().click()
      await desk.app.page.locator('.el-dialog:visible dl').waitFor()
    },
    async () => {
      await press('Escape')
      await desk.app.page.locator('.el-dialog:visible').waitFor({ state: 'hidden' })
    },
  )
  await inEachLook(
    'pause-menu',
    async () => {
      await desk.app.by('pause-all').click()
      await desk.app.by('resume-paused').waitFor()
    },
    async () => {
      await press('Escape')
      await desk.app.by('resume-paused').waitFor({ state: 'hidden' })
    },
  )
  await inEachLook(
    'cancel-question',
    async () => {
      await desk.app.by('more').click()
      await desk.app.by('cancel-all').click()
      await desk.app.by('cancel-confirm').waitFor()
    },
    async () => {
      await press('Escape')
      await desk.app.by('cancel-confirm').waitFor({ state: 'hidden' })
    },
  )

  await tell('transfers.changed', {
    changed: rows(Date.now()).map((transfer) =>
      transfer.state.status === 'uploading'
        ? { ...transfer, state: { status: 'queued', tries: TRIES } }
        : transfer,
    ),
    removed: [],
  })
  await tellStatus({ paused: { until: Date.now() + 1_800_000 }, blocked: { reason: 'offline' } })
  await inEachLook('paused-all', async () => {
    await desk.app.page.locator('[data-testid="banner"][data-reason="paused"]').waitFor()
    expect(await desk.app.by('queue-left').textContent()).toContain('—')
  })
  const setAside = {
    reason: 'damaged',
    path: '/home/li/.config/123pan-sync/queue.db.damaged-2026-11-23T20-02-52',
  } as const
  await tellStatus({ blocked: { reason: 'storage' }, paused: {}, setAside })
  await inEachLook('storage', () =>
    desk.app.page.locator('[data-testid="banner"][data-reason="storage"]').waitFor(),
  )
  await desk.app.by('banner-dismiss').click()
  expect(await desk.app.by('banner-set-aside').count()).toBe(0)
  await tellStatus({ setAside })
  expect(await desk.app.by('banner-set-aside').count()).toBe(0)
})

test('a proxy is filled in, kept with its password in the keychain, and taken off again', async () => {
  await desk.open()
  await desk.app.by('nav-settings').click()
  await desk.app.by('settings-network').click()
  await desk.app.by('proxy-manual').click()
  await desk.app.by('proxy-protocol').selectOption('socks5')
  await desk.app.by('proxy-host').fill('127.0.0.1')
  await desk.app.by('proxy-port').fill('1')
  expect(await desk.app.by('proxy-password').isDisabled()).toBe(true)
  await desk.app.by('proxy-username').fill('李')
  await desk.app.by('proxy-password').fill('not-in-a-file')
  await desk.app.by('proxy-save').click()
  await desk.app.page.getByText('代理设置已生效').waitFor()
  await desk.app.page.getByText('已保存在系统钥匙串中，留空则不变').waitFor()
  expect(await desk.app.by('proxy-password').inputValue()).toBe('')
  expect(await filesContaining(desk.data, 'not-in-a-file')).toEqual([])

  await desk.restart()
  await desk.app.by('nav-settings').click()
  await desk.app.by('settings-network').click()
  expect(await desk.app.by('proxy-host').inputValue()).toBe('127.0.0.1')
  expect(await desk.app.by('proxy-username').inputValue()).toBe('李')
  await desk.app.by('proxy-forget').click()
  await desk.app.by('proxy-forget').waitFor({ state: 'detached' })
  await desk.app.by('proxy-none').click()
  await desk.app.by('proxy-host').waitFor({ state: 'detached' })
  await expect
    .poll(async () => JSON.parse(await readFile(join(desk.data, 'settings.json'), 'utf8')) as unknown)
    .toMatchObject({ proxy: { kind: 'none' } })
})

test('the settings', async () => {
  await desk.open()
  await desk.app.by('nav-settings').click()
  await desk.app.by('settings-network').click()
  await settings({
    upLimit: {
      bytesPerSecond: 500 * 1024,
      timetable: [
        { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', bytesPerSecond: MB },
        { days: [0, 6], from: '22:00', to: '07:00', bytesPerSecond: undefined },
        { days: [], from: '00:00', to: '24:00', bytesPerSecond: 2 * MB },
      ],
    },
  })
  await inEachLook('limits', async () => {
    await desk.app.by('hours').nth(2).waitFor()
    await desk.app.by('hours-add').scrollIntoViewIfNeeded()
    await desk.app.by('limit-value').evaluate((element) => element.scrollIntoView({ block: 'start' }))
  })
  await desk.app.by('proxy-manual').click()
  await desk.app.by('proxy-save').click()
  await inEachLook('proxy', async () => {
    await desk.app.by('proxy-host').evaluate((element) => element.scrollIntoView({ block: 'center' }))
  })
  await desk.app.by('proxy-host').fill('127.0.0.1')
  await desk.app.by('proxy-port').fill('70000')
  await desk.app.by('proxy-save').click()
  expect(await desk.app.by('proxy-port').getAttribute('aria-invalid')).toBe('true')
  expect(await desk.app.by('proxy-host').getAttribute('aria-invalid')).toBe('false')
})
