import type { InstallKind, Update, UpdateState, UpdateStatus } from '#app/update'
import type { Group, Scene } from './scene.ts'

/** What the page about the program says of newer versions. */

const MB = 1024 ** 2
const HOUR_MS = 60 * 60_000
const NOTES = '· 同步文件夹更快了\n· Folders with a hundred thousand files open at once\n· 修正了若干问题'
const update: Update = { version: '1.4.0', notes: NOTES, size: 104 * MB }
const failed = (code: 'update-untrusted' | 'update-unreachable' | 'update-older'): UpdateState => ({
  status: 'failed',
  failure: { code, message: '', ...(code === 'update-older' ? { detail: '1.3.9' } : {}) },
})

const STATES: Readonly<Record<string, readonly [UpdateState, InstallKind?]>> = {
  'not-configured': [{ status: 'none-here', reason: 'not-configured' }],
  never: [{ status: 'idle' }],
  checking: [{ status: 'checking', by: 'person', before: { status: 'idle' } }],
  latest: [{ status: 'up-to-date' }],
  available: [{ status: 'available', update }],
  'by-hand': [{ status: 'available', update: { version: '1.4.0', notes: '' } }, 'by-hand'],
  downloading: [{ status: 'downloading', update, fraction: 0.42 }],
  ready: [{ status: 'ready', update }],
  deb: [{ status: 'ready', update }, 'deb'],
  waiting: [{ status: 'waiting', update }],
  installing: [{ status: 'installing', update }],
  untrusted: [failed('update-untrusted')],
  unreachable: [failed('update-unreachable')],
  older: [failed('update-older')],
}

const scene = (name: string, [state, kind = 'appimage']: readonly [UpdateState, InstallKind?]): Scene => ({
  name: `update-${name}`,
  arrange: async (stage) => {
    await stage.go('settings')
    await stage.by('settings-about').click()
    const checkedAt = name === 'never' ? 0 : Date.now() - 3 * HOUR_MS
    const status: UpdateStatus = { state, kind, checkedAt, hasPage: true }
    await stage.tell('update.changed', status)
    await stage.app.page.locator(`[data-testid="update-state"][data-status="${state.status}"]`).waitFor()
    await stage.app.page.mouse.move(0, 0)
  },
})

export const updateGroup: Group = {
  name: 'update',
  data: ['测试用户', NOTES],
  open: async (desk) => {
    await desk.open()
    await desk.app.by('account-name').waitFor()
  },
  scenes: Object.entries(STATES).map(([name, given]) => scene(name, given)),
}
