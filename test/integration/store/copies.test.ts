import { randomInt } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { isFinal, type Transfer, type TransferId } from '#app/transfer'
import { openStore } from '#main/store/open-store'
import { randomNumbers } from '#test/random'
import { copyQueue, createWorld, SLICE, type World } from '#test/world'

/** The data folder is copied while an engine writes to it: by a backup program, or by the end of the power. */

const COPIES = 50
const BATCH = 150

let world: World
/** Pieces of content that have come in. */
let arrived: number
afterEach(() => world.close())

async function open(): Promise<void> {
  arrived = 0
  const onBodyBytes = (): void => {
    arrived++
    world.look()
  }
  world = await createWorld({ tuning: { concurrency: 3 }, onBodyBytes })
}

/** Many small files and some in slices, more whenever few are left: the queue is written to all the time. */
async function keepBusy(batch: number): Promise<void> {
  const left = world.engine.queue.list().filter(({ state }) => !isFinal(state)).length
  if (left > BATCH / 2) return
  for (let no = 0; no < BATCH; no++)
    await world.write(`${batch}/${no}.txt`, no % 40 === 7 ? 3 * SLICE : `content ${batch} ${no}`)
  await world.add([String(batch)])
}

/** Resolves when so many pieces of content more have come in at the platform. */
async function pieces(more: number): Promise<void> {
  const goal = arrived + more
  await world.until((all) => arrived >= goal || all.every(({ state }) => isFinal(state)))
}

function folderForCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'pan123-copy-'))
  onTestFinished(() => {
    rmSync(copy, { recursive: true, force: true })
  })
  return copy
}

/** Opens as if nothing had happened, and knows whatever had been told before the copying began. */
function expectWhole(copy: string, told: ReadonlyMap<TransferId, Transfer>): void {
  const { store, setAside } = openStore(copy)
  expect(setAside).toBeUndefined()
  const kept = new Map(store.load().map(({ transfer }) => [transfer.id, transfer]))
  store.close()
  for (const [id, { state }] of told) {
    expect(kept.has(id)).toBe(true)
    if (isFinal(state)) expect(kept.get(id)?.state).toEqual(state)
  }
  expect(readdirSync(copy).filter((name) => !/^queue\.db(?:-wal|-shm)?$/u.test(name))).toEqual([])
}

test(`${COPIES} copies made file by file, in any order, with the engine at work in between: each is whole`, async () => {
  const seed = Number(process.env['PAN123_SEED'] ?? randomInt(1e9))
  console.log(`PAN123_SEED=${seed}`)
  const random = randomNumbers(seed)
  const upTo = (most: number): number => Math.floor(random() * (most + 1))
  await open()
  let busy = 0
  for (let no = 0; no < COPIES; no++) {
    await keepBusy(no)
    const told = new Map(world.told)
    const before = arrived
    const copy = folderForCopy()
    const names = ['queue.db', 'queue.db-wal', 'queue.db-shm']
    while (names.length > 0) {
      const [name = ''] = names.splice(upTo(names.length - 1), 1)
      await copyFile(join(world.data, name), join(copy, name))
      await pieces(upTo(4))
    }
    if (arrived > before) busy++
    expectWhole(copy, told)
  }
  // Few were copies of a queue at rest.
  expect(busy).toBeGreaterThan(0.8 * COPIES)
})

test(`${COPIES} moments at which everything stops: what was told by then is there`, async () => {
  await open()
  for (let no = 0; no < COPIES; no++) {
    await keepBusy(no)
    await pieces(4)
    const copy = folderForCopy()
    copyQueue(world.data, copy)
    expectWhole(copy, world.told)
    // A file system that comes back after the power has no use for the map of the log.
    const bare = folderForCopy()
    for (const name of ['queue.db', 'queue.db-wal']) copyFileSync(join(world.data, name), join(bare, name))
    expectWhole(bare, world.told)
  }
})
