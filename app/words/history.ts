import type { Outcome } from '../history.ts'
import type { Method, Source } from '../transfer.ts'
import type { Language } from './explain.ts'

/** The columns of an exported history, in their order. */
export type HistoryColumn =
  | 'finished'
  | 'outcome'
  | 'remotePath'
  | 'path'
  | 'bytes'
  | 'method'
  | 'sentBytes'
  | 'md5'
  | 'source'
  | 'reason'
  | 'traceId'

/** What stands in an exported history, and in its file's name. */
export interface HistoryWords {
  readonly file: string
  readonly columns: Readonly<Record<HistoryColumn, string>>
  readonly outcomes: Readonly<Record<Outcome, string>>
  readonly methods: Readonly<Record<Method, string>>
  readonly sources: Readonly<Record<Source, string>>
}

export const historyWords: Readonly<Record<Language, HistoryWords>> = {
  'zh-CN': {
    file: '上传历史',
    columns: {
      finished: '结束时间',
      outcome: '结果',
      remotePath: '云盘位置',
      path: '本机位置',
      bytes: '大小（字节）',
      method: '上传方式',
      sentBytes: '实际流量（字节）',
      md5: 'MD5',
      source: '来源',
      reason: '原因',
      traceId: '追踪编号',
    },
    outcomes: { done: '已完成', skipped: '已跳过', failed: '失败', cancelled: '已取消' },
    methods: { instant: '秒传', single: '直接上传', sliced: '分片上传', present: '已存在' },
    sources: { manual: '手动', shell: '右键', cli: '命令行', sync: '同步' },
  },
  en: {
    file: 'Upload history',
    columns: {
      finished: 'Finished',
      outcome: 'Outcome',
      remotePath: 'In 123pan',
      path: 'On this computer',
      bytes: 'Size (bytes)',
      method: 'Method',
      sentBytes: 'Bytes sent',
      md5: 'MD5',
      source: 'Source',
      reason: 'Reason',
      traceId: 'Trace ID',
    },
    outcomes: { done: 'Done', skipped: 'Skipped', failed: 'Failed', cancelled: 'Cancelled' },
    methods: { instant: 'Instant', single: 'Single', sliced: 'Sliced', present: 'Unchanged' },
    sources: { manual: 'Manual', shell: 'Right-click', cli: 'Command line', sync: 'Sync' },
  },
}
