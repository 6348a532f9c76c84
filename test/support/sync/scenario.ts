import {
  chmodSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { NewPair, PairChange, PairStatus } from '#app/sync/pair'
import { md5Of, type WorldOptions } from '../world.ts'
import { createSyncWorld, type SyncWorld, type Tree } from './sync-world.ts'

/** Files by their content, folders as null. */
export type Wanted = Readonly<Record<string, string | null>>

/** What a scenario can do, on this side and in the cloud. Paths are from the roots on. */
export interface Stage extends SyncWorld {
  write(path: string, content: string): void
  mkdir(path: string): void
  rm(path: string): void
  mv(from: string, to: string): void
  /** Out of the folder, and back. */
  away(path: string): void
  back(path: string): void
  /** What programs do that save: a new file, renamed over the old name. */
  save(path: string, content: string): void
  /** Another time, the same content. */
  touch(path: string): void
  link(path: string, target: string): void
  chmod(path: string, mode: number): void
  inode(path: string): number
  /** As another client. */
  seed(path: string, content: string): Promise<void>
  remove(path: string): void
  moveTo(path: string, newPath: string): void
  change(change: PairChange): void
  /** Contents of what is in the bin, by path. */
  binned(): Wanted
  /** The app is quit and started, or killed and started. */
  restart(): Promise<void>
  crash(): Promise<void>
  /** How many calls of these kinds there have been. */
  calls(...endpoints: readonly string[]): number
}

export interface Scenario {
  /** One sentence. */
  readonly what: string
  readonly mode?: NewPair['mode']
  readonly pair?: PairChange
  readonly world?: WorldOptions
  /** There before anything else happens, on this side and in the cloud. */
  readonly here?: Wanted
  readonly there?: Wanted
  /** After a first cycle with what is there, and before the last one. */
  readonly run?: (stage: Stage) => Promise<void> | void
  /** The cloud at the end; as on this side unless given. */
  readonly ends?: Wanted
  readonly bin?: Wanted
  /** Paths with problems, and their codes. */
  readonly problems?: Readonly<Record<string, string>>
  readonly state?: PairStatus['state']['status']
}

const CHANGING = ['create', 'single_create', 'mkdir', 'move', 'rename', 'trash', 'recover']

/** Plays it; at the end both sides are as they should be, and the next cycle does nothing. */
export async function play(scenario: Scenario): Promise<void> {
  const { here = {}, there = {}, mode = 'mirror', run, ends, bin, problems = {}, state = 'synced' } = scenario
  const setUp = await createSyncWorld({ mode }, scenario.world, 'paused')
  const stage = stageOf(setUp)
  try {
    for (const [path, content] of Object.entries(here))
      if (content === null) stage.mkdir(path)
      else stage.write(path, content)
    for (const [path, content] of Object.entries(there))
      if (content === null) await stage.world.emulator.seedFolder(`/pair/${path}`)
      else await stage.seed(path, content)
    if (scenario.pair) stage.change(scenario.pair)
    stage.world.engine.sync.resume(stage.id)
    await stage.sync()
    await run?.(stage)
    const end = await stage.sync()
    const left = stage.here()
    expect(end.state.status).toBe(state)
    expect(stage.there()).toEqual(ends ? treeOf(ends) : left)
    if (bin) expect(stage.binned()).toEqual(bin)
    const codes = stage.world.engine.sync.problems(stage.id).map(({ path, failure }) => [path, failure.code])
    expect(Object.fromEntries(codes)).toEqual(problems)

    const before = stage.calls(...CHANGING)
    await stage.sync('everything')
    expect(stage.calls(...CHANGING)).toBe(before)
    expect(stage.here()).toEqual(left)
    expect(stage.there()).toEqual(ends ? treeOf(ends) : left)
    expect(stage.world.emulator.violations()).toEqual([])
  } finally {
    await stage.world.close()
  }
}

function treeOf(wanted: Wanted): Tree {
  const tree: Record<string, string> = {}
  for (const [path, content] of Object.entries(wanted)) {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) tree[at] = ''
    tree[path] = content === null ? '' : md5Of(Buffer.from(content))
  }
  return tree
}

function stageOf(sync: SyncWorld): Stage {
  const { world, id } = sync
  const { folder, emulator } = world
  const at = (path: string): string => join(folder, path)
  const contents = new Map<string, string>()
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    contents.set(md5Of(Buffer.from(content)), content)
    writeFileSync(at(path), content)
  }
  return {
    ...sync,
    write,
    mkdir: (path) => {
      mkdirSync(at(path), { recursive: true })
    },
    rm: (path) => {
      rmSync(at(path), { recursive: true })
    },
    mv: (from, to) => {
      mkdirSync(dirname(at(to)), { recursive: true })
      renameSync(at(from), at(to))
    },
    away: (path) => {
      renameSync(at(path), join(world.data, path))
    },
    back: (path) => {
      renameSync(join(world.data, path), at(path))
    },
    save: (path, content) => {
      write(`${path}.part~`, content)
      renameSync(at(`${path}.part~`), at(path))
    },
    touch: (path) => {
      const { mtimeMs } = lstatSync(at(path))
      utimesSync(at(path), mtimeMs / 1000, mtimeMs / 1000 + 7)
    },
    link: (path, target) => {
      symlinkSync(target, at(path))
    },
    chmod: (path, mode) => {
      chmodSync(at(path), mode)
    },
    inode: (path) => lstatSync(at(path)).ino,
    seed: async (path, content) => {
      contents.set(md5Of(Buffer.from(content)), content)
      await emulator.seed(`/pair/${path}`, Buffer.from(content))
    },
    remove: (path) => {
      emulator.remove(`/pair/${path}`)
    },
    moveTo: (path, newPath) => {
      emulator.moveTo(`/pair/${path}`, `/pair/${newPath}`)
    },
    change: (change) => {
      world.engine.sync.change(id, change)
    },
    binned: () =>
      Object.fromEntries(
        emulator
          .files()
          .filter(({ trashed }) => trashed)
          .map(({ path, md5 }) => [path.slice('/pair/'.length), contents.get(md5) ?? md5]),
      ),
    restart: () => world.restart(),
    crash: () => world.crash(),
    calls: (...endpoints) =>
      emulator.requests().filter(({ endpoint }) => endpoints.includes(endpoint)).length,
  }
}
