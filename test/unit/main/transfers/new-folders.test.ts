import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_UP_LIMIT } from '#app/bandwidth'
import { joinRemote, splitRemote } from '#app/naming'
import type { TransferEvent, TransferId } from '#app/transfer'
import type { Cloud } from '#main/cloud/client'
import type { RemoteEntry } from '#app/sync/tree'
import { Limiter } from '#main/cloud/limiter'
import { AccountFacts } from '#main/transfers/account-facts'
import { DEFAULT_TUNING, type TransferContext } from '#main/transfers/context'
import { Gate } from '#main/transfers/gate'
import { newCarry } from '#main/transfers/job'
import { RemoteIndex } from '#main/transfers/remote-index'
import { runTransfer } from '#main/transfers/runner'
import { Servers } from '#main/transfers/servers'
import { Slots } from '#main/transfers/slots'
import { Uplink } from '#main/transfers/uplink'
import { destination, directly, remoteFile, remoteFolder } from '#test/builders'
import { deferred } from '#test/deferred'
import { fakePool } from '#test/fake-threads'
import { tempFolder, writeTree } from '#test/temp-folder'

/** A platform that makes the folders of a path on the way, and makes them twice when asked twice at once. */
class Platform {
  readonly made: string[] = []
  readonly files: string[] = []
  readonly #entries = new Map<number, RemoteEntry[]>([[0, []]])
  #lastID = 0

  list(folderID: number): readonly RemoteEntry[] {
    return [...(this.#entries.get(folderID) ?? [])]
  }

  /** In two steps: between looking for the folders and making them, somebody else may do the same. */
  look(parentFileID: number, filename: string): () => number {
    const names = splitRemote(filename)
    const folders = names.slice(0, -1)
    let folderID = parentFileID
    let depth = 0
    for (; depth < folders.length; depth++) {
      const folder = this.#entries.get(folderID)?.find(({ name }) => name === folders[depth])
      if (!folder) break
      folderID = folder.fileID
    }
    return () => {
      for (const name of folders.slice(depth)) {
        const folder = remoteFolder(name, ++this.#lastID)
        this.#entries.get(folderID)?.push(folder)
        this.#entries.set(folder.fileID, [])
        folderID = folder.fileID
        this.made.push(name)
      }
      const file = remoteFile(names.at(-1) ?? '', { fileID: ++this.#lastID })
      this.#entries.get(folderID)?.push(file)
      this.files.push(file.name)
      return file.fileID
    }
  }
}

function contextOf(platform: Platform, scheduler: fc.Scheduler, files: number): TransferContext {
  const step = (name: string) => scheduler.schedule(Promise.resolve(), name)
  // The disk is a real one and answers when it likes: from here on the order is the scheduler's alone.
  const allHashed = deferred()
  let hashed = 0
  const unused = () => Promise.reject(new Error('Not part of this test'))
  const cloud: Cloud = {
    issueToken: unused,
    account: unused,
    create: unused,
    complete: unused,
    domains: unused,
    list: unused,
    mkdir: unused,
    move: unused,
    rename: unused,
    trash: unused,
    recover: unused,
    detail: unused,
    reach: unused,
  }
  let now = 0
  const clock = () => ++now
  const tokens = { current: () => Promise.resolve('token'), renew: unused }
  const slots = new Slots(3, DEFAULT_TUNING.singleStepMaxBytes)
  return {
    cloud,
    tokens,
    routes: directly,
    account: new AccountFacts(
      () => Promise.resolve({ uid: '1', nickname: '', usedBytes: 0, totalBytes: 0, vip: false }),
      'https://api.example',
      clock,
    ),
    limiter: new Limiter({ off: true }),
    index: new RemoteIndex(async (folderID) => {
      await step(`asked for folder ${folderID}`)
      const entries = platform.list(folderID)
      await step(`listed folder ${folderID}`)
      return entries
    }, clock),
    gate: new Gate(),
    slots,
    uplink: new Uplink({ slots, limit: NO_UP_LIMIT, stretchMs: DEFAULT_TUNING.stretchMs, now: clock }),
    servers: new Servers(Date.now),
    tuning: DEFAULT_TUNING,
    lastSliceSize: { bytes: 16 },
    foldersFrom: { at: 0 },
    isOfAnother: () => false,
    domains: () => Promise.resolve(['https://upload.example']),
    now: clock,
    pool: fakePool({
      hash: async ({ path, sliceSize }) => {
        if (++hashed === files) allHashed.resolve()
        await allHashed.promise
        await step(`hashed ${path}`)
        return { md5: 'd41d8cd98f00b204e9800998ecf8427e', sliceSize, sliceMd5s: [] }
      },
      slice: unused,
      forgetConnections: unused,
      single: async ({ fields }) => {
        await step(`sent ${fields.filename}`)
        const make = platform.look(fields.parentFileID, fields.filename)
        await step(`made ${fields.filename}`)
        const fileID = make()
        await step(`answered ${fields.filename}`)
        return { fileID, completed: true, busyMs: 0 }
      },
    }),
  }
}

const FOLDERS = ['', '/秋', '/秋/叶', '/秋/叶/红', '/冬', '/冬/雪']
const names = fc.shuffledSubarray(
  FOLDERS.flatMap((folder) => [`${folder}/1.txt`, `${folder}/2.txt`]),
  { minLength: 2 },
)

test('however many files of new folders go up at once, and however their steps interleave, each folder is made once', async () => {
  const local = tempFolder()
  writeTree(local, { 'file.txt': 'abc' })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), names, async (scheduler, paths) => {
      const platform = new Platform()
      const context = contextOf(platform, scheduler, paths.length)
      const ends: TransferEvent[] = []
      const upload = (path: string): Promise<void> =>
        runTransfer(
          {
            id: 'one' as TransferId,
            path: join(local, 'file.txt'),
            to: destination(path),
            onDuplicate: 'fail',
            askedAt: 0,
            carry: newCarry(),
            keep: () => undefined,
            acknowledged: () => undefined,
            startedOver: () => undefined,
            signal: new AbortController().signal,
            emit: (event) => {
              if (event.type === 'finished' || event.type === 'failed') ends.push(event)
            },
          },
          context,
        )
      await scheduler.waitFor(Promise.all(paths.map(upload)))
      expect(ends.map(({ type }) => type)).toEqual(paths.map(() => 'finished'))
      expect(platform.files).toHaveLength(paths.length)
      const needed = new Set(
        paths.flatMap((path) => {
          const { folders } = destination(path)
          return folders.map((_, depth) => joinRemote(folders.slice(0, depth + 1)))
        }),
      )
      expect(platform.made.toSorted()).toEqual([...needed].map((path) => path.split('/').at(-1)).toSorted())
    }),
    { numRuns: 150 },
  )
})
