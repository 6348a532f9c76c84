import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { QueueStatus } from '#app/ipc'
import type { Session } from '#app/session'
import type { TrayAction } from '#app/tray'
import { AppTray } from '#main/desktop/tray'

/** What was asked of Electron's tray, and the menu that it has. */
const electron = vi.hoisted(() => ({
  calls: [] as string[],
  menu: [] as { label?: string; click?: () => void }[],
  click: undefined as (() => void) | undefined,
  fails: false,
}))
vi.mock('electron', () => ({
  Menu: { buildFromTemplate: (template: typeof electron.menu) => template },
  nativeImage: { createEmpty: () => ({ addRepresentation: vi.fn(), setTemplateImage: vi.fn() }) },
  Tray: class {
    constructor() {
      if (electron.fails) throw new Error('no tray here')
    }
    on(_event: 'click', listener: () => void): void {
      electron.click = listener
    }
    setImage(): void {
      electron.calls.push('icon')
    }
    setToolTip(text: string): void {
      electron.calls.push(text)
    }
    setContextMenu(menu: typeof electron.menu): void {
      electron.calls.push('menu')
      electron.menu = menu
    }
    destroy(): void {
      electron.calls.push('gone')
    }
  },
}))
vi.mock('node:fs', () => ({ readFileSync: () => Buffer.alloc(0) }))

const session: Session = { status: 'signed-in', kept: 'keychain' }
const acted: TrayAction[] = []
let status: QueueStatus

function newTray(): AppTray {
  return new AppTray({
    icons: new URL('file:///icons/'),
    engine: {
      pairs: [],
      problems: [],
      files: { unfinished: 1, paused: 0, fromSync: 0, failed: 0 },
      get status() {
        return status
      },
    },
    session: () => session,
    language: () => 'en',
    act: (action) => acted.push(action),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  Object.assign(electron, { calls: [], menu: [], fails: false })
  acted.length = 0
  status = { running: 1, speed: 1024 }
})
afterEach(() => {
  vi.useRealTimers()
})

test('only what has changed is handed over, and not more often than a person can read', () => {
  const tray = newTray()
  tray.start()
  expect(electron.calls).toEqual(['icon', 'Uploading\n1 file left · 1 KB/s', 'menu'])
  electron.calls.length = 0

  tray.update()
  expect(electron.calls).toEqual([])
  for (const speed of [2048, 3072, 4096]) {
    status = { running: 1, speed }
    tray.update()
  }
  expect(electron.calls).toEqual([])
  vi.advanceTimersByTime(500)
  expect(electron.calls).toEqual(['Uploading\n1 file left · 4 KB/s'])

  status = { running: 0, speed: 0, paused: {} }
  tray.update()
  vi.advanceTimersByTime(500)
  expect(electron.calls.slice(1)).toEqual(['icon', 'All paused\n1 file left', 'menu'])
  vi.advanceTimersByTime(5000)
  expect(vi.getTimerCount()).toBe(0)
})

test('a click on the icon opens the window, one in the menu does what it says', () => {
  newTray().start()
  electron.click?.()
  electron.menu.find(({ label }) => label === 'Quit')?.click?.()
  expect(acted).toEqual([{ type: 'open' }, { type: 'quit' }])
})

test('where there can be no icon, all goes on without', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  electron.fails = true
  const tray = newTray()
  tray.start()
  tray.update()
  expect(await tray.isThere()).toBe(false)
  tray.stop()
  expect(electron.calls).toEqual([])
  expect(said.mock.calls).toEqual([['There is no tray: no tray here']])
})

test('stopped, it is gone, and nothing is handed over any more', () => {
  const tray = newTray()
  tray.start()
  status = { running: 1, speed: 5 }
  tray.update()
  tray.update()
  tray.stop()
  electron.calls.length = 0
  vi.advanceTimersByTime(5000)
  tray.update()
  expect(electron.calls).toEqual([])
})
