import { createHash } from 'node:crypto'
import { FIRST_TRY } from '#app/retry'
import type { ErrorCode, Failure } from '#app/errors'
import type { Method, Source, TransferId, TransferState } from '#app/transfer'
import { openStore } from '#main/store/open-store'
import { newCarry, type Carry } from '#main/transfers/job'
import { writeQueue, type Written } from '../queue-file.ts'

/** A queue as somebody has it who has used the app for a while, written into a data folder before the app is opened. */

const MB = 1024 ** 2
const MINUTE = 60_000
const HOME = '/home/li'

interface Row {
  readonly path: string
  readonly size: number
  readonly state: TransferState
  readonly source?: Source
  readonly carry?: Partial<Carry>
  readonly addedAt: number
  readonly unlisted?: true
  readonly startedOver?: ErrorCode
}

const failure = (code: ErrorCode, more: Partial<Failure> = {}): Failure => ({
  code,
  message: `as it came: ${code}`,
  ...more,
})
const TRACE = 'd2b0c7f4-5a1e-4c1f-9f0e-6f8a1f3f7c55_kong-db-5898fdd8c6'
const md5 = (no: number): string =>
  (0x9e3779b1 * (no + 7)).toString(16).padStart(12, '4').repeat(4).slice(0, 32)

const done = (method: Method, finishedAt: number, size: number, no: number): TransferState => ({
  status: 'done',
  finishedAt,
  fileID: 1_758_176_000_000 + no,
  method,
  md5: md5(no),
  sentBytes: method === 'instant' || method === 'present' ? 0 : size,
})
const failed = (finishedAt: number, code: ErrorCode, more: Partial<Failure> = {}): TransferState => ({
  status: 'failed',
  failure: failure(code, more),
  finishedAt,
})
const QUEUED: TransferState = { status: 'queued', tries: FIRST_TRY }

/** Half sent, after trouble on the way. */
function halfSent(size: number, slices: readonly number[], now: number): Partial<Carry> {
  const sliceSize = 16 * MB
  return {
    identity: { dev: '1', ino: '1', size, mtimeNs: '1' },
    hashes: { md5: md5(90), sliceSize, sliceMd5s: [] },
    upload: {
      preuploadID: 'pre-1',
      sliceSize,
      servers: [],
      duplicate: undefined,
      done: new Set(slices),
    },
    failures: 2,
    sentBytes: slices.length * sliceSize,
    lastFailure: { failure: failure('connection-lost', { traceId: TRACE }), at: now - 4 * MINUTE, times: 2 },
  }
}

function rows(now: number): readonly Row[] {
  const at = (minutes: number): number => now - minutes * MINUTE
  const big = 1800 * MB
  const slices = Array.from({ length: 71 }, (_, index) => (index < 66 ? index + 1 : index + 4))
  return [
    {
      path: '视频/2026/2026 年会回顾 终版.mp4',
      size: big,
      state: { status: 'paused', tries: FIRST_TRY },
      addedAt: at(9),
      carry: halfSent(big, slices, now),
    },
    { path: '照片/秋/DSC_20261102_0183.RAW', size: 52.4 * MB, state: QUEUED, addedAt: at(8) },
    {
      path: '镜像/debian-12.9.0-amd64-DVD-1.iso',
      size: 3.7 * 1024 * MB,
      state: QUEUED,
      source: 'shell',
      addedAt: at(8),
    },
    { path: '备份/设计稿备份（含历史版本）.zip', size: 640 * MB, state: QUEUED, addedAt: at(7) },
    {
      path: '录音/访谈 03.flac',
      size: 88 * MB,
      state: { status: 'paused', tries: FIRST_TRY, until: now + 30 * MINUTE },
      addedAt: at(7),
    },
    {
      path: '代码/前端 组件库.tar.gz',
      size: 14.2 * MB,
      state: QUEUED,
      source: 'cli',
      addedAt: at(6),
      startedOver: 'file-changed',
    },
    {
      path: '文档/会议记录: 第三次.txt',
      size: 3 * 1024,
      state: failed(at(3), 'name-character', { detail: ':' }),
      addedAt: at(6),
    },
    {
      path: '文档/季度|汇总.docx',
      size: 48 * 1024,
      state: failed(at(3), 'name-character', { detail: '|' }),
      addedAt: at(6),
    },
    {
      path: '文档/2026 预算.xlsx',
      size: 418 * 1024,
      state: failed(at(2), 'name-taken', { detail: '2026 预算.xlsx' }),
      addedAt: at(6),
    },
    {
      path: '文档/合同 终稿.pdf',
      size: 2.6 * MB,
      state: failed(at(2), 'name-taken', { detail: '合同 终稿.pdf' }),
      addedAt: at(6),
    },
    { path: '文档/报价单.xlsx', size: 96 * 1024, state: failed(at(2), 'name-taken'), addedAt: at(6) },
    { path: '文档/通讯录.csv', size: 12 * 1024, state: failed(at(2), 'name-taken'), addedAt: at(6) },
    {
      path: '视频/旅行/航拍 素材.mov',
      size: 9.4 * 1024 * MB,
      state: failed(at(1), 'timeout', { traceId: TRACE }),
      addedAt: at(30),
      carry: {
        failures: 8,
        sentBytes: 900 * MB,
        lastFailure: { failure: failure('timeout', { traceId: TRACE }), at: at(1), times: 8 },
      },
    },
    {
      path: '文档/租房合同_扫描件.pdf',
      size: 2.1 * MB,
      state: done('instant', at(0.2), 2.1 * MB, 1),
      addedAt: at(6),
    },
    {
      path: '文档/年度总结.pptx',
      size: 18.6 * MB,
      state: done('sliced', at(1.2), 18.6 * MB, 2),
      addedAt: at(6),
      carry: {
        completedSliceSize: 16 * MB,
        failures: 1,
        lastFailure: { failure: failure('server', { traceId: TRACE }), at: at(2), times: 1 },
      },
    },
    {
      path: '照片/秋/封面.png',
      size: 3.3 * MB,
      state: done('single', at(4), 3.3 * MB, 3),
      source: 'shell',
      addedAt: at(9),
    },
    {
      path: '照片/秋/合影.heic',
      size: 4.8 * MB,
      state: done('present', at(12), 4.8 * MB, 4),
      addedAt: at(14),
    },
    {
      path: '文档/旧版 方案.docx',
      size: 900 * 1024,
      state: { status: 'skipped', failure: failure('name-taken'), finishedAt: at(40) },
      addedAt: at(41),
    },
    ...Array.from({ length: 260 }, (_, no): Row => ({
      path: `照片/2026/IMG_${String(4000 + no)}.jpg`,
      size: (2 + (no % 5)) * MB,
      state:
        no % 41 === 40
          ? { status: 'cancelled', finishedAt: at(90 + no * 7) }
          : done(no % 3 === 0 ? 'instant' : 'single', at(90 + no * 7), 2 * MB, 100 + no),
      addedAt: at(95 + no * 7),
      unlisted: true,
    })),
  ]
}

/** The same for the same path, in every run. */
export function seededId(path: string): TransferId {
  const hex = createHash('sha256').update(path).digest('hex')
  // A brand has no constructor.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as TransferId
}

function writtenOf(row: Row, index: number): Written {
  const { path, size, state, source = 'manual', addedAt, startedOver, carry } = row
  const transfer = {
    id: seededId(path),
    path: `${HOME}/${path}`,
    size: Math.round(size),
    remotePath: `/${path}`,
    source,
    addedAt: Math.round(addedAt),
    position: index,
    keptBytes: 0,
    ...(startedOver ? { startedOver } : {}),
    state,
  }
  return { transfer, carry: { ...newCarry(), ...carry } }
}

/** Everything is paused, so that it stays as it is. */
export async function seedUsed(dataDir: string, now: number): Promise<void> {
  const given = rows(now)
  const written = given.map(writtenOf)
  const history = written.flatMap(({ transfer }, index) => (given[index]?.unlisted ? [transfer] : []))
  await writeQueue(dataDir, written, { paused: true, history })
  const opened = openStore(dataDir)
  const options = { rootID: 0, folders: [], onDuplicate: 'fail', exclude: [], source: 'manual' } as const
  const origin = { root: `${HOME}/项目`, options }
  opened.problems.replace(
    [],
    [
      {
        path: `${HOME}/项目/密钥`,
        at: now,
        named: false,
        failure: failure('folder-unreadable', { detail: '密钥' }),
        origin,
      },
      ...['当前版本', '资源', '最新'].map((name) => ({
        path: `${HOME}/项目/${name}`,
        at: now,
        named: false,
        failure: failure('not-a-file'),
        origin,
      })),
    ],
  )
  opened.store.close()
}

/** As when a large folder was dropped a moment ago. */
export function seedMany(dataDir: string, count: number, now: number): Promise<void> {
  const written = Array.from({ length: count }, (_, no) =>
    writtenOf(
      {
        path: `素材/${String(Math.floor(no / 500)).padStart(2, '0')}/IMG_${String(10_000 + no)}.jpg`,
        size: (1 + (no % 9)) * 700_000,
        state: QUEUED,
        addedAt: now,
      },
      no,
    ),
  )
  return writeQueue(dataDir, written, { paused: true })
}

/** What is data in these pictures, and in no language. */
export const SEEDED_WORDS =
  /[^\s·“”]*\.(?:mp4|RAW|iso|zip|flac|tar\.gz|txt|docx|xlsx|pdf|csv|mov|pptx|png|heic|jpg)|\/[^\s·“”]*/gu
