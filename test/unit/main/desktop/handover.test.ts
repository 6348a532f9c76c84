import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import type { AddReport, PendingUpload, UploadTarget } from '#app/ipc'
import { Handover } from '#main/desktop/handover'
import { leave, type Upload } from '#main/desktop/launch'
import { asOrdinaryUser } from '#test/ordinary-user'

interface Added {
  readonly paths: readonly string[]
  readonly target: UploadTarget | undefined
}

let dataDir: string
let added: Added[]
let reports: AddReport[]
let asked: (PendingUpload | undefined)[]
let wanted: number
let failed: unknown[]
/** What the queue says. */
let refuses: DriveError | undefined
let signedIn: boolean

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pan123-handover-'))
  added = []
  reports = []
  asked = []
  failed = []
  wanted = 0
  refuses = undefined
  signedIn = true
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

/** As a start of the app has it. */
function open(): Handover {
  // What it tells once its test is over is not the next one's.
  const told = reports
  return new Handover({
    dataDir,
    add: (paths, target) => {
      if (refuses) return Promise.reject(refuses)
      added.push({ paths, target })
      return Promise.resolve({ added: paths.length, skipped: [] })
    },
    onAdded: (report) => told.push(report),
    onPending: (pending) => asked.push(pending),
    onPersonWanted: () => (wanted += 1),
    isSignedIn: () => signedIn,
    onFailed: (thrown) => failed.push(thrown),
  })
}

const left = async (): Promise<number> => (await readdir(join(dataDir, 'handover')).catch(() => [])).length
const put = (how: Upload['how'], ...paths: string[]) => leave(dataDir, { how, paths })
const all = () => added.flatMap(({ paths }) => paths)
const TARGET: UploadTarget = { destination: '/照片/2026', onDuplicate: 'skip' }

test('what was left is added whole, whatever its names, and only once', async () => {
  const odd = ['/照片/假期视频 - 副本.mp4', '/a\nb', '/emoji 🎬', '/x '.repeat(5), '/--x', '/100%', `/'"`]
  await put('at-once', ...odd)
  const handover = open()
  await handover.take()
  await handover.take()
  expect(added).toEqual([{ paths: odd, target: undefined }])
  expect([await left(), wanted]).toEqual([0, 0])
})

test('twenty starts in quick succession are one batch, and told once', async () => {
  const handover = open()
  const names = Array.from({ length: 20 }, (_, no) => `/${no}`)
  for (const name of names) {
    await put('at-once', name)
    await handover.take()
  }
  await expect.poll(() => reports, { timeout: 5000 }).toEqual([{ added: 20, skipped: [] }])
  expect(all()).toEqual(names)
})

test('twenty starts in quick succession that ask where to are asked about once', async () => {
  const handover = open()
  for (let no = 0; no < 20; no++) {
    await put('ask', `/${no}`)
    await handover.take()
  }
  const pending = await handover.pending()
  expect(pending).toMatchObject({ files: 20, folders: 0, names: ['0', '1', '2'] })
  expect(new Set(asked.map((each) => each?.id)).size).toBe(1)
  expect(await handover.answer(pending?.id ?? '', TARGET)).toEqual({ added: 20, skipped: [] })
  expect(added).toEqual([{ paths: Array.from({ length: 20 }, (_, no) => `/${no}`), target: TARGET }])
  expect([asked.at(-1), await left()]).toEqual([undefined, 0])
})

test('ten thousand paths in one start', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `/文件夹/${index}.bin`)
  await put('at-once', ...many)
  await open().take()
  expect(all()).toEqual(many)
})

test('what the queue could not have is added by the next start', async () => {
  await put('at-once', '/a')
  refuses = new DriveError('interrupted', 'quitting')
  await open().take()
  expect([all(), await left(), failed]).toEqual([[], 1, []])
  refuses = new DriveError('data-folder-unusable', 'full')
  await open().take()
  expect([all(), await left(), failed.length]).toEqual([[], 1, 1])
  refuses = undefined
  await open().take()
  expect([all(), await left()]).toEqual([['/a'], 0])
})

test('what nobody has answered yet is asked again by the next start, which disturbs nobody when it is hidden', async () => {
  await put('ask', '/a', dataDir)
  await open().take()
  expect(wanted).toBe(1)
  const next = open()
  await next.take(true)
  expect(wanted).toBe(1)
  const pending = await next.pending()
  expect(pending).toMatchObject({ files: 1, folders: 1 })
  expect(JSON.stringify(pending)).not.toContain(join(dataDir, '..'))
})

test('an answer of none uploads nothing, now and later', async () => {
  await put('ask', '/a')
  const handover = open()
  await handover.take()
  expect(await handover.answer((await handover.pending())?.id ?? '', undefined)).toBeUndefined()
  await open().take()
  expect([added, await left(), await handover.pending()]).toEqual([[], 0, undefined])
})

test('an answer that fails can be given again; one to what is not asked is refused', async () => {
  await put('ask', '/a')
  const handover = open()
  await handover.take()
  const id = (await handover.pending())?.id ?? ''
  refuses = new DriveError('internal', 'no')
  await expect(handover.answer(id, TARGET)).rejects.toThrow('no')
  refuses = undefined
  await expect(handover.answer('another', TARGET)).rejects.toThrow()
  await handover.answer(id, TARGET)
  await expect(handover.answer(id, TARGET)).rejects.toThrow()
  expect(added).toEqual([{ paths: ['/a'], target: TARGET }])
})

test('with nobody signed in the person is wanted, for what is uploaded at once too', async () => {
  signedIn = false
  await put('at-once', '/a')
  await open().take()
  expect([all(), wanted]).toEqual([['/a'], 1])
})

test('what cannot be read now is kept, and taken when it can be', async () => {
  await put('at-once', '/a.txt')
  const folder = join(dataDir, 'handover')
  const [name = ''] = await readdir(folder)
  await chmod(join(folder, name), 0)
  await chmod(folder, 0o777)
  await asOrdinaryUser(dataDir, () => open().take())
  expect([added, await left()]).toEqual([[], 1])
  await chmod(join(folder, name), 0o600)
  await open().take()
  expect(all()).toEqual(['/a.txt'])
})

test('half written, or not ours, is not taken for paths', async () => {
  await mkdir(join(dataDir, 'handover'))
  await writeFile(join(dataDir, 'handover/x.part'), '{"how":"at-once","paths":["/half')
  await writeFile(join(dataDir, 'handover/y.json'), '{"upload": "/etc/passwd"}')
  await open().take()
  expect([added, failed]).toEqual([[], []])
})

test('it is for its owner’s eyes only, and nothing to leave leaves nothing', async () => {
  await leave(dataDir, undefined)
  expect(await left()).toBe(0)
  await put('at-once', '/a')
  expect((await stat(join(dataDir, 'handover'))).mode & 0o077).toBe(0)
})
