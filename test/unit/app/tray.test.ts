import { describe, expect, test } from 'vitest'
import type { QueueStatus } from '#app/ipc'
import type { Session } from '#app/session'
import type { PairId, PairStatus, SyncState } from '#app/sync/pair'
import { trayView, type TrayItem } from '#app/tray'
import { countFiles, countIssues, TRAY_SHAPES, type TrayFacts, type TrayShape } from '#app/tray-condition'
import { sizeText } from '#app/words/size'
import { trayWords } from '#app/words/tray'
import * as a from '#test/builders'

const NOW = new Date(2026, 2, 4, 14, 0).getTime()
const signedIn: Session = { status: 'signed-in', kept: 'keychain' }
const tally = { upload: 0, uploadBytes: 0, mkdir: 0, move: 0, trash: 0 }

function pair(state: SyncState, localPath = '/home/me/照片', problems = 0): PairStatus {
  return {
    pair: {
      id: localPath as PairId,
      localPath,
      remotePath: '/照片',
      mode: 'backup',
      replace: 'beside',
      exclude: [],
      twins: false,
    },
    state,
    files: 3,
    bytes: 3000,
    problems,
    watching: { kind: 'events' },
    warnings: [],
  }
}

const queue = (more: Partial<QueueStatus> = {}): QueueStatus => ({ speed: 0, running: 0, ...more })
const files = (unfinished = 0, more: Partial<TrayFacts['files']> = {}): TrayFacts['files'] => ({
  unfinished,
  paused: 0,
  fromSync: 0,
  failed: 0,
  ...more,
})

function facts(more: Partial<TrayFacts> = {}): TrayFacts {
  return {
    pairs: [],
    queue: queue(),
    session: signedIn,
    issues: 0,
    files: files(),
    language: 'zh-CN',
    now: NOW,
    ...more,
  }
}

const halted = pair({ status: 'halted', halt: { reason: 'root-missing' } })
const halfPastTwo = NOW + 30 * 60_000

/** From the most pressing on: each row also holds what all below it hold, so that the order shows. */
const rows: readonly [TrayShape, string, Partial<TrayFacts>][] = [
  ['error', '未登录', { session: { status: 'signed-out' } }],
  [
    'error',
    '登录已失效，重新登录后继续上传',
    { session: { status: 'signed-out', reason: a.failure('unauthorized') } },
  ],
  [
    'error',
    '这台电脑没有可用的系统钥匙串',
    { session: { status: 'signed-out', reason: a.failure('keychain-unavailable') } },
  ],
  ['error', '登录已失效，重新登录后继续上传', { queue: queue({ blocked: { reason: 'signed-out' } }) }],
  [
    'error',
    '无法保存进度，磁盘可能已满',
    { queue: queue({ blocked: { reason: 'storage' } }), issues: 2, pairs: [halted] },
  ],
  [
    'attention',
    '“照片”已停止同步，等待你处理',
    { pairs: [halted], issues: 3, queue: queue({ blocked: { reason: 'offline' } }) },
  ],
  [
    'attention',
    '2 个文件夹已停止同步，等待你处理',
    { pairs: [halted, { ...halted, pair: { ...halted.pair, localPath: 'D:\\' } }], issues: 2 },
  ],
  ['attention', '有 3 个问题需要处理', { issues: 3, queue: queue({ blocked: { reason: 'offline' } }) }],
  [
    'offline',
    '无法连接 123云盘，恢复后自动继续',
    { queue: queue({ blocked: { reason: 'offline' }, paused: {} }) },
  ],
  ['offline', '无法通过代理连接 123云盘，恢复后自动继续', { queue: queue({ blocked: { reason: 'proxy' } }) }],
  ['offline', '无法连接 123云盘，恢复后自动继续', { pairs: [pair({ status: 'offline' })] }],
  ['paused', '已全部暂停', { queue: queue({ paused: {}, running: 1 }), files: files(4) }],
  ['paused', '已全部暂停', { queue: queue({ paused: {}, blocked: { reason: 'battery' } }) }],
  [
    'paused',
    '正在使用电池，接通电源后自动继续',
    { queue: queue({ blocked: { reason: 'battery' } }), files: files(4) },
  ],
  [
    'paused',
    '当前网络按流量计费，换到其他网络后自动继续',
    { queue: queue({ blocked: { reason: 'metered' } }), files: files(4) },
  ],
  ['paused', '已全部暂停，14:30 自动继续', { queue: queue({ paused: { until: halfPastTwo } }) }],
  ['paused', '已全部暂停，3/5 14:00 自动继续', { queue: queue({ paused: { until: NOW + 24 * 3_600_000 } }) }],
  [
    'syncing',
    '123云盘限制了请求频率，稍后自动继续',
    { queue: queue({ blocked: { reason: 'rate-limited' } }), files: files(1) },
  ],
  ['syncing', '正在上传', { queue: queue({ running: 1 }), files: files(1) }],
  ['syncing', '正在上传', { pairs: [pair({ status: 'syncing', left: tally })] }],
  ['syncing', '正在检查文件夹', { pairs: [pair({ status: 'scanning' }), pair({ status: 'synced' })] }],
  ['syncing', '正在检查文件夹', { pairs: [pair({ status: 'comparing' })] }],
  ['syncing', '有文件等待上传，稍后自动继续', { files: files(2, { paused: 1 }) }],
  ['syncing', '有文件等待上传，稍后自动继续', { pairs: [pair({ status: 'waiting', until: 5 })] }],
  ['paused', '2 个文件已暂停', { files: files(2, { paused: 2 }) }],
  ['paused', '文件夹同步已暂停', { pairs: [pair({ status: 'paused' })] }],
  ['idle', '文件夹已全部同步', { pairs: [pair({ status: 'synced' }), pair({ status: 'paused' })] }],
  ['idle', '没有要上传的文件', { queue: queue({ blocked: { reason: 'rate-limited' } }) }],
]

test.each(rows)('%s: %s', (shape, status, given) => {
  expect(trayView(facts(given))).toMatchObject({ shape, status })
})

test('every shape can be reached', () => {
  expect(new Set(rows.map(([shape]) => shape))).toEqual(new Set(TRAY_SHAPES))
})

describe('the tooltip', () => {
  const tooltip = (more: Partial<TrayFacts>): string => trayView(facts(more)).tooltip

  test('counts what is left, how fast it goes, and what waits for a person', () => {
    const busy = { queue: queue({ running: 2, speed: 3.25 * 1024 ** 2 }), files: files(12), issues: 2 }
    expect(tooltip(busy)).toBe('有 2 个问题需要处理\n剩余 12 个文件 · 3.3 MB/s')
    expect(tooltip({ ...busy, issues: 0 })).toBe('正在上传\n剩余 12 个文件 · 3.3 MB/s')
    expect(tooltip({ ...busy, pairs: [halted], language: 'en' })).toBe(
      '“照片” has stopped syncing and needs your decision\n12 files left · 3.3 MB/s · 2 issues',
    )
  })

  test('is the sentence alone where there is nothing to count', () => {
    expect(tooltip({})).toBe('没有要上传的文件')
    expect(tooltip({ files: files(2, { paused: 2 }) })).toBe('2 个文件已暂停')
  })

  test('says that all is paused where something else is more pressing', () => {
    expect(tooltip({ queue: queue({ paused: {} }), issues: 1, files: files(1) })).toBe(
      '有 1 个问题需要处理\n已全部暂停 · 剩余 1 个文件',
    )
  })

  test('counts the files of a pair once, in the queue or not', () => {
    const syncing = pair({ status: 'syncing', left: { ...tally, upload: 100 } })
    expect(tooltip({ pairs: [syncing], files: files(30, { fromSync: 20 }) })).toBe(
      '正在上传\n剩余 110 个文件',
    )
    expect(tooltip({ pairs: [], files: files(30, { fromSync: 20 }) })).toContain('剩余 30 个文件')
  })
})

describe('the menu', () => {
  const menu = (more: Partial<TrayFacts> = {}): readonly TrayItem[] => trayView(facts(more)).items
  const labels = (items: readonly TrayItem[]): readonly string[] =>
    items.map((item) => (item.kind === 'separator' ? '-' : item.label))
  const named = (items: readonly TrayItem[], label: string): TrayItem | undefined =>
    items.find((item) => item.kind !== 'separator' && item.label === label)

  test('says how it stands, and offers what a person may want without the window', () => {
    expect(labels(menu({ language: 'en', issues: 2 }))).toEqual([
      '2 issues need your attention',
      '-',
      'Open 123pan Sync',
      'Upload files…',
      'Upload folder…',
      '-',
      'Pause all',
      'Issues (2)',
      'Settings',
      '-',
      'Quit',
    ])
  })

  test('pauses for a while or until resumed, and resumes what is paused', () => {
    expect(named(menu(), '全部暂停')).toMatchObject({
      kind: 'submenu',
      items: [
        { label: '暂停 30 分钟', action: { type: 'pause', forMs: 1_800_000 } },
        { label: '暂停 1 小时', action: { type: 'pause', forMs: 3_600_000 } },
        { label: '暂停，直到手动继续', action: { type: 'pause' } },
      ],
    })
    const resume = (more: Partial<TrayFacts>) => named(menu(more), '全部继续')
    expect(resume({ queue: queue({ paused: {} }), issues: 1 })).toMatchObject({
      action: { type: 'resume', what: 'queue' },
    })
    expect(resume({ files: files(1, { paused: 1 }) })).toMatchObject({
      action: { type: 'resume', what: 'queue' },
    })
    expect(resume({ pairs: [pair({ status: 'paused' })] })).toMatchObject({
      action: { type: 'resume', what: 'pairs' },
    })
    expect(resume({})).toBeUndefined()
  })

  test('offers to upload anyway where only battery or network hold it up', () => {
    const anyway = (more: Partial<QueueStatus>) => named(menu({ queue: queue(more) }), '仍然上传')
    expect(anyway({ blocked: { reason: 'battery' } })).toMatchObject({ action: { type: 'go-anyway' } })
    expect(anyway({ blocked: { reason: 'metered' } })).toBeDefined()
    expect(anyway({ blocked: { reason: 'offline' } })).toBeUndefined()
    expect(anyway({})).toBeUndefined()
  })

  test('stays as it is while only numbers of the moment change', () => {
    const at = (speed: number, left: number) =>
      menu({ queue: queue({ running: 1, speed }), files: files(left) })
    expect(at(5000, 12)).toEqual(at(9000, 11))
  })

  test('lets nothing be added or paused while nobody is signed in', () => {
    const items = menu({ session: { status: 'signed-out' } })
    const disabled = items.filter((item) => 'enabled' in item && !item.enabled)
    expect(labels(disabled)).toEqual(['上传文件…', '上传文件夹…', '全部暂停'])
  })
})

test('an issue is what waits for a person: problems of pairs, pairs that stand still, paths, failed files', () => {
  const problem = { path: '/a', named: true, failure: a.failure('file-missing'), at: 0 }
  const pairs = [pair({ status: 'synced' }, '/b', 4), halted]
  expect(countIssues(pairs, [problem], files(9, { failed: 2 }))).toBe(4 + 1 + 1 + 2)
  expect(countIssues([], [], files(9))).toBe(0)
})

test('files are counted by what holds them', () => {
  const transfers = [
    a.transfer(a.queued()),
    a.transfer(a.paused(), { source: 'sync' }),
    a.transfer(a.uploading(), { source: 'sync' }),
  ]
  expect(countFiles(transfers, 2)).toEqual({ unfinished: 3, paused: 1, fromSync: 2, failed: 2 })
})

test('one of something is said as one', () => {
  const { en } = trayWords
  expect([en.filesLeft(1), en.filesLeft(2)]).toEqual(['1 file left', '2 files left'])
  expect([en.issues(1), en.issuesWait(1), en.filesPaused(1), en.filesPaused(3)]).toEqual([
    '1 issue',
    'One issue needs your attention',
    'One file is paused',
    '3 files are paused',
  ])
  expect(en.halted(['a', 'b'])).toContain('2 folders')
  expect([en.paused(undefined), en.paused('2:30 PM')]).toEqual([
    'All paused',
    'All paused. Resumes at 2:30 PM.',
  ])
})

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KB'],
  [427_000, '417 KB'],
  [5.25 * 1024 ** 2, '5.3 MB'],
  [1e30, '888,178,419,700,125 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes, 'en')).toBe(text)
})
