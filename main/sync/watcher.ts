import { relative, sep } from 'node:path'
import ignore from 'ignore'
import { ignoresCase } from '#app/ignore-rules'
import { MARKER } from '#app/sync/names'
import type { Watching } from '#app/sync/pair'
import type { DriveKind } from './scan-jobs.ts'

/** What is heard of a folder's tree. `folders`: from the root on, with `/`; something directly in them is not as it was. */
export type Heard =
  | { readonly kind: 'changed'; readonly folders: ReadonlySet<string> }
  /** More happened than was heard: all of it has to be looked at. */
  | { readonly kind: 'lost' }

export interface WatchOptions {
  readonly root: string
  /** Files and folders in it, as far as one knows. */
  readonly entries: number
  readonly drive: DriveKind
  /** gitignore syntax: what is left out is not watched either, as far as the system can be told so. */
  readonly rules: readonly string[]
  readonly onHeard: (heard: Heard) => void
}

export interface Watch {
  readonly watching: Watching
  /** Which backend it came to. */
  readonly by: 'chokidar' | 'native' | 'nobody'
  close(): Promise<void>
}

/** Up to here chokidar: it takes a watch a file and near 10 KB each (design 5). */
const FEW = 5000

/** Gathered for this long after the first, and told at the latest after that. */
const GATHER_MS = 200
const LATEST_MS = 2000

/** More folders at once, and going through all of them is as quick. */
const MANY = 5000

/** How often a drive is looked at that tells nothing by itself. */
const POLL_MS = 10_000

/**
 * Listens to a folder and all below it, or says why it can't: then somebody has to look now and then. Never to be trusted alone, as
 * every system loses events (pitfalls 21).
 */
export async function watchFolder(options: WatchOptions): Promise<Watch> {
  const gatherer = new Gatherer(options.onHeard)
  const isSmall = options.entries <= FEW || options.drive === 'network'
  try {
    if (!isSmall) return await watchNatively(options, gatherer)
  } catch (thrown) {
    if (isLimit(thrown)) return scansOnly(thrown, options, gatherer)
    // It may not load on this system: the other one is made of Node's own parts.
  }
  try {
    return await watchByFiles(options, gatherer)
  } catch (thrown) {
    return scansOnly(thrown, options, gatherer)
  }
}

async function watchNatively({ root, rules }: WatchOptions, gatherer: Gatherer): Promise<Watch> {
  const watcher = await import('@parcel/watcher')
  const subscription = await watcher.subscribe(
    root,
    (error, events) => {
      if (error) gatherer.lose()
      else for (const { path } of events) gatherer.add(root, path)
    },
    { ignore: ignoredFolders(rules) },
  )
  return {
    watching: { kind: 'events' },
    by: 'native',
    close: async () => {
      gatherer.close()
      await subscription.unsubscribe()
    },
  }
}

async function watchByFiles({ root, drive, rules }: WatchOptions, gatherer: Gatherer): Promise<Watch> {
  const { watch } = await import('chokidar')
  const tests = ignore({ ignorecase: ignoresCase(process.platform) }).add([...rules])
  const isPolling = drive === 'network'
  const watcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    usePolling: isPolling,
    interval: POLL_MS,
    binaryInterval: POLL_MS,
    ignored: (path, stats) => {
      const at = pathFrom(root, path)
      return ignore.isPathValid(at) && tests.ignores(stats?.isDirectory() ? `${at}/` : at)
    },
  })
  const close = async (): Promise<void> => {
    gatherer.close()
    await watcher.close()
  }
  try {
    await new Promise<void>((resolve, reject) => {
      watcher.once('ready', resolve)
      watcher.once('error', reject)
    })
  } catch (thrown) {
    await watcher.close()
    throw thrown
  }
  watcher.on('all', (_event, path) => {
    gatherer.add(root, path)
  })
  watcher.on('error', () => {
    gatherer.lose()
  })
  return { watching: { kind: isPolling ? 'polling' : 'events' }, by: 'chokidar', close }
}

/** The native backend takes no gitignore rules: of those, plain names are most of what is worth leaving out. */
function ignoredFolders(rules: readonly string[]): string[] {
  const names = rules.flatMap((rule) => /^([^\s*?![\]/#\\]+)\/?$/u.exec(rule)?.[1] ?? [])
  return names.flatMap((name) => [`**/${name}`, `**/${name}/**`])
}

function scansOnly(thrown: unknown, { entries }: WatchOptions, gatherer: Gatherer): Watch {
  gatherer.close()
  return { watching: whyNot(thrown, entries), by: 'nobody', close: () => Promise.resolve() }
}

/** Both of Linux's limits, with the exact line that raises them. */
function whyNot(thrown: unknown, entries: number): Watching {
  if (!isLimit(thrown)) return { kind: 'scans', why: 'unavailable' }
  if (/EMFILE|instances/iu.test(textOf(thrown)))
    return { kind: 'scans', why: 'watch-limit', command: 'sudo sysctl fs.inotify.max_user_instances=1024' }
  const needed = 2 ** Math.ceil(Math.log2(Math.max(entries * 2, LEAST_WATCHES)))
  return { kind: 'scans', why: 'watch-limit', command: `sudo sysctl fs.inotify.max_user_watches=${needed}` }
}

const LEAST_WATCHES = 524_288

function isLimit(thrown: unknown): boolean {
  return /ENOSPC|EMFILE|no space left|too many open files|max_user/iu.test(textOf(thrown))
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return `${'code' in thrown ? String(thrown.code) : ''} ${thrown.message}`
}

function pathFrom(root: string, path: string): string {
  return relative(root, path).split(sep).join('/')
}

/** Brings together what is heard at about the same time. */
class Gatherer {
  readonly #onHeard: (heard: Heard) => void
  #folders = new Set<string>()
  #lost = false
  #firstAt: number | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(onHeard: (heard: Heard) => void) {
    this.#onHeard = onHeard
  }

  /** Something about that path: what it is now, and what a new folder brings, a look at the folder that it is in tells. */
  add(root: string, path: string): void {
    const at = pathFrom(root, path)
    if (at.startsWith('..') || at === MARKER || at === `${MARKER}.new`) return
    this.#folders.add(at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '')
    if (this.#folders.size > MANY) this.#lost = true
    this.#tellSoon()
  }

  lose(): void {
    this.#lost = true
    this.#tellSoon()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #tellSoon(): void {
    if (this.#closed) return
    const now = performance.now()
    this.#firstAt ??= now
    clearTimeout(this.#timer)
    const waitMs = Math.min(GATHER_MS, this.#firstAt + LATEST_MS - now)
    this.#timer = setTimeout(
      () => {
        this.#tell()
      },
      Math.max(0, waitMs),
    )
  }

  #tell(): void {
    const folders = this.#folders
    const heard: Heard = this.#lost ? { kind: 'lost' } : { kind: 'changed', folders }
    this.#folders = new Set()
    this.#lost = false
    this.#firstAt = undefined
    this.#onHeard(heard)
  }
}
