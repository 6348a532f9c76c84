import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { COMMON_RULES } from '#app/ignore-rules'
import type { NewPair, PairStatus } from '#app/sync/pair'
import type { Group, Scene } from './scene.ts'
import type { Stage } from './stage.ts'

/** Folder pairs. They are real, and so is what they find; what is rare, or takes long to reach, is told. */

const NICKNAME = '测试用户'
const COMMAND = 'sudo sysctl fs.inotify.max_user_watches=524288'
const HOUR_MS = 60 * 60_000

async function write(stage: Stage, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const full = join(stage.desk.folder, path)
    await mkdir(join(full, '..'), { recursive: true })
    await writeFile(full, 'x'.repeat(2000 * path.length))
  }
}

const photos = Array.from({ length: 24 }, (_, no) => `照片/秋/IMG_${no}.jpg`)
const work = Array.from({ length: 12 }, (_, no) => `工作/方案 ${no}.docx`)
const notes = ['笔记/读书.md', '笔记/a|b.md', '笔记/node_modules/x.js', '笔记/~$读书.docx']

async function willChoose(stage: Stage, path: string): Promise<void> {
  await stage.app.app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
    },
    [path],
  )
}

const list = (stage: Stage): Promise<readonly PairStatus[]> =>
  stage.app.page.evaluate(async () => {
    const answer = await window.drive.call('sync.list')
    return answer.ok ? answer.value : []
  })

async function add(stage: Stage, name: string, mode: NewPair['mode']): Promise<void> {
  const wanted = { localPath: join(stage.desk.folder, name), remotePath: `/${name}`, mode }
  await stage.app.page.evaluate((given) => window.drive.call('sync.add', given), wanted)
}

const cardOf = (stage: Stage, name: string, state = ''): ReturnType<Stage['by']> =>
  stage.app.page.locator(
    `[data-testid="pair"][aria-label="${name}"]${state ? `[data-state="${state}"]` : ''}`,
  )

/** Three folders: one in step, one with a problem, one that waits for a yes. */
async function fill(stage: Stage): Promise<void> {
  await stage.go('sync')
  if (await cardOf(stage, '工作', 'halted').isVisible()) return
  await write(stage, [...photos, ...work, ...notes])
  await symlink('读书.md', join(stage.desk.folder, '笔记/最新.md')).catch(() => undefined)
  await add(stage, '照片', 'backup')
  await add(stage, '工作', 'mirror')
  await add(stage, '笔记', 'mirror')
  for (const name of ['照片', '工作', '笔记']) await cardOf(stage, name, 'synced').waitFor()
  for (const path of work.slice(0, 9)) await rm(join(stage.desk.folder, path))
  await cardOf(stage, '工作', 'halted').waitFor()
}

/** As main would tell it, until it tells again. */
async function tellStates(
  stage: Stage,
  states: Readonly<Record<string, Partial<PairStatus>>>,
): Promise<void> {
  const told = (await list(stage)).map((status) => ({
    ...status,
    ...states[status.pair.remotePath],
  }))
  await stage.tell('sync.changed', told)
}

const tab = (name: 'events' | 'problems' | 'ignored' | 'settings', waits: string): Scene => ({
  name: `sync-${name}`,
  arrange: async (stage) => {
    await fill(stage)
    if (!(await stage.by(`pair-tab-${name}`).isVisible())) {
      await cardOf(stage, '笔记').locator('[data-testid="pair-menu"]').click()
      await stage.by('pair-details').click()
    }
    await stage.by(`pair-tab-${name}`).click()
    await stage.app.page.locator(waits).first().waitFor()
  },
  restore: async (stage) => {
    await stage.press('Escape')
    await stage.gone('.el-dialog:visible')
  },
})

const closeDialog = async (stage: Stage): Promise<void> => {
  await stage.press('Escape')
  await stage.gone('.el-dialog:visible')
}

export const syncGroup: Group = {
  name: 'sync',
  data: [
    NICKNAME,
    /[/~]\S*(?:pan123-desk|123pan-session|照片|工作|笔记)\S*/u,
    ...COMMON_RULES,
    '*.bak',
    'x.js',
    COMMAND,
    /OneDrive|a\|b\.md|(?:读书|最新)\.md|方案 \d+\.docx/u,
    /照片|工作|笔记/u,
  ],
  open: async (desk) => {
    await desk.open()
    await desk.app.by('account-name').waitFor()
  },
  scenes: [
    {
      name: 'sync-add',
      arrange: async (stage) => {
        await stage.go('sync')
        await stage.by('sync-add').click()
        await stage.by('pair-choose').waitFor()
      },
      restore: closeDialog,
    },
    {
      name: 'sync-add-chosen',
      arrange: async (stage) => {
        await stage.go('sync')
        await write(stage, notes)
        await willChoose(stage, join(stage.desk.folder, '笔记'))
        await stage.by('sync-add').click()
        await stage.by('pair-choose').click()
        await stage.by('plan-problems').click()
      },
      restore: closeDialog,
    },
    {
      name: 'sync',
      arrange: async (stage) => {
        await fill(stage)
        const home = await stage.app.app.evaluate(({ app }) => app.getPath('home'))
        const told = (await list(stage)).map((status) => {
          const localPath = join(home, basename(status.pair.localPath))
          return { ...status, pair: { ...status.pair, localPath } }
        })
        await stage.tell('sync.changed', told)
        await stage.app.page.getByText(/^~.工作$/u).waitFor()
      },
    },
    {
      name: 'sync-halted-which',
      arrange: async (stage) => {
        await fill(stage)
        if ((await stage.by('halt-which').getAttribute('aria-expanded')) === 'false')
          await stage.by('halt-which').click()
      },
    },
    {
      name: 'sync-menu',
      floats: true,
      arrange: async (stage) => {
        await fill(stage)
        await cardOf(stage, '照片').locator('[data-testid="pair-menu"]').click()
        await stage.by('pair-remove').waitFor()
      },
      restore: async (stage) => {
        await stage.press('Escape')
        await stage.gone('[data-testid="pair-remove"]')
      },
    },
    {
      name: 'sync-remove',
      arrange: async (stage) => {
        await fill(stage)
        await cardOf(stage, '照片').locator('[data-testid="pair-menu"]').click()
        await stage.by('pair-remove').click()
        await stage.by('pair-remove-confirm').waitFor()
      },
      restore: closeDialog,
    },
    tab('events', '#pair-panel li'),
    tab('problems', '[data-testid="pair-problem"]'),
    tab('ignored', '[data-testid="pair-ignored"]'),
    tab('settings', '#pair-panel [data-testid="ignore-rules"]'),
    {
      name: 'sync-issues',
      arrange: async (stage) => {
        await fill(stage)
        await stage.go('issues')
        await stage.by('pair-issue').waitFor()
      },
    },
    {
      name: 'sync-busy',
      arrange: async (stage) => {
        await stage.go('sync')
        const left = { uploadBytes: 9e8, mkdir: 0, move: 0, trash: 0 }
        await tellStates(stage, { '/照片': { state: { status: 'syncing', left: { ...left, upload: 40 } } } })
        await tellStates(stage, {
          '/照片': { state: { status: 'syncing', left: { ...left, upload: 13 } } },
          '/工作': {
            state: {
              status: 'waiting',
              until: Date.now() + HOUR_MS,
              failure: { code: 'server', message: '' },
            },
          },
          '/笔记': { state: { status: 'paused', until: Date.now() + HOUR_MS }, problems: 0 },
        })
        await cardOf(stage, '照片', 'syncing').waitFor()
      },
    },
    {
      name: 'sync-warned',
      arrange: async (stage) => {
        await stage.go('sync')
        await tellStates(stage, {
          '/照片': {
            state: { status: 'synced' },
            watching: {
              kind: 'scans',
              why: 'watch-limit',
              command: COMMAND,
            },
          },
          '/工作': {
            state: { status: 'halted', halt: { reason: 'root-missing' } },
            warnings: [{ kind: 'network-drive' }, { kind: 'other-cloud', name: 'OneDrive' }],
          },
          '/笔记': { state: { status: 'offline' }, warnings: [{ kind: 'overlaps', other: '/照片' }] },
        })
        await stage.by('watch-limit').waitFor()
      },
    },
  ],
}
