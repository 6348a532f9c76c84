import type { Autostart } from '#app/autostart'
import type { Commands } from '#app/ipc'
import { join } from 'node:path'
import { COMMON_RULES } from '#app/ignore-rules'
import type { Session } from '#app/session'
import type { ShellMenuState } from '#app/shell-menu/state'
import type { Group, Scene } from './scene.ts'
import type { Stage } from './stage.ts'

/** Every page of the settings, and the states they can be in. */

const MB = 1024 ** 2
const GB = 1024 ** 3
const DAY_MS = 24 * 60 * 60_000
const SECTIONS = ['general', 'account', 'transfers', 'network', 'sync', 'advanced', 'about'] as const
type Section = (typeof SECTIONS)[number]

async function open(stage: Stage, section: Section): Promise<void> {
  await stage.go('settings')
  await stage.by(`settings-${section}`).click()
  await stage.app.page.mouse.move(0, 0)
}

const inSection = (section: Section, name: string, arrange: (stage: Stage) => Promise<void>): Scene => ({
  name: `settings-${name}`,
  arrange: async (stage) => {
    await open(stage, section)
    await arrange(stage)
  },
})

const signedIn = (more: Partial<Session & { status: 'signed-in' }>): Session => ({
  status: 'signed-in',
  kept: 'keychain',
  account: {
    uid: '1814435971',
    nickname: '一个名字特别特别特别特别特别长的人 of two languages',
    usedBytes: 1_944 * GB,
    totalBytes: 2_048 * GB,
    vip: false,
  },
  ...more,
})

const AUTOSTART: readonly Autostart[] = [
  { status: 'off', why: 'moved' },
  { status: 'off', why: 'by-system' },
  { status: 'needs-approval' },
  { status: 'unavailable', why: 'development' },
]

const SHELL_MENU: Readonly<Record<string, ShellMenuState>> = {
  own: { by: 'person', on: true, thunar: 'on' },
  damaged: { by: 'person', on: false, thunar: 'damaged' },
  package: { by: 'package', thunar: 'linked' },
  installer: { by: 'installer' },
}

/** As another system would have it, or this one on another day. */
async function answer(stage: Stage, command: keyof Commands, state: unknown): Promise<void> {
  await stage.app.app.evaluate(
    ({ ipcMain }, [name, value]) => {
      ipcMain.removeHandler(name)
      ipcMain.handle(name, () => ({ ok: true, value }))
    },
    [command, state] as const,
  )
}

async function answerAutostart(stage: Stage, state: Autostart): Promise<void> {
  await answer(stage, 'autostart.get', state)
  await stage.app.page.evaluate(() => globalThis.dispatchEvent(new Event('focus')))
  await stage.app.page.locator(`[data-testid="autostart"][data-status="${state.status}"]`).waitFor()
}

const SESSIONS: Readonly<Record<string, Session>> = {
  soon: signedIn({ expiresAt: Date.now() + 3 * DAY_MS }),
  expired: signedIn({ expiresAt: Date.now() - DAY_MS, problem: { code: 'offline', message: '' } }),
  unknown: { status: 'signed-in', kept: 'session-only', problem: { code: 'proxy-failed', message: '' } },
}

export const settingsGroup: Group = {
  name: 'settings',
  data: [
    '测试用户',
    '一个名字特别特别特别特别特别长的人 of two languages',
    /网站|临时文件/u,
    ...COMMON_RULES,
    /(?:versions|settings|queue)\.json|logs|crashes/u,
    /\/tmp\S*|\.git\/|\*\.\w+|LICENSES\.chromium\.html|@[\w-]+\/[\w-]+/u,
  ],
  open: async (desk) => {
    await desk.open()
    await desk.app.by('account-name').waitFor()
    await desk.app.page.evaluate(() =>
      window.drive.call('settings.change', { exclude: ['node_modules/', '.git/', '# 临时文件', '*.tmp'] }),
    )
  },
  scenes: [
    ...SECTIONS.map((section) => inSection(section, section, () => Promise.resolve())),
    inSection('general', 'comfort', async (stage) => {
      await stage.by('notify-problems').scrollIntoViewIfNeeded()
    }),
    ...AUTOSTART.map((state) =>
      inSection('general', `autostart-${'why' in state ? state.why : state.status}`, async (stage) => {
        await answerAutostart(stage, state)
        await stage.by('autostart').scrollIntoViewIfNeeded()
      }),
    ),
    ...Object.entries(SHELL_MENU).map(([name, state]) =>
      inSection('general', `shell-menu-${name}`, async (stage) => {
        await answer(stage, 'shellMenu.get', state)
        // It is looked at when the page opens.
        await open(stage, 'about')
        await open(stage, 'general')
        await stage.by('shell-menu').waitFor()
      }),
    ),
    inSection('sync', 'sync-unsaved', async (stage) => {
      await stage.by('ignore-path').fill('网站/node_modules/vue/index.js')
      await stage.by('ignore-rules').fill('node_modules/\n.git/\n# 临时文件\n*.tmp\n*.bak')
      await stage.by('ignore-verdict').scrollIntoViewIfNeeded()
    }),
    inSection('network', 'limits', async (stage) => {
      await stage.settings({
        upLimit: {
          bytesPerSecond: 500 * 1024,
          timetable: [
            { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', bytesPerSecond: MB },
            { days: [0, 6], from: '22:00', to: '07:00', bytesPerSecond: undefined },
            { days: [], from: '00:00', to: '24:00', bytesPerSecond: 2 * MB },
          ],
        },
      })
      await stage.by('hours-add').scrollIntoViewIfNeeded()
      await stage.by('limit-value').evaluate((element) => element.scrollIntoView({ block: 'start' }))
    }),
    {
      ...inSection('network', 'proxy', async (stage) => {
        await stage.by('proxy-manual').click()
        await stage.by('proxy-save').click()
        await stage.by('proxy-host').evaluate((element) => element.scrollIntoView({ block: 'center' }))
      }),
      restore: (stage) => stage.by('proxy-none').click(),
    },
    {
      ...inSection('advanced', 'diagnostics', async (stage) => {
        await stage.by('export-diagnostics').scrollIntoViewIfNeeded()
        await stage.by('export-diagnostics').click()
        await stage.by('diagnostics-save').waitFor()
      }),
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('.el-dialog:visible')
      },
    },
    {
      ...inSection('advanced', 'diagnostics-saved', async (stage) => {
        await stage.app.app.evaluate(
          ({ dialog }, filePath) => {
            dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
          },
          join(stage.desk.folder, 'diagnostics.zip'),
        )
        await stage.by('export-diagnostics').click()
        await stage.by('diagnostics-save').click()
        await stage.by('toast-action').waitFor()
        await stage.gone('.el-dialog:visible')
        // It stays for as long as somebody may be about to use it.
        await stage.by('toast').hover()
      }),
      restore: async (stage) => {
        await stage.by('toast').getByRole('button').last().click()
        await stage.gone('[data-testid="toast"]')
      },
    },
    inSection('advanced', 'diagnostics-row', (stage) =>
      stage.by('export-diagnostics').scrollIntoViewIfNeeded(),
    ),
    ...Object.entries(SESSIONS).map(([name, session]) =>
      inSection('account', `account-${name}`, async (stage) => {
        await stage.tell('session.changed', session)
        await stage.by('token-life').waitFor()
      }),
    ),
    {
      ...inSection('about', 'licences', async (stage) => {
        await stage.by('show-licences').click()
        const third = stage.app.page.locator('[data-testid="licence"]:visible').nth(2)
        await third.getByRole('button').click()
        await third.locator('pre').waitFor()
      }),
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('.el-dialog:visible')
      },
    },
  ],
}
