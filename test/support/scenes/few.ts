import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Group, Scene } from './scene.ts'
import type { Stage } from './stage.ts'

/** States with little or nothing in them: the first minutes, and what can stand in their way. */

const NICKNAME = '测试用户'
/** Nobody is signed in. */
const NOBODY = { PAN123_TOKEN: '' }

async function signInByToken(stage: Stage, token: string, button: string): Promise<void> {
  await stage.by('signin-tab-token').click()
  await stage.by('signin-token').fill(token)
  await stage.by(button).click()
}

/** The question of the page that starts is answered by nobody, or wrongly. */
async function startAgain(stage: Stage, answer: 'never' | 'badly'): Promise<void> {
  const { app, page } = stage.app
  await app.evaluate(({ ipcMain }, how) => {
    ipcMain.removeHandler('queue.get')
    // Kept, since an answer that is collected as garbage is one.
    const unanswered: unknown[] = []
    Object.assign(globalThis, { unanswered })
    ipcMain.handle('queue.get', () =>
      how === 'never'
        ? new Promise((resolve) => unanswered.push(resolve))
        : { ok: false, failure: { code: 'interrupted', message: '' } },
    )
  }, answer)
  await page.reload()
}

export const startGroup: Group = {
  name: 'start',
  data: [NICKNAME],
  open: (desk) => desk.open(),
  scenes: [
    {
      name: 'loading',
      arrange: async (stage) => {
        if (!(await stage.app.page.locator('.boot [role=status]').isVisible()))
          await startAgain(stage, 'never')
        await stage.app.page.locator('.boot [role=status]').waitFor()
      },
    },
    {
      name: 'start-failed',
      arrange: async (stage) => {
        if (!(await stage.app.page.locator('.boot [role=alert]').isVisible()))
          await startAgain(stage, 'badly')
        await stage.app.page.locator('.boot [role=alert]').waitFor()
      },
    },
  ],
}

export const freshGroup: Group = {
  name: 'fresh',
  data: [NICKNAME, /\/\S*pan123-desk\S*/u, '新的相册', '链接'],
  open: (desk) => desk.open({ env: NOBODY }),
  scenes: [
    { name: 'sign-in', arrange: (stage) => stage.by('signin-tab-client').click() },
    { name: 'sign-in-token', arrange: (stage) => stage.by('signin-tab-token').click() },
    {
      name: 'sign-in-incomplete',
      arrange: async (stage) => {
        await stage.by('signin-tab-client').click()
        await stage.by('signin-submit').click()
        await stage.app.page.locator('.field.wrong').first().waitFor()
      },
    },
    {
      name: 'sign-in-refused',
      arrange: async (stage) => {
        await signInByToken(stage, 'no-such-token', 'signin-submit')
        await stage.by('signin-error').waitFor()
      },
    },
    {
      name: 'early-settings',
      arrange: async (stage) => {
        if (!(await stage.by('early-back').isVisible())) await stage.by('signin-settings').click()
        await stage.by('early-back').waitFor()
      },
      restore: (stage) => stage.by('early-back').click(),
    },
    {
      name: 'first-folder',
      arrange: async (stage) => {
        if (await stage.by('first-folder').isVisible()) return
        await signInByToken(stage, stage.desk.emulator.token, 'signin-submit')
        await stage.by('first-folder').waitFor()
      },
    },
    {
      name: 'first-folder-chosen',
      arrange: async (stage) => {
        const folder = join(stage.desk.folder, '新的相册')
        await mkdir(folder, { recursive: true })
        for (let no = 0; no < 12; no++)
          await writeFile(join(folder, `IMG_${no}.jpg`), 'x'.repeat(40_000 * no))
        await writeFile(join(folder, 'a|b.jpg'), 'x')
        await symlink('IMG_1.jpg', join(folder, '链接')).catch(() => undefined)
        await stage.app.app.evaluate(
          ({ dialog }, filePaths) => {
            dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
          },
          [folder],
        )
        await stage.by('first-choose').click()
        await stage.by('plan-problems').waitFor()
      },
    },
    {
      name: 'first-folder-once',
      arrange: async (stage) => {
        await stage.by('first-once').click()
        await stage.by('preview-why').waitFor()
      },
    },
    {
      name: 'first-folder-why',
      arrange: async (stage) => {
        if ((await stage.by('preview-why').getAttribute('aria-expanded')) === 'false')
          await stage.by('preview-why').click()
      },
    },
  ],
}

export const keychainGroup: Group = {
  name: 'no-keychain',
  data: [NICKNAME],
  open: (desk) =>
    desk.open({
      env: { ...NOBODY, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(desk.folder, 'no-bus')}` },
    }),
  scenes: [
    { name: 'no-keychain', arrange: (stage) => stage.by('signin-error').waitFor() },
    {
      name: 'session-only',
      arrange: async (stage) => {
        if (await stage.by('nav-transfers').isVisible()) return
        await signInByToken(stage, stage.desk.emulator.token, 'signin-session-only')
        await stage.by('first-later').click()
        await stage.by('account-menu').waitFor()
      },
    },
  ],
}

export const lostGroup: Group = {
  name: 'signed-out',
  data: [NICKNAME],
  open: async (desk) => {
    await desk.open({ env: { PAN123_TOKEN: 'revoked-long-ago' } })
    await desk.app.by('signin-error').waitFor()
  },
  scenes: [{ name: 'signed-out', arrange: (stage) => stage.by('signin-error').waitFor() }],
}

const page = (name: 'transfers' | 'sync' | 'issues' | 'history', testid: string): Scene => ({
  name: `${name}-empty`,
  arrange: async (stage) => {
    await stage.go(name)
    await stage.by(testid).waitFor()
  },
})

export const emptyGroup: Group = {
  name: 'empty',
  data: [NICKNAME],
  open: async (desk) => {
    await desk.open()
    await desk.app.by('account-name').waitFor()
  },
  scenes: [
    page('transfers', 'empty-state'),
    page('sync', 'sync-none'),
    page('issues', 'issues-none'),
    page('history', 'history-none'),
    {
      name: 'drop',
      arrange: async (stage) => {
        await stage.go('transfers')
        // As the browser tells of it; that real files come with a real drag is shown elsewhere.
        await stage.app.page.evaluate(() => {
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File([], 'a.jpg'))
          window.dispatchEvent(new DragEvent('dragenter', { dataTransfer }))
        })
        await stage.by('drop-backdrop').waitFor()
      },
      restore: async (stage) => {
        await stage.app.page.mouse.move(5, 5)
        await stage.gone('[data-testid="drop-backdrop"]')
      },
    },
    {
      name: 'account-menu',
      arrange: async (stage) => {
        await stage.by('account-menu').click()
        await stage.by('sign-out').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('[data-testid="sign-out"]')
      },
    },
    {
      name: 'destination',
      arrange: async (stage) => {
        await stage.by('destination').click()
        await stage.by('destination-input').fill('/照片/a:b')
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('.el-dialog')
      },
    },
    {
      name: 'destination-browse',
      arrange: async (stage) => {
        await stage.by('destination').click()
        await stage.by('destination-input-browse').click()
        await stage.app.page.locator('[data-testid="folder-note"][data-status="there"]').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('.el-dialog')
      },
    },
  ],
}
