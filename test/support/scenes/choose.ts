import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAgain } from '../app.ts'
import type { Desk } from '../desk.ts'
import type { Group } from './scene.ts'
import type { Stage } from './stage.ts'

/** Where in the cloud something goes: asked by the file manager's menu, and wherever a cloud folder is set. */

const FOLDERS = [
  '照片/2024 秋天',
  '照片/2025',
  '照片/2026',
  '文档',
  '工作资料',
  '备份/手机',
  '视频',
  '音乐',
  '扫描件',
]
const LONG = '一个名字特别特别特别特别特别特别特别特别特别特别长的文件夹'

/** A second start, as the file manager does it. */
async function ask(desk: Desk): Promise<void> {
  const { emulator, folder, data } = desk
  const names = ['DSC_0183.RAW', '租房合同.pdf', '会议记录 - 副本.txt', '2026 预算.xlsx']
  for (const name of names) await writeFile(join(folder, name), name)
  await mkdir(join(folder, '相册'), { recursive: true })
  const paths = [...names, '相册'].map((name) => join(folder, name))
  await startAgain({ PAN123_API_URL: emulator.url, PAN123_DATA_DIR: data }, ['--upload-to', ...paths], folder)
}

async function asked(stage: Stage): Promise<void> {
  if (!(await stage.by('choose').isVisible())) await ask(stage.desk)
  await stage.by('folder-find').waitFor()
  await stage.app.page.locator('[data-testid="folder-way"] button').first().click()
  await stage.by('folder').waitFor()
}

const go = (stage: Stage, name: string) =>
  stage.app.page.locator(`[data-testid="folder"][data-name="${name}"]`).click()

export const chooseGroup: Group = {
  name: 'choose',
  data: [
    '测试用户',
    '新的备份',
    ...FOLDERS.flatMap((path) => path.split('/')),
    LONG,
    /DSC_0183\.RAW|租房合同\.pdf|会议记录 - 副本\.txt|更深|的地方|a:b|照/u,
  ],
  open: async (desk) => {
    for (const path of FOLDERS) await desk.emulator.seedFolder(`/${path}`)
    await desk.emulator.seedFolder(`/${LONG}/更深/的地方/照片`)
    await desk.open()
    await desk.app.by('account-name').waitFor()
  },
  scenes: [
    { name: 'choose', arrange: asked },
    {
      name: 'choose-deep',
      arrange: async (stage) => {
        await asked(stage)
        for (const name of [LONG, '更深', '的地方', '照片']) await go(stage, name)
        await stage.app.page.locator('[data-testid="folder-note"][data-status="there"]').waitFor()
      },
    },
    {
      name: 'choose-typed',
      arrange: async (stage) => {
        await asked(stage)
        await stage.by('folder-find').fill('照')
        await stage.by('folder-elsewhere').waitFor()
      },
    },
    {
      name: 'choose-new',
      arrange: async (stage) => {
        await asked(stage)
        await stage.by('folder-find').fill('新的备份')
        await stage.by('folder-elsewhere').click()
        await stage.app.page.locator('[data-testid="folder-note"][data-status="new"]').waitFor()
      },
    },
    {
      name: 'choose-forbidden',
      arrange: async (stage) => {
        await asked(stage)
        await stage.by('folder-find').fill('a:b')
        await stage.app.page.locator('[data-testid="folder-find"][aria-invalid="true"]').waitFor()
      },
    },
    {
      name: 'choose-loading',
      arrange: async (stage) => {
        const loading = stage.app.page.locator('[data-testid="folder-note"][data-status="loading"]')
        if (await loading.isVisible()) return
        await asked(stage)
        // Kept, since an answer that is collected as garbage is one.
        await stage.app.app.evaluate(({ ipcMain }) => {
          const unanswered: unknown[] = []
          Object.assign(globalThis, { unanswered })
          ipcMain.removeHandler('cloud.folders')
          ipcMain.handle('cloud.folders', () => new Promise((resolve) => unanswered.push(resolve)))
        })
        await go(stage, '视频')
        await loading.waitFor()
      },
    },
    {
      name: 'choose-offline',
      arrange: async (stage) => {
        if (await stage.by('folder-failed').isVisible()) return
        await stage.app.app.evaluate(({ ipcMain }) => {
          ipcMain.removeHandler('cloud.folders')
          ipcMain.handle('cloud.folders', () => ({ ok: false, failure: { code: 'offline', message: '' } }))
        })
        await stage.by('folder-find').fill('/文档')
        await stage.press('Enter')
        await stage.by('folder-failed').waitFor()
      },
    },
    {
      name: 'choose-signed-out',
      arrange: async (stage) => {
        if (!(await stage.by('choose').isVisible())) await ask(stage.desk)
        await stage.by('choose').waitFor()
        await stage.tell('session.changed', { status: 'signed-out' })
        await stage.by('choose-signed-out').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('.el-dialog:visible')
        await stage.app.page.reload()
        await stage.by('nav-transfers').waitFor()
      },
    },
  ],
}
