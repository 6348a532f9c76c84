import { describe, expect, test } from 'vitest'
import type { Problem } from '#app/ipc'
import { GATHER_MS, Notifications, QUIET_MS, SETTLE_MS, type Notification } from '#app/notifications'
import type { Session } from '#app/session'
import type { PairId, PairStatus, SyncState } from '#app/sync/pair'
import type { Transfer, TransferId } from '#app/transfer'
import { escapeMarkup, notificationText } from '#app/words/notifications'
import * as a from '#test/builders'

const START = 1_000_000
const signedIn: Session = { status: 'signed-in', kept: 'keychain' }
const result = { fileID: 1, method: 'single', md5: 'x', sentBytes: 1 } as const

/** What is told when, played out over time. */
class Play {
  readonly told: (readonly [afterMs: number, Notification])[] = []
  readonly #notifications = new Notifications(START)
  now = START

  transfers(...changed: readonly Transfer[]): this {
    this.#notifications.hearTransfers({ changed, removed: [] }, this.now)
    return this
  }
  problems(...paths: readonly string[]): this {
    const at = this.now
    const problems: Problem[] = paths.map((path) => ({
      path,
      named: true,
      failure: a.failure('not-a-file'),
      at,
    }))
    this.#notifications.hearProblems(problems, at)
    return this
  }
  pairs(...pairs: readonly PairStatus[]): this {
    this.#notifications.hearPairs(pairs, this.now)
    return this
  }
  account(session: Session, refused = false): this {
    this.#notifications.hearAccount(session, refused ? { blocked: { reason: 'signed-out' } } : {}, this.now)
    return this
  }
  /** Time passes, and what comes due is taken just then. */
  wait(ms: number): this {
    const until = this.now + ms
    for (let { nextAt } = this.#notifications; nextAt !== undefined && nextAt <= until;) {
      this.now = Math.max(this.now, nextAt)
      for (const one of this.#notifications.take(this.now)) this.told.push([this.now - START, one])
      ;({ nextAt } = this.#notifications)
    }
    this.now = until
    return this
  }
}

const file = (name: string, state: Transfer['state'], more: Partial<Transfer> = {}): Transfer =>
  a.transfer(state, { id: name as TransferId, path: `/home/${name}`, remotePath: `/工作/${name}`, ...more })
const done = (finishedAt: number): Transfer['state'] => ({ status: 'done', finishedAt, ...result })
const failed = (finishedAt: number): Transfer['state'] => ({
  status: 'failed',
  failure: a.failure('server'),
  finishedAt,
})
const pair = (state: SyncState, more: Partial<PairStatus> = {}, localPath = '/home/照片'): PairStatus => ({
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
  files: 0,
  bytes: 0,
  problems: 0,
  watching: { kind: 'events' },
  warnings: [],
  ...more,
})
const halted: SyncState = { status: 'halted', halt: { reason: 'root-missing' } }
const LONG = 10 * QUIET_MS

describe('a batch', () => {
  test('is told once it is through, with its folder', () => {
    const play = new Play().transfers(file('a', a.queued()), file('b', a.queued()))
    play.wait(5000).transfers(file('a', done(play.now)))
    play.wait(5000).transfers(file('b', done(play.now)))
    expect(play.wait(LONG).told).toEqual([
      [10_000 + SETTLE_MS, { kind: 'finished', files: 2, name: 'b', folder: '/工作', localPath: '/home/b' }],
    ])
  })

  test('that goes on before it has settled is one', () => {
    const play = new Play().transfers(file('a', done(START)))
    play.wait(SETTLE_MS - 1).transfers(file('b', a.queued()))
    play.wait(LONG).transfers(file('b', done(play.now)))
    expect(play.wait(LONG).told).toMatchObject([[expect.any(Number), { files: 2 }]])
  })

  test('counts each file once, though a window that opens is told of all', () => {
    const all = [file('a', done(START)), file('b', done(START + 1))]
    const play = new Play().transfers(...all).transfers(...all)
    play.wait(LONG).transfers(...all)
    expect(play.wait(LONG).told).toMatchObject([[SETTLE_MS, { files: 2 }]])
  })

  test('does not wait for what a person has put off', () => {
    const play = new Play().transfers(file('a', done(START)), file('b', a.paused()))
    expect(play.wait(LONG).told).toMatchObject([[SETTLE_MS, { files: 1 }]])
  })

  test('is told by the folder that all of it is in', () => {
    const play = new Play().transfers(
      file('a', done(START), { remotePath: '/工作/一/a' }),
      file('b', done(START), { remotePath: '/工作/二/b' }),
      file('c', done(START), { remotePath: '/工作/二/三/c' }),
    )
    expect(play.wait(LONG).told).toMatchObject([[SETTLE_MS, { folder: '/工作' }]])
  })

  test.each([
    ['of folder sync', file('a', done(START), { source: 'sync' })],
    ['of a command line', file('a', done(START), { source: 'cli' })],
    ['of an earlier run', file('a', done(START - 1))],
    ['that was cancelled', file('a', { status: 'cancelled', finishedAt: START })],
  ])('%s is not told', (_, transfer) => {
    expect(new Play().transfers(transfer).wait(LONG).told).toEqual([])
  })
})

describe('problems', () => {
  const problems = (count: number): Notification => ({ kind: 'problems', count })

  test('that come in a short time are told together', () => {
    const play = new Play().transfers(file('a', failed(START))).problems('/x', '/y')
    play.wait(GATHER_MS - 1).transfers(file('b', failed(play.now)))
    expect(play.wait(LONG).told).toEqual([[GATHER_MS, problems(4)]])
  })

  test('that go on coming are told once a minute', () => {
    const play = new Play()
    for (let second = 0; second < 120; second++)
      play.transfers(file(`${second}`, failed(play.now))).wait(1000)
    expect(play.wait(LONG).told.map(([at]) => at)).toEqual([
      GATHER_MS,
      GATHER_MS + QUIET_MS,
      GATHER_MS + 2 * QUIET_MS,
    ])
    expect(play.told.map(([, one]) => one)).toEqual([problems(3), problems(60), problems(57)])
  })

  test('are told anew when a file fails once more, and not when a window is', () => {
    const play = new Play().transfers(file('a', failed(START))).wait(LONG)
    play.transfers(file('a', failed(START))).wait(LONG)
    play
      .transfers(file('a', a.queued()))
      .transfers(file('a', failed(play.now)))
      .wait(LONG)
    expect(play.told.map(([, one]) => one)).toEqual([problems(1), problems(1)])
  })

  test('are also files that wait for room in the cloud, each once', () => {
    const waits: Transfer['state'] = {
      status: 'waiting',
      tries: { attempt: 1, restarts: 0 },
      failure: a.failure('quota-exceeded'),
      retryAt: START + 1,
    }
    const play = new Play().transfers(file('a', waits)).wait(LONG).transfers(file('a', waits)).wait(LONG)
    expect(play.told).toEqual([[GATHER_MS, problems(1)]])
  })

  test('of an earlier run are known', () => {
    expect(new Play().transfers(file('a', failed(START - 1))).wait(LONG).told).toEqual([])
  })

  test('of a pair are those that it has more than before', () => {
    const play = new Play().pairs(pair({ status: 'scanning' }, { problems: 2 })).wait(LONG)
    // Each look counts them anew.
    play
      .pairs(pair({ status: 'scanning' }, { problems: 0 }))
      .pairs(pair({ status: 'synced' }, { problems: 2 }))
    play.wait(LONG).pairs(pair({ status: 'synced' }, { problems: 3 }))
    expect(play.wait(LONG).told.map(([, one]) => one)).toEqual([problems(2), problems(1)])
  })

  test('of a pair of an earlier run are known once it has been in step', () => {
    const play = new Play()
    const known = { syncedAt: START - 1 }
    play
      .pairs(pair({ status: 'scanning' }, known))
      .pairs(pair({ status: 'comparing' }, { ...known, problems: 2 }))
    play.pairs(pair({ status: 'synced' }, { ...known, problems: 2 })).wait(LONG)
    expect(play.told).toEqual([])
    play.pairs(pair({ status: 'synced' }, { ...known, problems: 3 })).wait(LONG)
    expect(play.told.map(([, one]) => one)).toEqual([problems(1)])
  })
})

describe('a pair that halts', () => {
  test('is told once, however often it looks again', () => {
    const play = new Play()
    for (let time = 0; time < 5; time++)
      play
        .pairs(pair({ status: 'scanning' }))
        .pairs(pair(halted))
        .wait(15_000)
    expect(play.told).toEqual([[GATHER_MS, { kind: 'halted', folders: ['照片'] }]])
  })

  test('is told again when it was in step meanwhile, or halts for another reason', () => {
    const play = new Play().pairs(pair(halted)).wait(LONG)
    play
      .pairs(pair({ status: 'synced' }))
      .pairs(pair(halted))
      .wait(LONG)
    play.pairs(pair({ status: 'halted', halt: { reason: 'mass-delete' } })).wait(LONG)
    expect(play.told).toHaveLength(3)
  })

  test('is told with others that do so at the same time', () => {
    const play = new Play().pairs(pair(halted), pair(halted, {}, '/home/文档')).wait(LONG)
    expect(play.told).toEqual([[GATHER_MS, { kind: 'halted', folders: ['照片', '文档'] }]])
  })
})

describe('the account', () => {
  const ended: Session = { status: 'signed-out', reason: a.failure('unauthorized') }

  test.each<[string, (play: Play) => Play, number]>([
    [
      'that was refused is told once',
      (play) => play.account(signedIn, true).wait(LONG).account(signedIn, true),
      1,
    ],
    ['that has ended is told once', (play) => play.account(ended).wait(LONG).account(ended, true), 1],
    ['that is back before anybody was told is not told', (play) => play.account(ended).account(signedIn), 0],
    [
      'that ends again is told again',
      (play) => play.account(ended).wait(LONG).account(signedIn).wait(1).account(ended),
      2,
    ],
    ['that a person has left is not told', (play) => play.account({ status: 'signed-out' }, true), 0],
  ])('%s', (_, happens, times) => {
    expect(
      happens(new Play())
        .wait(LONG)
        .told.map(([, one]) => one),
    ).toEqual(Array.from({ length: times }, () => ({ kind: 'signed-out' })))
  })
})

describe('the words', () => {
  const finished = {
    kind: 'finished',
    files: 1,
    name: 'a.txt',
    folder: '/工作',
    localPath: '/a.txt',
  } as const
  test.each<[Notification, string, string]>([
    [finished, '“a.txt”已上传到 /工作', '“a.txt” was uploaded to /工作'],
    [{ ...finished, folder: '/' }, '“a.txt”已上传到云盘根目录', '“a.txt” was uploaded to the root folder'],
    [{ ...finished, files: 3 }, '3 个文件已上传到 /工作', '3 files were uploaded to /工作'],
    [{ ...finished, files: 15_000 }, '15,000 个文件已上传到 /工作', '15,000 files were uploaded to /工作'],
    [{ ...finished, name: 'a\nb' }, '“a b”已上传到 /工作', '“a b” was uploaded to /工作'],
    [{ kind: 'problems', count: 1 }, '1 个问题需要处理', '1 issue needs your attention'],
    [{ kind: 'problems', count: 2 }, '2 个问题需要处理', '2 issues need your attention'],
    [{ kind: 'halted', folders: ['照片'] }, '“照片”等待你处理', '“照片” needs your decision'],
    [
      { kind: 'halted', folders: ['照片', '文档'] },
      '“照片”等 2 个文件夹等待你处理',
      '“照片” and others, 2 folders in all, need your decision',
    ],
    [{ kind: 'signed-out' }, '重新登录后继续上传', 'Sign in to resume uploads'],
  ])('of %j', (notification, chinese, english) => {
    expect(notificationText(notification, 'zh-CN').body).toBe(chinese)
    expect(notificationText(notification, 'en').body).toBe(english)
  })

  test('a name is never too long, and no markup', () => {
    expect(notificationText({ ...finished, name: '长'.repeat(200) }, 'zh-CN').body.length).toBeLessThan(120)
    expect(escapeMarkup('<a href="x">&amp;</a>')).toBe('&lt;a href="x"&gt;&amp;amp;&lt;/a&gt;')
  })
})
