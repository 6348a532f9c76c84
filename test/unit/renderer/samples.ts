import type { ErrorCode } from '#app/errors'
import { FIRST_TRY } from '#app/retry'
import { QUEUED, type Method, type Transfer, type TransferId, type TransferState } from '#app/transfer'

/** Samples of transfers, to be shown and not to be moved. */
export const id = (name: string): TransferId => name as TransferId

export function transfer(
  name: string,
  state: TransferState = QUEUED,
  more: Partial<Transfer> = {},
): Transfer {
  const remotePath = `/照片/${name}`
  return {
    id: id(name),
    path: `/home${remotePath}`,
    size: 100,
    remotePath,
    source: 'manual',
    addedAt: 0,
    position: 0,
    keptBytes: 0,
    state,
    ...more,
  }
}

export const hashing = (hashed: number): TransferState => ({ status: 'hashing', tries: FIRST_TRY, hashed })
export const creating: TransferState = { status: 'creating', tries: FIRST_TRY }
export const completing: TransferState = { status: 'completing', tries: FIRST_TRY }
export const uploading = (sent: number): TransferState => ({
  status: 'uploading',
  tries: FIRST_TRY,
  sent,
  slicesDone: 0,
  slices: 1,
})
export const paused: TransferState = { status: 'paused', tries: FIRST_TRY }
export const waiting = (code: ErrorCode): TransferState => ({
  status: 'waiting',
  tries: FIRST_TRY,
  failure: { code, message: '' },
  retryAt: 1000,
})
export const done = (method: Method = 'single', finishedAt = 0): TransferState => ({
  status: 'done',
  finishedAt,
  fileID: 1,
  method,
  md5: '',
  sentBytes: 0,
})
export const failed = (code: ErrorCode = 'server', finishedAt = 0): TransferState => ({
  status: 'failed',
  failure: { code, message: '' },
  finishedAt,
})
export const skipped: TransferState = {
  status: 'skipped',
  failure: { code: 'name-taken', message: '' },
  finishedAt: 0,
}
export const cancelled: TransferState = { status: 'cancelled', finishedAt: 0 }
