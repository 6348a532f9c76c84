import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { electronProgram, environment, PROJECT } from '#test/app'
import { createDesk, type Desk } from '#test/desk'

/** What an AppImage does: its file is named in the environment. */

let desk: Desk
let image: string
let extension: string

async function open(program: string): Promise<void> {
  const { folder } = desk
  await desk.open({
    env: {
      APPIMAGE: program,
      XDG_DATA_HOME: join(folder, 'data-home'),
      XDG_CONFIG_HOME: join(folder, 'config-home'),
      XDG_CONFIG_DIRS: join(folder, 'etc'),
    },
  })
}

beforeAll(async () => {
  desk = await createDesk()
  image = join(desk.folder, "程序 it's.AppImage")
  extension = join(desk.folder, 'data-home/nautilus-python/extensions/pan123_sync.py')
  writeFileSync(image, '')
})
afterAll(() => desk.close())

test('the switch shows what is there, makes entries and removes them', async () => {
  await open(image)
  const { app } = desk
  await app.by('nav-settings').click()
  await app.by('settings-general').click()
  const isOn = () => app.by('shell-menu-on').getAttribute('aria-checked')
  await app.by('shell-menu-on').waitFor()
  expect(await isOn()).toBe('false')
  await app.by('shell-menu-on').click()
  await expect.poll(isOn).toBe('true')
  expect(readFileSync(extension, 'utf8')).toContain(JSON.stringify(image))
  await app.picture('settings-shell-menu')
  await app.by('shell-menu-off').click()
  await expect.poll(() => existsSync(extension)).toBe(false)
  await expect.poll(isOn).toBe('false')
  await app.close()
})

test('a file whose name is no UTF-8 is told as such when an entry names it, and no other one is sent', async () => {
  const { folder, emulator } = desk
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff])]), 'wanted')
  writeFileSync(join(folder, 'bad\ufffd'), 'another file')
  await open(image)
  const { app } = desk
  // An entry gives bytes, which no text of ours can hold; a second start hands the name to the app that runs.
  const script = 'bad=$(printf "%s/bad\\377" "$1"); shift; exec "$@" --upload "$bad"'
  execFileSync('/bin/sh', ['-c', script, '-', folder, electronProgram(), '--no-sandbox', ...PROJECT], {
    env: environment({ PAN123_API_URL: emulator.url, PAN123_DATA_DIR: desk.data, LC_ALL: 'C.UTF-8' }),
    stdio: 'ignore',
  })
  await app.by('nav-issues').click()
  const issue = app.page.locator('[data-testid="issue"][data-code="name-encoding"]')
  await issue.waitFor()
  expect(await issue.textContent()).toContain('编码不是 UTF-8')
  expect(await issue.textContent()).toContain('请改名')
  expect(emulator.files()).toEqual([])
  expect(await desk.row('').count()).toBe(0)
  await app.close()
})
