import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, type BigIntStats } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import ignore from 'ignore'
import { DriveError } from '#app/errors'
import { ignoresCase } from '#app/ignore-rules'
import { MARKER } from '#app/sync/names'
import { busyUntil } from '#app/sync/quiet'
import type { UnknownReason } from '#app/sync/tree'
import type { ScanEnd, ScannedFolder, ScannedNode, ScanOrder } from './scan-jobs.ts'

/** A folder's own rules, at the pair's root. */
const RULES_FILE = '.123panignore'

const LOW = 0xffff_ffffn
const HIGH = 32n

/** So long without listening to anybody, and so many entries in one message. */
const SLICE_MS = 20
const BATCH_ENTRIES = 2000

interface Context {
  readonly signal: AbortSignal
  /** Resolves once the receiver has taken in enough of what came before: a million entries are not held here. */
  readonly report: (folders: readonly ScannedFolder[]) => Promise<void>
}

/**
 * Goes through folders with one `readdir` and one `lstat` an entry, and tells of those that are not as they are known. In a thread of
 * its own: the calls wait for the disk, as that is twice as fast as asking for each in turn.
 */
export async function scan(order: ScanOrder, context: Context): Promise<ScanEnd> {
  return new Scan(order, context).run()
}

interface Met {
  readonly name: string
  /** Undefined when it was gone again, or its name is no text. */
  readonly stats: BigIntStats | undefined
}

/** The library remembers every path it was ever asked about: a new one has to begin with nothing, or a million files would be held. */
const MOST_REMEMBERED = 20_000

const matcherOf = (rules: readonly string[]): ReturnType<typeof ignore> =>
  ignore({ ignorecase: ignoresCase(process.platform) }).add([...rules])

class Scan {
  readonly #order: ScanOrder
  readonly #context: Context
  readonly #known: ReadonlyMap<string, string>
  readonly #rules: readonly string[]
  #matcher: ReturnType<typeof ignore>
  #tested = 0
  readonly #rulesHash: string
  readonly #rootDev: bigint
  #entries = 0
  #busyUntil: number | undefined
  #batch: ScannedFolder[] = []
  #batchEntries = 0
  #turnAt = performance.now()

  constructor(order: ScanOrder, context: Context) {
    this.#order = order
    this.#context = context
    this.#known = new Map(order.known)
    const rules = [...order.rules, ...ownRules(order.root)]
    this.#rules = rules
    this.#matcher = matcherOf(rules)
    this.#rulesHash = createHash('md5').update(rules.join('\n')).digest('hex')
    this.#rootDev = lstatSync(order.root, { bigint: true }).dev
  }

  async run(): Promise<ScanEnd> {
    const { folders } = this.#order
    if (folders === 'all') await this.#walk('')
    else for (const folder of folders) await this.#look(folder)
    await this.#flush()
    return {
      entries: this.#entries,
      ...(this.#busyUntil === undefined ? {} : { busyUntil: this.#busyUntil }),
    }
  }

  /** The folder and everything below it. */
  async #walk(from: string): Promise<void> {
    const waiting = [from]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const below = await this.#visit(path)
      for (let index = below.length - 1; index >= 0; index--) {
        const next = below[index]
        if (next !== undefined) waiting.push(next)
      }
    }
  }

  /** The folder itself, and what is new below it. */
  async #look(path: string): Promise<void> {
    for (const below of await this.#visit(path)) if (!this.#known.has(below)) await this.#walk(below)
  }

  /** Its subfolders that are to be gone into. */
  async #visit(path: string): Promise<readonly string[]> {
    await this.#breathe()
    const full = path === '' ? this.#order.root : `${this.#order.root}/${path}`
    let names: readonly string[]
    let ino: string
    try {
      ino = String(lstatSync(full, { bigint: true }).ino)
      names = readdirSync(full)
    } catch {
      // Its own folder tells what is the matter with it; the root's failure is everybody's.
      if (path === '') throw new DriveError('folder-unreadable', 'The folder can’t be read any more')
      return []
    }
    const met: Met[] = []
    for (const name of names) {
      if (path === '' && name === MARKER) continue
      met.push({ name, stats: statOf(`${full}/${name}`) })
    }
    this.#entries += met.length
    const fingerprint = this.#fingerprint(met)
    if (this.#known.get(path) === fingerprint) {
      const folders = met.filter(({ stats }) => stats?.isDirectory())
      return folders.map(({ name }) => joined(path, name)).filter((at) => this.#known.has(at))
    }
    const entries = met.map(({ name, stats }) => [name, this.#node(path, name, stats)] as const)
    await this.#tell({ path, ino, fingerprint, entries })
    return entries.flatMap(([name, { kind }]) => (kind === 'folder' ? [joined(path, name)] : []))
  }

  #fingerprint(met: readonly Met[]): string {
    const hash = new Fingerprint(this.#rulesHash)
    for (const { name, stats } of met) {
      hash.addText(name)
      if (!stats) continue
      hash.addNumber(Number(stats.ino))
      // Whether it can be read may have changed, and what it is.
      hash.addNumber(Number(stats.mode))
      if (stats.isDirectory()) continue
      hash.addNumber(Number(stats.size))
      hash.addNumber(Number(stats.mtimeNs & LOW))
      hash.addNumber(Number(stats.mtimeNs >> HIGH))
    }
    return hash.text
  }

  #test(path: string): ReturnType<ReturnType<typeof ignore>['test']> {
    if (++this.#tested % MOST_REMEMBERED === 0) this.#matcher = matcherOf(this.#rules)
    return this.#matcher.test(path)
  }

  #node(folder: string, name: string, stats: BigIntStats | undefined): ScannedNode {
    const path = joined(folder, name)
    if (!stats) return unknown('vanished')
    if (ignore.isPathValid(path)) {
      const { ignored, rule } = this.#test(stats.isDirectory() ? `${path}/` : path)
      if (ignored) return { kind: 'ignored', rule: rule?.pattern ?? '' }
    }
    if (stats.isSymbolicLink()) return unknown('symbolic-link')
    if (stats.isDirectory()) {
      // A disk below the root that is taken away would look as if all on it had been deleted.
      if (stats.dev !== this.#rootDev) return unknown('other-disk')
      return isReadable(`${this.#order.root}/${path}`)
        ? { kind: 'folder', ino: String(stats.ino) }
        : unknown('unreadable')
    }
    if (!stats.isFile()) return unknown('not-a-file')
    return this.#file(stats)
  }

  #file(stats: BigIntStats): ScannedNode {
    const size = Number(stats.size)
    const times = { size, mtimeMs: Number(stats.mtimeMs), ctimeMs: Number(stats.ctimeMs) }
    const until = busyUntil(times, Date.now(), this.#order.quietShare)
    if (until !== undefined) this.#busyUntil = Math.min(this.#busyUntil ?? Infinity, until)
    return {
      kind: 'file',
      ino: String(stats.ino),
      size,
      mtimeNs: String(stats.mtimeNs),
      ...(until === undefined ? {} : { busy: true }),
    }
  }

  async #tell(folder: ScannedFolder): Promise<void> {
    this.#batch.push(folder)
    this.#batchEntries += folder.entries.length + 1
    if (this.#batchEntries >= BATCH_ENTRIES) await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return
    const batch = this.#batch
    this.#batch = []
    this.#batchEntries = 0
    await this.#context.report(batch)
  }

  /** Lets messages in: above all that nobody wants to know any more. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#turnAt >= SLICE_MS) {
      await nextTurn()
      this.#turnAt = performance.now()
    }
    if (this.#context.signal.aborted) throw new DriveError('cancelled', 'Scan cancelled')
  }
}

/** Two 32-bit sums that depend on the order (FNV-1a with two bases): as many folders as there are, none has another's by chance. */
class Fingerprint {
  #one: number
  #two: number

  constructor(seed: string) {
    this.#one = 0x811c9dc5
    this.#two = 0x9747b28c
    this.addText(seed)
  }

  addText(text: string): void {
    for (let index = 0; index < text.length; index++) this.#add(text.charCodeAt(index))
    this.#add(0xffff)
  }

  addNumber(value: number): void {
    this.#add(value % 0x1_0000_0000)
    this.#add(Math.floor(value / 0x1_0000_0000))
  }

  get text(): string {
    return `${(this.#one >>> 0).toString(36)}.${(this.#two >>> 0).toString(36)}`
  }

  #add(value: number): void {
    this.#one = Math.imul(this.#one ^ value, 0x01000193)
    this.#two = Math.imul(this.#two ^ (value + 0x9e37), 0x85ebca6b)
    this.#two ^= this.#two >>> 13
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

/** An unreadable folder is unknown, and not empty. */
function isReadable(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch {
    return false
  }
}

const unknown = (why: UnknownReason): ScannedNode => ({ kind: 'unknown', why })

const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

function ownRules(root: string): readonly string[] {
  try {
    return readFileSync(`${root}/${RULES_FILE}`, 'utf8').split(/\r\n|\r|\n/u)
  } catch {
    return []
  }
}
