import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'
import { filesContaining } from '#test/leaks'
import { Stage } from '#test/scenes/stage'

/** What the window makes of states that are rare, and of settings with parts that hang together. */
let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

test('the weightiest reason stands over the list; an earlier queue that was set aside is told until it is read', async () => {
  await desk.open()
  await desk.app.by('upload-button').waitFor()
  const stage = new Stage(desk)
  const reason = (name: string) => desk.app.page.locator(`[data-testid="banner"][data-reason="${name}"]`)
  await stage.onlyTold('queue.changed')
  await stage.tellStatus({ paused: { until: Date.now() + 1_800_000 }, blocked: { reason: 'offline' } })
  await reason('paused').waitFor()
  const setAside = { reason: 'damaged', path: '/home/li/queue.db.damaged-2026-11-23' } as const
  await stage.tellStatus({ blocked: { reason: 'storage' }, paused: {}, setAside })
  await reason('storage').waitFor()
  await desk.app.by('banner-dismiss').click()
  expect(await desk.app.by('banner-set-aside').count()).toBe(0)
  await stage.tellStatus({ setAside })
  await reason('storage').waitFor({ state: 'hidden' })
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

test('a proxy that is filled in wrongly says which field', async () => {
  await desk.open()
  await desk.app.by('nav-settings').click()
  await desk.app.by('settings-network').click()
  await desk.app.by('proxy-manual').click()
  await desk.app.by('proxy-host').fill('127.0.0.1')
  await desk.app.by('proxy-port').fill('70000')
  await desk.app.by('proxy-save').click()
  expect(await desk.app.by('proxy-port').getAttribute('aria-invalid')).toBe('true')
  expect(await desk.app.by('proxy-host').getAttribute('aria-invalid')).toBe('false')
})
