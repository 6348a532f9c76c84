import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { AddReport, SkippedPath } from '#app/ipc'
import type { TransferId } from '#app/transfer'
import { storedAddOptions } from '../store/rows.ts'
import type { TransferQueue } from '../transfers/queue.ts'
import type { AddOptions, QueueStore } from '../transfers/queue-store.ts'
import { walk } from '../transfers/walk.ts'
import type { Look, Problems } from './problems.ts'

export interface Added extends AddReport {
  readonly ids: readonly TransferId[]
}

/** A walk that has begun is on disk until it has ended: one that is cut short is made again. */
const PREFIX = 'adding:'
interface Request {
  readonly paths: readonly string[]
  readonly options: AddOptions
  readonly at: number
}
const request = z.object({
  paths: z.array(z.string()),
  options: storedAddOptions,
  at: z.number(),
}) satisfies z.ZodType<Request>

/** Queues every file under paths. */
export class Adder {
  readonly #queue: TransferQueue
  readonly #store: QueueStore
  readonly #problems: Problems
  readonly #now: () => number
  /** Of this process. */
  readonly #underWay = new Set<string>()

  constructor(queue: TransferQueue, store: QueueStore, problems: Problems, now: () => number) {
    this.#queue = queue
    this.#store = store
    this.#problems = problems
    this.#now = now
  }

  async add(paths: readonly string[], options: AddOptions): Promise<Added> {
    const name = PREFIX + randomUUID()
    // Whoever makes this walk again may stand in another folder.
    const asked = { paths: paths.map((path) => resolve(path)), options, at: this.#now() }
    this.#queue.setFact(name, JSON.stringify(asked))
    this.#queue.keep()
    return this.#walk(name, asked, 'first')
  }

  /** Looks at paths again that were skipped. */
  async again(paths: readonly string[]): Promise<Added> {
    const reports: Added[] = []
    for (const { path, options } of this.#problems.again(paths)) reports.push(await this.add([path], options))
    return {
      added: reports.reduce((sum, { added }) => sum + added, 0),
      skipped: reports.flatMap(({ skipped }) => skipped),
      ids: reports.flatMap(({ ids }) => ids),
    }
  }

  /** Makes the walks again that an earlier process had begun: what it had queued already is not queued twice. */
  async finish(): Promise<readonly Added[]> {
    const reports: Added[] = []
    for (const [name, value] of this.#store.factsNamed(PREFIX)) {
      if (this.#underWay.has(name)) continue
      const asked = parse(value)
      if (asked) reports.push(await this.#walk(name, asked, 'again'))
      else this.#queue.setFact(name, undefined)
    }
    return reports
  }

  async #walk(name: string, asked: Request, which: 'first' | 'again'): Promise<Added> {
    this.#underWay.add(name)
    try {
      const added = await this.#queueAll(asked, which)
      // In one go with what it has queued.
      this.#queue.setFact(name, undefined)
      this.#queue.keep()
      return added
    } finally {
      this.#underWay.delete(name)
    }
  }

  async #queueAll({ paths, options, at }: Request, which: 'first' | 'again'): Promise<Added> {
    const { rootID, folders, onDuplicate, exclude, source } = options
    const ids = new Set<TransferId>()
    const looks: Look[] = []
    const queued = which === 'again' ? this.#queue.addedSince(at) : undefined
    for (const given of paths) {
      const skipped: SkippedPath[] = []
      for await (const found of walk(given, exclude)) {
        if (found.kind === 'skipped') {
          skipped.push(found.skipped)
          continue
        }
        const { path, size, names } = found.file
        const to = { rootID, folders: [...folders, ...names.slice(0, -1)], name: names.at(-1) ?? '' }
        // One that was under way already, or named twice, is one.
        ids.add(queued?.(path, to) ?? this.#queue.add({ path, size, to, onDuplicate, source }))
      }
      looks.push({ root: given, skipped })
    }
    this.#problems.note(looks, options)
    return { added: ids.size, skipped: looks.flatMap(({ skipped }) => skipped), ids: [...ids] }
  }
}

function parse(value: string): Request | undefined {
  try {
    return request.safeParse(JSON.parse(value)).data
  } catch {
    return undefined
  }
}
