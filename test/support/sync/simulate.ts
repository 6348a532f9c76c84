import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { MARKER } from '#app/sync/names'
import { randomNumbers } from '../random.ts'
import { createSyncWorld, type SyncWorld, type Tree } from './sync-world.ts'

const FAULTY = ['list', 'mkdir', 'move', 'rename', 'trash', 'single_create', 'detail'] as const
const NAMES = ['a', 'b', 'c', 'd', 'e.txt', 'f(1).txt', '图', 'sp ace']

/**
 * A seeded life of one pair on the real engine: edits here and by other clients, faults, pauses, quits and kills, in any order, while
 * it works. At the end nothing goes wrong any more; then both sides must agree, what others put there must be there still, and another
 * look at everything must do nothing. Gives the tree that came out: the same seed, the same tree. Throws when a promise is broken.
 */
export async function simulate(seed: number): Promise<Tree> {
  const random = randomNumbers(seed)
  const sync = await createSyncWorld({ mode: random() < 0.5 ? 'mirror' : 'backup' })
  try {
    const life = new Life(sync, random)
    for (let step = 0; step < 25; step++) await life.step()
    return await life.end()
  } finally {
    await sync.world.close()
  }
}

class Life {
  readonly #sync: SyncWorld
  readonly #random: () => number
  /** What others put there, by its MD5: it may go along with a folder that is moved, and nowhere else. */
  readonly #theirs = new Set<string>()
  #content = 0

  constructor(sync: SyncWorld, random: () => number) {
    this.#sync = sync
    this.#random = random
  }

  async step(): Promise<void> {
    const { world, id } = this.#sync
    const dice = this.#random()
    if (dice < 0.72) this.#edit()
    else if (dice < 0.8) await this.#byOthers()
    else if (dice < 0.9) this.#fault()
    else if (dice < 0.93) await world.crash()
    else if (dice < 0.96) await world.restart()
    else if (dice < 0.98) await world.killThreads()
    else world.engine.sync.now(id, 'everything')
    // Now and then everything comes to rest in between.
    if (this.#random() < 0.2) await this.#rest()
  }

  async end(): Promise<Tree> {
    const { world } = this.#sync
    world.emulator.randomFaults(undefined)
    await this.#rest()
    // Whatever was put off for a while is not put off any more.
    await this.#sync.sync('everything')
    await this.#rest()
    const here = this.#sync.here()
    const there = this.#sync.there()
    const excused = this.#excused(there)
    for (const [path, md5] of Object.entries(here))
      if (!isIn(excused, path) && there[path] !== md5)
        throw new Error(`not in the cloud as it is here: ${path}`)
    const contents = new Set(Object.values(there))
    for (const md5 of this.#theirs) if (!contents.has(md5)) throw new Error(`theirs is gone: ${md5}`)
    const changing = (): number =>
      world.emulator.requests().filter(({ endpoint }) => CHANGING.has(endpoint)).length
    const before = changing()
    await this.#sync.sync('everything')
    if (changing() !== before) throw new Error('another look at everything did something')
    const violations = world.emulator.violations()
    if (violations.length > 0) throw new Error(`the protocol was broken: ${violations.join('; ')}`)
    this.#checkMirror(here, there, excused)
    return here
  }

  /**
   * A backup takes no folder away that a file has the name of now, nor the other way round, and a mirror none that holds what others put
   * there: that is a problem, and none else there is.
   */
  #excused(there: Tree): readonly string[] {
    const { sync } = this.#sync.world.engine
    const problems = sync.problems(this.#sync.id)
    const isBackup = sync.list()[0]?.pair.mode === 'backup'
    const isExcused = (path: string, code: string): boolean =>
      code === 'name-taken' && (isBackup || holdsTheirs(there, path))
    const others = problems.filter(({ path, failure }) => !isExcused(path, failure.code))
    if (others.length > 0) throw new Error(`problems at the end: ${JSON.stringify(others)}`)
    return problems.map(({ path }) => path)
  }

  /** In a mirror nothing of this pair is there that is not here. */
  #checkMirror(here: Tree, there: Tree, excused: readonly string[]): void {
    const status = this.#sync.world.engine.sync.list()[0]
    if (status?.pair.mode !== 'mirror') return
    const files = Object.keys(here).filter((path) => here[path] !== '' && !isIn(excused, path)).length
    if (status.files !== files) throw new Error(`the base has ${status.files} files, the disk ${files}`)
    const extra = Object.keys(there).filter((path) => !(path in here) && !basename(path).startsWith('theirs'))
    const unexplained = extra.filter((path) => there[path] !== '' || !holdsTheirs(there, path))
    if (unexplained.length > 0) throw new Error(`there, and not here: ${unexplained.join(', ')}`)
  }

  async #rest(): Promise<void> {
    for (;;) {
      const { state } = await this.#sync.sync()
      if (state.status !== 'halted') return
      // A person who looks says yes.
      this.#sync.world.engine.sync.answer(this.#sync.id, 'trash')
    }
  }

  #fault(): void {
    const on = this.#pick(FAULTY) ?? 'list'
    const { emulator } = this.#sync.world
    const dice = this.#random()
    if (dice < 0.4) emulator.fault({ on, kind: 'lost-answer' })
    else if (dice < 0.6) emulator.fault({ on, kind: 'before', status: 500, body: '' })
    else if (dice < 0.8) emulator.fault({ on, kind: 'cut', afterBytes: 1 })
    else emulator.fault({ on, kind: 'delay', ms: 50 })
  }

  async #byOthers(): Promise<void> {
    const { emulator } = this.#sync.world
    const folders = emulator.tree().filter(({ kind, path }) => kind === 'folder' && path.startsWith('/pair'))
    const folder = this.#pick(folders)?.path ?? '/pair'
    const path = `${folder}/theirs-${++this.#content}`
    const { md5 } = await emulator.seed(path, Buffer.from(path))
    if (path.startsWith('/pair/')) this.#theirs.add(md5)
  }

  #edit(): void {
    const { folder } = this.#sync.world
    const folders = this.#folders()
    const where = this.#pick(folders) ?? ''
    const name = this.#pick(NAMES) ?? 'a'
    const target = join(folder, where, name)
    // The disk lists them in an order of its own, which depends on when the pair put its mark there.
    const entries = readdirSync(join(folder, where))
      .filter((entry) => entry !== MARKER)
      .sort()
    const old = this.#pick(entries)
    const dice = this.#random()
    if (!old || dice < 0.35) {
      if (existsSync(target) && lstatSync(target).isDirectory()) return
      writeFileSync(target, `content ${++this.#content}`)
    } else if (dice < 0.45) {
      if (!existsSync(target)) mkdirSync(target)
    } else if (dice < 0.75)
      this.#move(join(folder, where, old), join(folder, this.#pick(folders) ?? '', name))
    else if (dice < 0.85) rmSync(join(folder, where, old), { recursive: true })
    else if (dice < 0.92) utimesSync(join(folder, where, old), 1_600_000_000, 1_600_000_000 + this.#content)
    else this.#swap(join(folder, where, old), target)
  }

  #move(from: string, to: string): void {
    if (`${to}/`.startsWith(`${from}/`)) return
    if (existsSync(to)) rmSync(to, { recursive: true })
    // It may have been in what was there.
    if (existsSync(from)) renameSync(from, to)
  }

  #swap(one: string, other: string): void {
    if (one === other || !existsSync(other)) return
    renameSync(one, `${one}.swap`)
    renameSync(other, one)
    renameSync(`${one}.swap`, other)
  }

  #folders(below = ''): readonly string[] {
    const { folder } = this.#sync.world
    const inside = readdirSync(join(folder, below), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
    return [below, ...inside.flatMap((name) => this.#folders(join(below, name)))]
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)]
  }
}

const isIn = (paths: readonly string[], path: string): boolean =>
  paths.some((at) => path === at || path.startsWith(`${at}/`))

function holdsTheirs(there: Tree, folder: string): boolean {
  return Object.keys(there).some(
    (path) => path.startsWith(`${folder}/`) && basename(path).startsWith('theirs'),
  )
}

const CHANGING: ReadonlySet<string> = new Set(['create', 'single_create', 'mkdir', 'move', 'rename', 'trash'])
