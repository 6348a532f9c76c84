import { describe, expect, test } from 'vitest'
import type { HaltReason, PairId, PairStatus, SyncState } from '#app/sync/pair'
import {
  fixSays,
  haltSays,
  homely,
  pairSays,
  warningSays,
  watchingKey,
} from '../../../renderer/pair-words.ts'
import { useWords } from '../../../renderer/words.ts'

const words = useWords()
const NOW = new Date(2026, 10, 26, 14, 0).getTime()
const MINUTE = 60_000

function statusOf(state: SyncState, rest: Partial<PairStatus> = {}): PairStatus {
  return {
    pair: {
      id: 'one' as PairId,
      localPath: '/home/li/工作',
      remotePath: '/工作',
      mode: 'mirror',
      replace: 'overwrite',
      exclude: [],
      twins: false,
    },
    state,
    files: 12,
    bytes: 1000,
    problems: 0,
    syncedAt: NOW - 5 * MINUTE,
    watching: { kind: 'events' },
    warnings: [],
    ...rest,
  }
}

const left = { upload: 0, uploadBytes: 0, mkdir: 0, move: 0, trash: 0 }

describe('a card says what the pair is at', () => {
  test.each<{ what: string; status: PairStatus; tone: string; title: string; sub: string }>([
    {
      what: 'in step',
      status: statusOf({ status: 'synced' }),
      tone: 'ok',
      title: '已同步',
      sub: '最近一次 5 分钟前',
    },
    {
      what: 'in step a moment ago',
      status: statusOf({ status: 'synced' }, { syncedAt: NOW - 1000 }),
      tone: 'ok',
      title: '已同步',
      sub: '刚刚检查过',
    },
    {
      what: 'never in step, at work for the first time',
      status: { ...statusOf({ status: 'scanning' }), syncedAt: undefined } as unknown as PairStatus,
      tone: 'accent',
      title: '正在检查文件…',
      sub: '还没有完成过同步',
    },
    {
      what: 'in step but for some',
      status: statusOf({ status: 'synced' }, { problems: 2 }),
      tone: 'warn',
      title: '已同步，2 个问题除外',
      sub: '最近一次 5 分钟前',
    },
    {
      what: 'uploading',
      status: statusOf({ status: 'syncing', left: { ...left, upload: 3, mkdir: 2 } }),
      tone: 'accent',
      title: '正在上传 3 个文件',
      sub: 'a.raw 等',
    },
    {
      what: 'moving and binning alone',
      status: statusOf({ status: 'syncing', left: { ...left, move: 2, trash: 1 } }),
      tone: 'accent',
      title: '正在整理云端的 3 项',
      sub: 'a.raw 等',
    },
    {
      what: 'files are being written',
      status: statusOf({ status: 'waiting', until: NOW + 1000 }),
      tone: 'accent',
      title: '有文件正在写入，写完后上传',
      sub: '最近一次 5 分钟前',
    },
    {
      what: 'all of it failed, and is tried again',
      status: statusOf({
        status: 'waiting',
        until: NOW + 10_000,
        failure: { code: 'server', message: '' },
      }),
      tone: 'warn',
      title: '暂时无法同步',
      sub: '云盘服务器出错，10 秒后重试',
    },
    {
      what: 'held up with everything else',
      status: statusOf({ status: 'held', reason: 'battery' }),
      tone: 'idle',
      title: '使用电池时暂停',
      sub: '最近一次 5 分钟前',
    },
    {
      what: 'paused for a while',
      status: statusOf({ status: 'paused', until: NOW + 30 * MINUTE }),
      tone: 'idle',
      title: '已暂停',
      sub: '14:30 自动继续',
    },
    {
      what: 'halted',
      status: statusOf({ status: 'halted', halt: { reason: 'root-missing' } }),
      tone: 'warn',
      title: '已停下，等你确认',
      sub: '最近一次 5 分钟前',
    },
  ])('$what', ({ status, tone, title, sub }) => {
    expect(pairSays(status, words, NOW, { name: 'a.raw', several: true })).toEqual({ tone, title, sub })
  })
})

describe('a halt says why, that nothing is lost, and what can be done', () => {
  test.each<{ reason: HaltReason; says: RegExp; does: readonly string[] }>([
    { reason: 'root-missing', says: /找不到“工作”.*云端没有改动/u, does: ['again'] },
    { reason: 'root-emptied', says: /空文件夹.*云端没有改动/u, does: ['again', 'trash'] },
    { reason: 'root-replaced', says: /另一个文件夹.*云端没有改动/u, does: ['again', 'same-folder'] },
    { reason: 'root-unreadable', says: /没有权限.*云端没有改动/u, does: ['again'] },
    { reason: 'remote-root-missing', says: /“\/工作”.*本机文件没有改动/u, does: ['again', 'make-again'] },
    { reason: 'other-account', says: /另一个 123云盘账号/u, does: ['remove'] },
  ])('$reason', ({ reason, says, does }) => {
    const halt = haltSays(statusOf({ status: 'halted', halt: { reason } }), words)
    expect(halt?.text).toMatch(says)
    expect(halt?.choices.map((choice) => choice.does)).toEqual(does)
  })

  test('many deletions, with counts and names, and keeping them first', () => {
    const deletions = { files: 1204, total: 1530, examples: ['a', 'b'] }
    const halt = haltSays(statusOf({ status: 'halted', halt: { reason: 'mass-delete', deletions } }), words)
    expect(halt?.text).toBe('“工作”中一次删除了 1,204 个文件（共 1,530 个），云端尚未改动。')
    expect(halt?.choices.map(({ does }) => does)).toEqual(['keep', 'trash'])
    expect(halt).toMatchObject({ examples: ['a', 'b'], more: 1202 })
  })

  test('nothing of one that goes on', () => {
    expect(haltSays(statusOf({ status: 'synced' }), words)).toBeUndefined()
  })
})

test.each([
  [{ code: 'name-character', message: '', detail: ':' }, '改名后自动同步'],
  [{ code: 'file-unreadable', message: '' }, '允许读取后自动同步'],
  [{ code: 'file-locked', message: '' }, '关闭后自动上传，无需操作。'],
] as const)('what mends %j', (failure, says) => {
  expect(fixSays(failure, words)).toBe(says)
})

test.each([
  ['/home/li/照片', '/home/li', '~/照片'],
  ['/home/li', '/home/li', '~'],
  ['/home/ling/照片', '/home/li', '/home/ling/照片'],
  ['C:\\Users\\li\\照片', 'C:\\Users\\li', '~\\照片'],
  ['/data', '', '/data'],
])('%s of somebody at %s reads %s', (path, home, shown) => {
  expect(homely(path, home)).toBe(shown)
})

test('warnings name what they are about', () => {
  expect(warningSays({ kind: 'overlaps', other: '/照片' }, words)).toContain('“/照片”')
  expect(warningSays({ kind: 'other-cloud', name: 'OneDrive' }, words)).toContain('OneDrive')
})

test.each([
  [{ kind: 'events' }, 'sync.watch.events'],
  [{ kind: 'polling' }, 'sync.watch.polling'],
  [{ kind: 'scans', why: 'watch-limit', command: 'sudo …' }, 'sync.watch.limit'],
  [{ kind: 'scans', why: 'unavailable' }, 'sync.watch.unavailable'],
] as const)('%j is said by %s', (watching, key) => {
  expect(watchingKey(watching)).toBe(key)
})
