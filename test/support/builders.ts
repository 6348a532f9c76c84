import type { ErrorCode, Failure } from '#app/errors'
import { DIRECT } from '#app/proxy'
import { FIRST_TRY } from '#app/retry'
import type { Transfer, TransferId, TransferState } from '#app/transfer'
import type { RawAnswer } from '#main/cloud/answers'
import type { RemoteEntry } from '#app/sync/tree'
import type { ProxySource } from '#main/cloud/routes'
import type { Destination } from '#main/transfers/remote-index'

export type Status = TransferState['status']
type In<S extends Status> = Extract<TransferState, { status: S }>

export function failure(code: ErrorCode, more: Partial<Failure> = {}): Failure {
  return { code, message: `what happened: ${code}`, ...more }
}

export const queued = (tries = FIRST_TRY): In<'queued'> => ({ status: 'queued', tries })
export const hashing = (hashed = 0, tries = FIRST_TRY): In<'hashing'> => ({
  status: 'hashing',
  hashed,
  tries,
})
export const creating = (tries = FIRST_TRY): In<'creating'> => ({ status: 'creating', tries })
export const uploading = (sent = 0, more: Partial<In<'uploading'>> = {}): In<'uploading'> => ({
  status: 'uploading',
  sent,
  slicesDone: 0,
  slices: 4,
  tries: FIRST_TRY,
  ...more,
})
export const completing = (tries = FIRST_TRY): In<'completing'> => ({ status: 'completing', tries })
export const waiting = (code: ErrorCode = 'server', more: Partial<In<'waiting'>> = {}): In<'waiting'> => ({
  status: 'waiting',
  tries: { attempt: 1, restarts: 0 },
  failure: failure(code),
  retryAt: 5000,
  ...more,
})
export const paused = (tries = FIRST_TRY, more: Partial<In<'paused'>> = {}): In<'paused'> => ({
  status: 'paused',
  tries,
  ...more,
})
export const done = (more: Partial<In<'done'>> = {}): In<'done'> => ({
  status: 'done',
  finishedAt: 9000,
  fileID: 1758176091289,
  method: 'sliced',
  md5: '4b5c549c4abd0a079caf92d6cad24127',
  sentBytes: 100,
  ...more,
})
export const skipped = (code: ErrorCode = 'name-taken'): In<'skipped'> => ({
  status: 'skipped',
  failure: failure(code),
  finishedAt: 9000,
})
export const failed = (code: ErrorCode = 'server'): In<'failed'> => ({
  status: 'failed',
  failure: failure(code),
  finishedAt: 9000,
})
export const cancelled = (): In<'cancelled'> => ({ status: 'cancelled', finishedAt: 9000 })

export function transfer(state: TransferState = queued(), more: Partial<Transfer> = {}): Transfer {
  return {
    id: 'transfer-1' as TransferId, // A brand has no constructor.
    path: '/home/li/照片/a.raw',
    size: 100,
    remotePath: '/照片/a.raw',
    source: 'manual',
    addedAt: 0,
    position: 0,
    keptBytes: 0,
    state,
    ...more,
  }
}

/** No proxy, for any origin. */
export const directly: ProxySource = { routeFor: () => Promise.resolve(DIRECT) }

/** An HTTP answer, 200 and empty unless said otherwise. */
export function answered(more: Partial<RawAnswer> = {}): RawAnswer {
  return { status: 200, headers: {}, body: '', elapsedMs: 20, ...more }
}

/** The platform's envelope as text. */
export function envelope(code: number, message: string, data: unknown = null, traceID = ''): string {
  return JSON.stringify({ code, message, data, 'x-traceID': traceID })
}

export function remoteFile(name: string, more: Partial<RemoteEntry> = {}): RemoteEntry {
  return { fileID: 500, name, kind: 'file', size: 3, md5: 'd41d8cd98f00b204e9800998ecf8427e', ...more }
}

export function remoteFolder(name: string, fileID: number): RemoteEntry {
  return { fileID, name, kind: 'folder', size: 0, md5: '' }
}

/** `/a/b/c.txt` as a place below the root. */
export function destination(path: string, rootID = 0): Destination {
  const names = path.split('/').filter((name) => name !== '')
  return { rootID, folders: names.slice(0, -1), name: names.at(-1) ?? '' }
}
