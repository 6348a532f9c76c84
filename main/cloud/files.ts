import type { z } from 'zod'
import { DriveError } from '#app/errors'
import type { RemoteEntry } from '#app/sync/tree'
import type { Endpoint } from './limiter.ts'
import { detailAnswer, listAnswer, mkdirAnswer, nothing, recoverAnswer } from './wire.ts'

/** A JSON call as the client makes it. */
export interface Call<T> {
  readonly endpoint: Endpoint
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly token?: string
  readonly body?: object
  readonly schema: z.ZodType<T>
  readonly signal: AbortSignal
}

/** What is done with files and folders that are there (platform-facts 4). */
export interface CloudFiles {
  /**
   * Everything in a folder but what is in the bin, from all pages. A listing in which something drifts between two pages is none: it
   * fails as `malformed-answer`.
   */
  list(token: string, parentFileID: number, signal: AbortSignal): Promise<readonly RemoteEntry[]>
  /** The new folder's id; fails as `name-taken`. */
  mkdir(token: string, parentID: number, name: string, signal: AbortSignal): Promise<number>
  move(token: string, fileIDs: readonly number[], toParentFileID: number, signal: AbortSignal): Promise<void>
  rename(token: string, fileID: number, name: string, signal: AbortSignal): Promise<void>
  /** Into the recycle bin, folders with all that is in them; what is not there any more is no failure. */
  trash(token: string, fileIDs: readonly number[], signal: AbortSignal): Promise<void>
  /** Out of the bin, back to where it was; gives those whose folder is gone. */
  recover(token: string, fileIDs: readonly number[], signal: AbortSignal): Promise<readonly number[]>
  /** Undefined when there is no such thing, not even in the bin. */
  detail(token: string, fileID: number, signal: AbortSignal): Promise<RemoteDetail | undefined>
}

export interface RemoteDetail extends RemoteEntry {
  readonly parentFileID: number
  readonly trashed: boolean
}

/** Spec: at most 100 a page; platform-facts 4: as many ids a call. */
const PAGE = 100

export function filesOf(call: <T>(asked: Call<T>) => Promise<T>): CloudFiles {
  const list: CloudFiles['list'] = async (token, parentFileID, signal) => {
    const entries = new Map<number, RemoteEntry>()
    const met = new Set<number>()
    let lastFileId = 0
    do {
      const from = lastFileId === 0 ? '' : `&lastFileId=${lastFileId}`
      const path = `/api/v2/file/list?parentFileId=${parentFileID}&limit=${PAGE}${from}`
      const page = await call({ endpoint: 'list', method: 'GET', path, token, schema: listAnswer, signal })
      for (const item of page.fileList) {
        // Also where pages lead back to one that was there, which would never end.
        if (met.has(item.fileId)) throw new DriveError('malformed-answer', 'list: the same entry twice')
        met.add(item.fileId)
        if (!item.trashed) entries.set(item.fileId, entryOf({ ...item, fileID: item.fileId }))
      }
      if (page.lastFileId > 0 && page.fileList.length === 0)
        throw new DriveError('malformed-answer', 'list: an empty page that is not the last one')
      lastFileId = page.lastFileId
    } while (lastFileId > 0)
    return [...entries.values()]
  }

  return {
    list,

    async mkdir(token, parentID, name, signal) {
      const dirID = await call({
        endpoint: 'mkdir',
        method: 'POST',
        path: '/upload/v1/file/mkdir',
        token,
        body: { name, parentID },
        schema: mkdirAnswer,
        signal,
      })
      if (dirID) return dirID
      const there = await list(token, parentID, signal)
      const [made, second] = there.filter((entry) => entry.kind === 'folder' && entry.name === name)
      if (!made || second) throw new DriveError('malformed-answer', 'mkdir: no id, and not one such folder')
      return made.fileID
    },

    async move(token, fileIDs, toParentFileID, signal) {
      for (const some of batches(fileIDs)) {
        const body = { fileIDs: some, toParentFileID }
        await call({
          endpoint: 'move',
          method: 'POST',
          path: '/api/v1/file/move',
          token,
          body,
          schema: nothing,
          signal,
        })
      }
    },

    async rename(token, fileId, fileName, signal) {
      const body = { fileId, fileName }
      await call({
        endpoint: 'rename',
        method: 'PUT',
        path: '/api/v1/file/name',
        token,
        body,
        schema: nothing,
        signal,
      })
    },

    async trash(token, fileIDs, signal) {
      for (const some of batches(fileIDs)) {
        const body = { fileIDs: some }
        await call({
          endpoint: 'trash',
          method: 'POST',
          path: '/api/v1/file/trash',
          token,
          body,
          schema: nothing,
          signal,
        })
      }
    },

    async recover(token, fileIDs, signal) {
      const abnormal: number[] = []
      for (const some of batches(fileIDs)) {
        const body = { fileIDs: some }
        const path = '/api/v1/file/recover'
        const schema = recoverAnswer
        abnormal.push(
          ...(await call({ endpoint: 'recover', method: 'POST', path, token, body, schema, signal })),
        )
      }
      return abnormal
    },

    async detail(token, fileID, signal) {
      const path = `/api/v1/file/detail?fileID=${fileID}`
      try {
        const found = await call({
          endpoint: 'detail',
          method: 'GET',
          path,
          token,
          schema: detailAnswer,
          signal,
        })
        return { ...entryOf(found), parentFileID: found.parentFileID, trashed: Boolean(found.trashed) }
      } catch (thrown) {
        if (thrown instanceof DriveError && thrown.code === 'not-found') return undefined
        throw thrown
      }
    },
  }
}

function entryOf(item: {
  readonly fileID: number
  readonly filename: string
  readonly type: number
  readonly size: number | undefined
  readonly etag: string | undefined
}): RemoteEntry {
  return {
    fileID: item.fileID,
    name: item.filename,
    kind: item.type === 1 ? 'folder' : 'file',
    size: item.size ?? 0,
    md5: (item.etag ?? '').toLowerCase(),
  }
}

function* batches(ids: readonly number[]): Generator<readonly number[]> {
  for (let start = 0; start < ids.length; start += PAGE) yield ids.slice(start, start + PAGE)
}
