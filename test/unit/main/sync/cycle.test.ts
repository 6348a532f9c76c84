import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { DriveError } from '#app/errors'
import type { PairId, SyncPair } from '#app/sync/pair'
import type { LocalFile, NodeId } from '#app/sync/tree'
import { SyncStore } from '#main/store/sync-store'
import { Base } from '#main/sync/base'
import { runCycle, type Cycle } from '#main/sync/cycle'
import { Dirt } from '#main/sync/dirt'
import { PairUploads } from '#main/sync/pair-uploads'
import { Troubles } from '#main/sync/problems'
import type { ScannedNode } from '#main/sync/scan-jobs'
import type { SyncContext } from '#main/sync/sync-context'
import { memoryDatabase } from '#test/memory-database'
import { tempFolder, writeTree } from '#test/temp-folder'

const ROOT = 1
const trash = vi.fn()

beforeEach(() => {
  trash.mockReset()
})

const never = (): Promise<never> => Promise.reject(new Error('not asked'))

/** A cycle over a folder of which the scanner says this, with a row for a file `gone` of five bytes that is there no more. */
function cycleOver(entries: readonly (readonly [string, ScannedNode])[], folder: string, ino = '1'): Cycle {
  const store = new SyncStore(memoryDatabase())
  const pair: SyncPair = {
    id: 'pair' as PairId,
    localPath: folder,
    remotePath: '/pair',
    mode: 'mirror',
    replace: 'overwrite',
    exclude: [],
    twins: false,
  }
  store.savePair({ pair, facts: { owner: 'me' } })
  const row = {
    kind: 'file',
    id: store.newId(),
    name: 'gone',
    ino,
    size: 5,
    mtimeNs: '1',
    md5: 'm',
    fileID: 7,
  } as const
  store.write(pair.id, { put: [{ row, parent: 0 as NodeId }], dropped: [] })
  const uploads = { add: vi.fn(), cancel: vi.fn(), pause: vi.fn(), resume: vi.fn(), clear: vi.fn() }
  const cloud = {
    list: () => Promise.resolve([{ fileID: 7, name: 'gone', kind: 'file', size: 5, md5: 'm' } as const]),
    trash,
  }
  const context = {
    cloud,
    tokens: { current: () => Promise.resolve('token'), renew: never },
    pool: { run: () => Promise.reject(new DriveError('file-unreadable', 'No')) },
    scanner: {
      scan: (_order: unknown, onFolder: (one: unknown) => void) => {
        onFolder({ path: '', ino: '9', fingerprint: 'f', entries })
        return Promise.resolve({ entries: entries.length })
      },
    },
    store,
    uploads,
    owner: () => Promise.resolve('me'),
    rules: () => [],
    paused: () => undefined,
    now: Date.now,
    tuning: {},
    onChange: () => undefined,
  } as unknown as SyncContext // Only what a cycle asks for.
  const dirt = new Dirt()
  dirt.addAll()
  return {
    pair,
    base: new Base(store, pair.id, ROOT),
    rootIno: '9',
    listings: new Map(),
    dirt,
    troubles: new Troubles(Date.now),
    uploads: new PairUploads(uploads, () => undefined),
    approved: new Set(),
    context,
    signal: new AbortController().signal,
    onScanned: () => undefined,
    onPlan: () => undefined,
    onState: () => undefined,
    onEvents: () => undefined,
  }
}

function fileAt(path: string, mtimeNs?: string): LocalFile {
  const stats = lstatSync(path, { bigint: true })
  return { kind: 'file', ino: String(stats.ino), size: 5, mtimeNs: mtimeNs ?? String(stats.mtimeNs) }
}

test('a file that changed since it was scanned ends the cycle: it is looked at anew, and not read over and over', async () => {
  const folder = tempFolder()
  writeTree(folder, { copy: 'later' })
  const cycle = cycleOver([['copy', fileAt(join(folder, 'copy'), '1')]], folder)
  await runCycle(cycle)
  expect(cycle.dirt.isDirty).toBe(true)
  expect(cycle.troubles.list()).toEqual([])
})

test('a file that can’t be read is left alone for a while, and what it may be is not taken for deleted meanwhile', async () => {
  const folder = tempFolder()
  writeTree(folder, { copy: 'later' })
  const cycle = cycleOver([['copy', fileAt(join(folder, 'copy'))]], folder)
  await runCycle(cycle)
  expect(cycle.troubles.list()).toMatchObject([{ path: 'copy', failure: { code: 'file-unreadable' } }])
  expect(trash).not.toHaveBeenCalled()
})

test('what is back by the time it would go to the bin stays', async () => {
  const folder = tempFolder()
  writeTree(folder, { gone: 'again' })
  const cycle = cycleOver([], folder, fileAt(join(folder, 'gone')).ino)
  await runCycle(cycle)
  expect(trash).not.toHaveBeenCalled()
  expect(cycle.dirt.isDirty).toBe(true)
})
