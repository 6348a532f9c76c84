import { randomUUID } from 'node:crypto'
import { readdir, readFile, stat, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { DriveError, toFailure } from '#app/errors'
import type { AddReport, PendingUpload, UploadTarget } from '#app/ipc'
import { handoverFolder, type Upload } from './launch.ts'

/** What one start has left. */
interface Left extends Upload {
  readonly file: string
}

const left = z.object({ how: z.enum(['at-once', 'ask']), paths: z.array(z.string().min(1)).min(1) })

/** Starts this close together are one act of the person: Windows makes one for each item that is selected. */
const TOGETHER_MS = 300
/** But nobody waits longer for a word. */
const AT_MOST_MS = 2000

/** Of these many the names are told. */
const NAMES = 3

interface Batch {
  readonly id: string
  readonly from: number
  readonly last: number
  readonly left: readonly Left[]
}

export interface HandoverOptions {
  readonly dataDir: string
  /** Without a target, to where the settings say. */
  readonly add: (paths: readonly string[], target?: UploadTarget) => Promise<AddReport>
  /** Once for all that came together. */
  readonly onAdded: (report: AddReport) => void
  /** The first of those that ask where to go, or none any more. */
  readonly onPending: (pending: PendingUpload | undefined) => void
  /** A person is needed: somebody asks, or nobody is signed in. */
  readonly onPersonWanted: () => void
  readonly isSignedIn: () => boolean
  readonly onFailed: (thrown: unknown) => void
}

/**
 * Takes over what starts of the program have left in the data folder. A file goes only once the queue has its paths, or the person wants
 * none of it: whatever happens in between, the next start takes them. Nothing is waited for: what comes together is one batch in what is
 * told and asked.
 */
export class Handover {
  readonly #options: HandoverOptions
  /** Files that are seen to, whether or not they can be removed. */
  readonly #taken = new Set<string>()
  #taking: Promise<void> = Promise.resolve()
  #batches: readonly Batch[] = []
  #joined: { readonly from: number; readonly report: AddReport } | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: HandoverOptions) {
    this.#options = options
  }

  /** All that is there now. `quietly`: nobody is to be disturbed. */
  take(quietly = false): Promise<void> {
    this.#taking = this.#taking.then(() =>
      this.#takeAll(quietly).catch((thrown: unknown) => {
        // By quitting, or by an engine that is said to have died: they are taken the next time.
        if (toFailure(thrown).code !== 'interrupted') this.#options.onFailed(thrown)
      }),
    )
    return this.#taking
  }

  /** What the window asks about at the moment. */
  async pending(): Promise<PendingUpload | undefined> {
    const [batch] = this.#batches
    return batch && describe(batch)
  }

  /** Uploads them there, or lets go of them. */
  async answer(id: string, target: UploadTarget | undefined): Promise<AddReport | undefined> {
    const batch = this.#batches.find((each) => each.id === id)
    if (!batch) throw new DriveError('invalid-argument', 'Nothing of that id is asked about')
    const others = (): readonly Batch[] => this.#batches.filter((each) => each.id !== id)
    // What comes meanwhile is asked about anew.
    this.#batches = others()
    try {
      const paths = batch.left.flatMap((each) => each.paths)
      const report = target && (await this.#options.add(paths, target))
      await this.#drop(batch.left)
      return report
    } catch (thrown) {
      this.#batches = [batch, ...others()]
      throw thrown
    } finally {
      this.#options.onPending(await this.pending())
    }
  }

  async #takeAll(quietly: boolean): Promise<void> {
    const found = await this.#read()
    const asking = found.filter(({ how }) => how === 'ask')
    if (asking.length > 0) {
      for (const { file } of asking) this.#taken.add(file)
      this.#hold(asking)
      if (!quietly) this.#options.onPersonWanted()
      this.#options.onPending(await this.pending())
    }
    const sending = found.filter(({ how }) => how === 'at-once')
    if (sending.length === 0) return
    const report = await this.#options.add(sending.flatMap(({ paths }) => paths))
    await this.#drop(sending)
    if (!quietly && !this.#options.isSignedIn()) this.#options.onPersonWanted()
    this.#tell(report)
  }

  #hold(asking: readonly Left[]): void {
    const now = Date.now()
    const last = this.#batches.at(-1)
    const isTogether = last && now - last.last <= TOGETHER_MS && now - last.from <= AT_MOST_MS
    this.#batches = isTogether
      ? [...this.#batches.slice(0, -1), { ...last, last: now, left: [...last.left, ...asking] }]
      : [...this.#batches, { id: randomUUID(), from: now, last: now, left: asking }]
  }

  #tell(report: AddReport): void {
    const now = Date.now()
    const before = this.#joined
    this.#joined = {
      from: before?.from ?? now,
      report: before
        ? {
            added: before.report.added + report.added,
            skipped: [...before.report.skipped, ...report.skipped],
          }
        : report,
    }
    clearTimeout(this.#timer)
    const endMs = this.#joined.from + AT_MOST_MS - now
    this.#timer = setTimeout(
      () => {
        const joined = this.#joined
        this.#joined = undefined
        if (joined) this.#options.onAdded(joined.report)
      },
      Math.max(0, Math.min(TOGETHER_MS, endMs)),
    )
  }

  async #read(): Promise<readonly Left[]> {
    const folder = handoverFolder(this.#options.dataDir)
    const names = await readdir(folder).catch(() => [])
    const found: Left[] = []
    for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
      const file = join(folder, name)
      if (this.#taken.has(file)) continue
      const text = await readFile(file, 'utf8').catch(() => undefined)
      // What can't be read now may be read the next time.
      if (text === undefined) continue
      const upload = parse(text)
      if (upload) found.push({ ...upload, file })
      else await unlink(file).catch(() => undefined)
    }
    return found
  }

  async #drop(those: readonly Left[]): Promise<void> {
    for (const { file } of those) {
      this.#taken.add(file)
      await unlink(file).catch(() => undefined)
    }
  }
}

function parse(text: string): Upload | undefined {
  try {
    return left.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** As much of it as a person has to see. The page learns no paths from it, and names none: it answers by the id. */
async function describe({ id, left: those }: Batch): Promise<PendingUpload> {
  const paths = those.flatMap((each) => each.paths)
  const areFolders = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  )
  const folders = areFolders.filter(Boolean).length
  const names = paths.slice(0, NAMES).map((path) => basename(path) || path)
  return { id, files: paths.length - folders, folders, names }
}
