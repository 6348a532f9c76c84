import type { Group, Scene } from './scene.ts'
import { busy, rowOf, stopMoving } from './moving.ts'
import { seedMany, seedUsed } from './seed.ts'
import { Stage } from './stage.ts'

/** States of a window that has been in use. The queue is real and paused; what would be on the move is told. */

const MB = 1024 ** 2
const GB = 1024 ** 3
const DAY_MS = 24 * 60 * 60_000
const NICKNAME = '林间小屋'
const MANY = 15_000

const banner = (name: string, reason: string, status: Parameters<Stage['tellStatus']>[0]): Scene => ({
  name,
  arrange: async (stage) => {
    await stage.go('transfers')
    await stopMoving(stage)
    await stage.tellStatus(status)
    await stage.app.page.locator(`[data-testid="banner"][data-reason="${reason}"]`).waitFor()
  },
})

const closeDialog = async (stage: Stage): Promise<void> => {
  await stage.press('Escape')
  await stage.gone('.el-dialog:visible')
}

const details = (name: string, file: string): Scene => ({
  name,
  arrange: async (stage) => {
    await stage.go('transfers')
    await stage.by('tab-all').click()
    await stage.by('search').fill(file)
    await rowOf(stage, file).locator('.name').click()
    await stage.app.page.locator('.el-dialog:visible dd').nth(5).waitFor()
  },
  restore: async (stage) => {
    await closeDialog(stage)
    await stage.by('search').fill('')
  },
})

export const usedGroup: Group = {
  name: 'used',
  data: [
    NICKNAME,
    /\/home\/\S+/u,
    /年会回顾 终版|前端 组件库|租房合同_扫描件|合同 终稿|航拍 素材|访谈|会议记录: 第三次|旧版 方案|设计稿备份（含历史版本）|年度总结|报价单|通讯录|封面|合影|2026 预算|汇总/u,
    /照片|秋|视频|镜像|备份|录音|代码|文档|旅行|素材|项目|密钥|当前版本|资源|最新|季度/u,
  ],
  open: async (desk) => {
    await seedUsed(desk.data, Date.now())
    await desk.open()
    await desk.app.by('account-quota').waitFor()
    await new Stage(desk).tell('session.changed', {
      status: 'signed-in',
      kept: 'keychain',
      expiresAt: Date.now() + 25 * DAY_MS,
      account: {
        uid: '1814435971',
        nickname: NICKNAME,
        usedBytes: 812 * GB,
        totalBytes: 2048 * GB,
        vip: true,
      },
    })
  },
  scenes: [
    { name: 'transfers', arrange: busy },
    {
      name: 'transfers-selected',
      arrange: async (stage) => {
        await stage.by('transfer-list').focus()
        await stage.press('Home')
        for (let no = 0; no < 3; no++) await stage.press('Shift+ArrowDown')
        await stage.by('selection-bar').waitFor()
      },
    },
    {
      name: 'transfers-all-selected',
      arrange: async (stage) => {
        await stage.by('transfer-list').focus()
        await stage.press('Control+a')
        await stage.by('selected-more').waitFor()
      },
      restore: async (stage) => {
        await stage.by('transfer-list').focus()
        await stage.press('Escape')
        await stage.gone('[data-testid="selection-bar"]')
      },
    },
    {
      name: 'transfers-menu',
      arrange: async (stage) => {
        await rowOf(stage, '访谈 03.flac').click({ button: 'right', position: { x: 120, y: 50 } })
        await stage.by('menu-copy').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.press('Escape')
      },
    },
    {
      name: 'transfers-more',
      arrange: async (stage) => {
        await stage.by('more').click()
        await stage.by('clear-done').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('[data-testid="clear-done"]')
      },
    },
    {
      name: 'transfers-cancel',
      arrange: async (stage) => {
        await stage.by('more').click()
        await stage.by('cancel-all').click()
        await stage.by('cancel-confirm').waitFor()
      },
      restore: closeDialog,
    },
    {
      name: 'transfers-failed',
      arrange: async (stage) => {
        await stage.by('tab-failed').click()
        await stage.app.page.mouse.move(0, 0)
      },
    },
    {
      name: 'transfers-not-found',
      arrange: (stage) => stage.by('search').fill('没有这个文件.jpg'),
      restore: (stage) => stage.by('search').fill(''),
    },
    details('details-half-sent', '2026 年会回顾 终版.mp4'),
    details('details-failed', '航拍 素材.mov'),
    details('details-done', '年度总结.pptx'),
    {
      name: 'pause-menu',
      arrange: async (stage) => {
        await stage.by('pause-all').click()
        await stage.by('pause-hour').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('[data-testid="pause-hour"]')
      },
    },
    {
      name: 'transfers-limited',
      arrange: async (stage) => {
        await stage.settings({ upLimit: { bytesPerSecond: 6 * MB, timetable: [] } })
        await stage.by('limit-mark').waitFor()
      },
      restore: (stage) => stage.settings({ upLimit: { bytesPerSecond: undefined, timetable: [] } }),
    },
    banner('banner-paused', 'paused', { paused: { until: Date.now() + 1_800_000 } }),
    banner('banner-offline', 'offline', { blocked: { reason: 'offline' } }),
    banner('banner-battery', 'battery', { blocked: { reason: 'battery' } }),
    banner('banner-metered', 'metered', { blocked: { reason: 'metered' } }),
    banner('banner-proxy', 'proxy', { blocked: { reason: 'proxy' } }),
    banner('banner-rate-limited', 'rate-limited', {
      blocked: { reason: 'rate-limited', until: Date.now() + 3_600_000 },
    }),
    banner('banner-storage', 'storage', {
      blocked: { reason: 'storage' },
      setAside: {
        reason: 'damaged',
        path: '/home/li/.config/123pan-sync/queue.db.damaged-2026-11-23T20-02-52',
      },
    }),
    {
      name: 'toast',
      arrange: async (stage) => {
        await stage.tellStatus({ speed: 0, running: 0 })
        await stage.tell('transfers.added', {
          added: 1204,
          skipped: ['当前版本', '资源'].map((name) => ({
            path: `/home/li/项目/${name}`,
            named: false,
            failure: { code: 'not-a-file', message: '' },
          })),
        })
        await stage.by('toast').getByRole('button').first().click()
      },
      restore: async (stage) => {
        await stage.by('toast').getByRole('button').last().click()
        await stage.gone('[data-testid="toast"]')
      },
    },
    {
      name: 'issues',
      arrange: async (stage) => {
        await stage.tellStatus({ blocked: { reason: 'proxy' } })
        await stage.go('issues')
        await stage.by('issue').waitFor()
      },
    },
    {
      name: 'issues-all',
      arrange: async (stage) => {
        await stage.tellStatus({})
        await stage.go('issues')
        const more = stage.by('issue-more')
        if ((await more.getAttribute('aria-expanded')) === 'false') await more.click()
      },
    },
    {
      name: 'history',
      arrange: async (stage) => {
        await stage.go('history')
        await stage.by('history-row').waitFor()
      },
    },
    {
      name: 'history-failed',
      arrange: async (stage) => {
        await stage.by('history-failed').click()
        await stage.by('history-row').waitFor()
      },
    },
    {
      name: 'history-not-found',
      arrange: async (stage) => {
        await stage.go('history')
        await stage.by('search').fill('没有这个文件.jpg')
        await stage.by('history-anything').waitFor()
      },
      restore: (stage) => stage.by('history-anything').click(),
    },
  ],
}

export const manyGroup: Group = {
  name: 'many',
  data: ['测试用户', '素材'],
  open: async (desk) => {
    await seedMany(desk.data, MANY, Date.now())
    await desk.open()
    await desk.app.page.locator(`[data-testid="transfer-list"][aria-rowcount="${MANY}"]`).waitFor()
  },
  scenes: [
    { name: 'transfers-15000', arrange: (stage) => stage.go('transfers') },
    {
      name: 'transfers-15000-selected',
      arrange: async (stage) => {
        await stage.by('transfer-list').focus()
        await stage.press('Control+a')
        await stage.by('selection-bar').waitFor()
      },
      restore: async (stage) => {
        await stage.by('transfer-list').focus()
        await stage.press('Escape')
      },
    },
  ],
}
