import { beforeEach, expect, test } from 'vitest'
import { DEFAULT_SETTINGS } from '#app/settings'
import type { Transfer, TransferId } from '#app/transfer'
import { diagnose, type Facts } from '../../../renderer/diagnostics.ts'
import { i18n, useWords } from '../../../renderer/words.ts'

const failed = (name: string, code: 'name-taken' | 'refused'): Transfer => ({
  id: name as TransferId, // A brand has no constructor.
  path: `/home/SECRET/${name}`,
  size: 1,
  remotePath: `/SECRET/${name}`,
  source: 'manual',
  addedAt: 0,
  position: 0,
  keptBytes: 0,
  state: { status: 'failed', failure: { code, message: 'SECRET', detail: 'SECRET' }, finishedAt: 0 },
})

const FACTS: Facts = {
  info: {
    version: '0.1.0',
    electron: '45.4.1',
    chromium: '130.0.6723.137',
    node: '20.18.1',
    system: 'Linux 6.8.0 x64',
    platform: 'linux',
    dataFolder: '/home/SECRET/.local/share/123pan-sync',
    home: '/home/SECRET',
    apiUrl: 'https://open-api.123pan.com',
  },
  settings: {
    ...DEFAULT_SETTINGS,
    destination: '/SECRET',
    exclude: ['SECRET/', '*.tmp'],
    proxy: { kind: 'manual', protocol: 'socks5', host: 'fd00::1', port: 1080, username: 'SECRET' },
    upLimit: { bytesPerSecond: 512 * 1024, timetable: [] },
  },
  session: {
    status: 'signed-in',
    kept: 'keychain',
    account: { uid: 'SECRET', nickname: 'SECRET', usedBytes: 1, totalBytes: 2, vip: true },
    problem: { code: 'offline', message: 'SECRET' },
  },
  queue: { speed: 0, running: 0, blocked: { reason: 'offline' } },
  counts: { all: 1286, active: 7, done: 1277, failed: 3 },
  failed: [failed('一.png', 'name-taken'), failed('二.png', 'name-taken'), failed('三.png', 'refused')],
  now: Date.UTC(2026, 10, 25, 12),
}

beforeEach(() => {
  i18n.global.locale.value = 'zh-CN'
})

test('say what support needs, in the language of the window', () => {
  const text = diagnose(FACTS, useWords())
  for (const line of [
    '123pan Sync 0.1.0',
    '系统：Linux 6.8.0 x64',
    'Electron：45.4.1',
    '平台地址：https://open-api.123pan.com',
    '上传位置：自选文件夹',
    '代理服务器：socks5://[fd00::1]:1080',
    '上传限速：512 KB/s',
    '忽略规则：2',
    '账号：VIP 会员',
    '账号问题：offline',
    '传输 · 全部：1,286',
    '停止原因：offline',
    '失败原因：name-taken × 2, refused × 1',
  ])
    expect(text.split('\n')).toContain(line)
  i18n.global.locale.value = 'en'
  expect(diagnose(FACTS, useWords())).toContain('\nTransfers · All: 1,286\n')
})

test.each(['zh-CN', 'en'] as const)('hold nothing of the person: %s', (locale) => {
  i18n.global.locale.value = locale
  const text = diagnose(FACTS, useWords())
  expect(text).not.toContain('SECRET')
  expect(text).not.toMatch(/png|undefined|\[object/u)
  const bare = {
    ...FACTS,
    session: { status: 'signed-out' as const },
    settings: DEFAULT_SETTINGS,
    failed: [],
  }
  expect(diagnose(bare, useWords())).not.toMatch(/SECRET|undefined/u)
})
