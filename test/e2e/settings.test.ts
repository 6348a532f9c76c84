import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDesk, type Desk } from '#test/desk'
import { Keys } from '#test/keys'
import { Stage } from '#test/scenes/stage'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})
afterEach(async () => {
  const complaints = desk.complaints()
  await desk.close()
  expect(complaints).toEqual([])
})

const SECTIONS = ['general', 'account', 'transfers', 'network', 'sync', 'advanced', 'about'] as const
const press = (key: string): Promise<void> => desk.app.page.keyboard.press(key)
const focused = (testid: string): Promise<void> =>
  desk.app.page.locator(`[data-testid="${testid}"]:focus`).waitFor({ timeout: 5000 })

async function openSection(section: (typeof SECTIONS)[number]): Promise<void> {
  await desk.app.by('nav-settings').click()
  await desk.app.by(`settings-${section}`).click()
}

const tabTo = (testid: string): Promise<void> => new Keys(desk.app.page).tabTo(testid)

const clipboard = (): Promise<string> => desk.app.app.evaluate(({ clipboard }) => clipboard.readText())

describe('the pages', () => {
  test('open by the keyboard alone', async () => {
    await desk.open()
    await tabTo('nav-settings')
    await press('Enter')
    await tabTo('settings-general')
    for (const [index, section] of SECTIONS.entries()) {
      await focused(`settings-${section}`)
      const tab = desk.app.by(`settings-${section}`)
      expect(await tab.getAttribute('aria-selected')).toBe('true')
      const name = (await tab.textContent()) ?? ''
      await desk.app.page.getByRole('tabpanel', { name: name.trim() }).waitFor()
      await press(index % 2 === 0 ? 'ArrowDown' : 'ArrowRight')
    }
    await focused('settings-general')
    await press('ArrowUp')
    await focused('settings-about')
    await press('Home')
    await focused('settings-general')
    await press('End')
    await tabTo('show-licences')
  })

  test('are led to by what is about them, with the focus', async () => {
    await desk.open()
    await new Stage(desk).tellStatus({ blocked: { reason: 'proxy' } })
    await desk.app.by('banner-action').focus()
    await press('Enter')
    await focused('settings-network')
    await desk.app.by('setting-proxy').waitFor()
    await desk.app.by('nav-transfers').click()
    await desk.app.by('nav-settings').click()
    // Where the person was last.
    expect(await desk.app.by('settings-network').getAttribute('aria-selected')).toBe('true')
  })
})

describe('ignore rules', () => {
  async function tree(name: string, files: readonly string[]): Promise<string> {
    for (const file of files) {
      const path = join(desk.folder, name, file)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, file)
    }
    return join(desk.folder, name)
  }
  const arrived = (): readonly string[] =>
    desk.emulator
      .files()
      .map(({ path }) => path)
      .sort()

  test('keep what matches out of the drive, here and after a restart', async () => {
    const photos = await tree('照片', [
      '一.jpg',
      '草稿.tmp',
      '要的.tmp',
      'node_modules/a/b.js',
      '子/node_modules',
    ])
    await desk.open()
    await openSection('sync')
    await desk.app.by('common-rule').getByText('node_modules/').click()
    await desk.app.by('ignore-rules').press('Control+End')
    await desk.app.page.keyboard.type('\n*.tmp\n!要的.tmp')
    await desk.app.page.getByText('有未保存的改动').waitFor()
    // What is typed is still there after a look elsewhere.
    await desk.app.by('nav-transfers').click()
    await openSection('sync')
    expect(await desk.app.by('ignore-rules').inputValue()).toBe('node_modules/\n*.tmp\n!要的.tmp')
    await desk.app.by('ignore-save').click()
    await desk.app.page.getByText('共 3 行').waitFor()
    await expect
      .poll(async () => JSON.parse(await readFile(join(desk.data, 'settings.json'), 'utf8')) as unknown)
      .toMatchObject({ exclude: ['node_modules/', '*.tmp', '!要的.tmp'] })

    await desk.app.drop([photos])
    await desk.row('子/node_modules', 'done').waitFor()
    await desk.row('一.jpg', 'done').waitFor()
    await desk.row('要的.tmp', 'done').waitFor()
    const here = ['/照片/一.jpg', '/照片/子/node_modules', '/照片/要的.tmp'].sort()
    expect(arrived()).toEqual(here)

    const docs = await tree('文档', ['二.txt', '垃圾.tmp'])
    await desk.app.close()
    await desk.open({ args: ['--upload', docs] })
    await desk.row('二.txt', 'done').waitFor()
    expect(arrived()).toEqual([...here, '/文档/二.txt'].sort())
    await openSection('sync')
    expect(await desk.app.by('ignore-rules').inputValue()).toBe('node_modules/\n*.tmp\n!要的.tmp')
    await desk.app.drop([join(docs, '垃圾.tmp')])
    await desk.app.page.getByText('也可能是忽略规则排除了它们').waitFor()
  })

  test('say at once what they would do with a path; too much is not saved', async () => {
    await desk.open()
    await openSection('sync')
    await desk.app.by('ignore-rules').fill('*.tmp')
    await desk.app.by('ignore-path').fill('项目/草稿.tmp')
    expect(await desk.app.by('ignore-verdict').textContent()).toContain('不会上传，匹配规则 *.tmp')
    await desk.app.by('ignore-rules').fill('项目/')
    expect(await desk.app.by('ignore-verdict').textContent()).toContain('“项目”匹配规则 项目/')
    await desk.app.by('ignore-rules').fill('x\n'.repeat(201))
    expect(await desk.app.by('ignore-state').textContent()).toBe('最多 200 行')
    expect(await desk.app.by('ignore-save').isDisabled()).toBe(true)
    await desk.app.by('ignore-revert').click()
    expect(await desk.app.by('ignore-rules').inputValue()).toBe('')
  })
})

describe('the account', () => {
  test('is asked for anew; a failure is said, and what was known stays', async () => {
    await desk.open()
    await openSection('account')
    await desk.app.by('quota').getByText('2 TB').first().waitFor()
    desk.emulator.fault({ on: 'user_info', kind: 'before', status: 503, body: '' })
    await desk.app.by('account-refresh').click()
    await desk.app.by('account-problem').waitFor()
    expect(await desk.app.by('quota').textContent()).toContain('2 TB')
    desk.emulator.quirks.spaceBytes = 0
    await desk.app.by('account-refresh').click()
    await desk.app.by('account-problem').waitFor({ state: 'detached' })
    await desk.app.page.getByText('云盘未提供总容量').waitFor()
  })

  test('can be another one, and need not', async () => {
    await desk.open()
    await openSection('account')
    await desk.app.by('setting-other-account').click()
    await desk.app.by('signin-tab-client').waitFor()
    await desk.app.page.getByText('返回传输列表').click()
    await desk.app.by('upload-button').waitFor()
  })
})

describe('what the app is', () => {
  test('the licences of others can be searched and read', async () => {
    await desk.open()
    await openSection('about')
    await desk.app.by('show-licences').click()
    const rows = desk.app.by('licence')
    await rows.first().waitFor()
    expect(await rows.count()).toBeGreaterThan(80)
    // The focus is there already.
    await desk.app.by('search').and(desk.app.page.locator(':focus')).waitFor()
    await desk.app.page.keyboard.type('UNDICI')
    await expect.poll(() => rows.count()).toBe(1)
    await rows.first().getByRole('button').click()
    expect(await rows.first().locator('pre').textContent()).toContain('Matteo Collina')
    await desk.app.by('search').fill('没有这个')
    await desk.app.page.getByText('没有名称或许可证包含“没有这个”的软件').waitFor()
    await desk.app.by('search').fill('')
    await desk.app.by('licence').getByText('Electron', { exact: true }).waitFor()
    await desk.app.page.locator('.el-dialog__headerbtn:visible').click()
    await focused('show-licences')
  })

  test('diagnostics are copied, with no secret and no name in them', async () => {
    await desk.open()
    await new Stage(desk).settings({
      proxy: { kind: 'manual', protocol: 'socks5', host: '127.0.0.1', port: 1, username: '李明的代理' },
    })
    await openSection('advanced')
    await desk.app.by('copy-diagnostics').click()
    await desk.app.page.getByText('已复制').waitFor()
    const text = await clipboard()
    expect(text).toContain(`平台地址：${desk.emulator.url}`)
    expect(text).toContain('代理服务器：socks5://127.0.0.1:1')
    for (const secret of [desk.emulator.token, '测试用户', '1814435971', '李明', desk.data, '13800138000'])
      expect(text).not.toContain(secret)
  })

  test('the data folder is named, copied, and opened; where that fails it is said', async () => {
    await desk.open()
    await openSection('advanced')
    await desk.app.by('data-folder').getByText(desk.data).waitFor()
    await desk.app.by('copy-data-folder').click()
    await expect.poll(clipboard).toBe(desk.data)
    const opened = desk.app.app.evaluate(
      ({ shell }) =>
        new Promise<string>((resolve) => {
          shell.openPath = (path) => {
            resolve(path)
            return Promise.resolve('no program for it')
          }
        }),
    )
    await desk.app.by('open-data-folder').click()
    expect(await opened).toBe(desk.data)
    await desk.app.page.getByText('系统没能打开这个文件夹').waitFor()
  })
})
