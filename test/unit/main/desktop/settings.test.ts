import { beforeEach, expect, test, vi } from 'vitest'
import { NO_UP_LIMIT, type UpLimit } from '#app/bandwidth'
import { DEFAULT_SETTINGS } from '#app/settings'
import { openSettings, settingsChange } from '#main/desktop/settings'

/** What the file holds: it goes through JSON, as on disk. */
const file = vi.hoisted(() => ({ text: '{}' }))
vi.mock('electron-store', () => ({
  default: class {
    get store(): unknown {
      return JSON.parse(file.text) as unknown
    }
    set store(value: unknown) {
      file.text = JSON.stringify(value)
    }
  },
}))

beforeEach(() => {
  file.text = '{}'
})

const NIGHT: UpLimit = {
  bytesPerSecond: 500_000,
  timetable: [
    { days: [0, 6], from: '22:00', to: '07:00', bytesPerSecond: undefined },
    { days: [1], from: '00:00', to: '24:00', bytesPerSecond: 1024 },
  ],
}

test.each([
  ['a limit with a timetable', NIGHT],
  ['no limit', NO_UP_LIMIT],
])('%s comes back as it was set', (_name, upLimit) => {
  openSettings('').change({ upLimit })
  const { upLimit: read } = openSettings('').get()
  expect(read).toStrictEqual(upLimit)
})

test('ignore rules come back line by line; what is no list of lines is none, and leaves the rest alone', () => {
  const exclude = ['node_modules/', '', '# 临时文件', '~$*']
  openSettings('').change({ exclude })
  expect(openSettings('').get().exclude).toEqual(exclude)
  for (const wrong of ['*.tmp', [1], ['a\nb'], ['x'.repeat(1001)], Array(201).fill('x')]) {
    file.text = JSON.stringify({ theme: 'dark', exclude: wrong })
    expect(openSettings('').get()).toStrictEqual({ ...DEFAULT_SETTINGS, theme: 'dark' })
  }
})

test.each([
  { upLimit: 'fast' },
  { upLimit: { bytesPerSecond: 0, timetable: [] } },
  { upLimit: { bytesPerSecond: -5, timetable: [] } },
  { upLimit: { bytesPerSecond: 5 } },
  { upLimit: { timetable: [{ days: [7], from: '00:00', to: '01:00' }] } },
  { upLimit: { timetable: [{ days: [1], from: '25:00', to: '01:00' }] } },
  { upLimit: { timetable: [{ days: [1], from: '00:00', to: '24:30' }] } },
  { upLimit: { timetable: [{ days: [1], from: '00:00' }] } },
])('%o in the file falls back to no limit, and nothing else does', (wrong) => {
  file.text = JSON.stringify({ theme: 'dark', destination: '/照片', ...wrong })
  expect(openSettings('').get()).toStrictEqual({ ...DEFAULT_SETTINGS, theme: 'dark', destination: '/照片' })
  expect(settingsChange.safeParse(wrong).success).toBe(false)
})
