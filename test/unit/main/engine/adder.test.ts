import { symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Adder } from '#main/engine/adder'
import { Problems } from '#main/engine/problems'
import { ProblemStore } from '#main/store/problem-store'
import type { AddOptions } from '#main/transfers/queue-store'
import { memoryDatabase } from '#test/memory-database'
import { MemoryStore } from '#test/memory-store'
import { ScriptedQueue } from '#test/scripted-queue'
import { tempFolder, writeTree } from '#test/temp-folder'

const OPTIONS: AddOptions = { rootID: 0, folders: ['云'], onDuplicate: 'fail', exclude: [], source: 'cli' }
const FILES = { 'd/a.txt': 'a', 'd/b.txt': 'bb', 'd/c.txt': 'ccc', 'd/d.txt': 'dddd' }

let folder: string
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  folder = tempFolder()
  writeTree(folder, FILES)
})
afterEach(() => {
  vi.useRealTimers()
})

function begin(store = new MemoryStore(), how: 'go-on' | 'hold' = 'go-on') {
  const world = new ScriptedQueue({ store, lanes: { small: 1, big: 1 } })
  world.queue.load(how)
  const problems = new Problems(new ProblemStore(memoryDatabase()), Date.now, () => undefined)
  return { world, store, problems, adder: new Adder(world.queue, store, problems, Date.now) }
}

const paths = (): readonly string[] => [join(folder, 'd')]
const shown = ({ queue }: ScriptedQueue) =>
  queue.list().map(({ remotePath, state }) => `${remotePath} ${state.status}`)

/** What is on disk right after a walk has been asked for: nothing of it but that. */
async function cutShort(): Promise<MemoryStore> {
  const { adder, store } = begin()
  const added = adder.add(paths(), OPTIONS)
  const snapshot = new MemoryStore(store)
  await added
  return snapshot
}

describe('a walk', () => {
  test('is on disk while it lasts, and forgotten together with the writing of what it found', async () => {
    const { adder, store } = begin()
    const added = adder.add(paths(), OPTIONS)
    expect(store.factsNamed('adding:')).toHaveLength(1)
    expect((await added).added).toBe(4)
    expect(store.factsNamed('adding:')).toEqual([])
    expect(store.unfinished).toHaveLength(4)
  })

  test('that was cut short is made again', async () => {
    const { world, adder, store } = begin(await cutShort())
    expect(shown(world)).toEqual([])
    expect(await adder.finish()).toMatchObject([{ added: 4, skipped: [] }])
    expect(store.unfinished).toEqual(['a.txt', 'b.txt', 'c.txt', 'd.txt'])
    expect(await adder.finish()).toEqual([])
  })

  test('that is made again queues nothing twice: neither what is done nor what a person has stopped', async () => {
    const { world, adder, store } = begin()
    await adder.add(paths(), OPTIONS)
    const [a, b, c] = world.queue.list().map(({ id }) => id)
    if (!a || !b || !c) throw new Error('Not all were added')
    await world.run.finish()
    world.queue.cancel([b])
    await world.run.end()
    world.queue.pause([c])
    await world.run.end()
    world.queue.keep()
    const before = shown(world)
    expect(before).toEqual([
      '/云/d/a.txt done',
      '/云/d/b.txt cancelled',
      '/云/d/c.txt paused',
      '/云/d/d.txt hashing',
    ])
    // As if it had been killed a moment before the walk had ended.
    const [[name, value] = ['', '']] = (await cutShort()).factsNamed('adding:')
    store.setFact(name, value)
    const next = begin(new MemoryStore(store))
    const [report] = await next.adder.finish()
    expect(report?.ids).toEqual(world.queue.list().map(({ id }) => id))
    expect(shown(next.world)).toEqual(before)
  })

  test('that is asked for again by a person queues anew what has arrived', async () => {
    const { world, adder } = begin()
    await adder.add([join(folder, 'd/a.txt')], OPTIONS)
    await world.run.finish()
    await adder.add([join(folder, 'd/a.txt')], OPTIONS)
    expect(shown(world)).toEqual(['/云/a.txt done', '/云/a.txt hashing'])
  })

  test('under way is not made a second time by somebody who wants everything to go on', async () => {
    const { adder, world } = begin()
    const added = adder.add(paths(), OPTIONS)
    expect(await adder.finish()).toEqual([])
    await added
    expect(shown(world)).toHaveLength(4)
  })

  test.each(['not JSON', '{}', 'null', '{"paths":["/x"],"options":{},"at":1}'])(
    'that cannot be read (%s) is forgotten, and hinders no other',
    async (value) => {
      const store = await cutShort()
      const [first = ['', '']] = store.factsNamed('adding:')
      store.facts.clear()
      store.setFact('adding:0', value)
      store.setFact(...first)
      const { adder, world } = begin(store)
      expect(await adder.finish()).toHaveLength(1)
      world.queue.keep()
      expect(store.factsNamed('adding:')).toEqual([])
    },
  )

  test('while the disk takes nothing: the files are queued, and written down when it does', async () => {
    const { world, adder, store } = begin()
    store.failing = true
    expect((await adder.add(paths(), OPTIONS)).added).toBe(4)
    expect(world.queue.status().blocked).toMatchObject({ reason: 'storage' })
    expect(world.runs).toHaveLength(0)
    store.failing = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(store.unfinished).toHaveLength(4)
    expect(store.factsNamed('adding:')).toEqual([])
  })

  test('that the disk stops taking in the middle is not forgotten as long as its files are not written', async () => {
    const { adder, store } = begin()
    const added = adder.add(paths(), OPTIONS)
    store.failing = true
    await added
    store.failing = false
    // A crash now.
    const next = begin(new MemoryStore(store))
    await next.adder.finish()
    expect(next.store.unfinished).toHaveLength(4)
  })
})

test('what a walk skips is remembered, and added where it belongs once it can be', async () => {
  const { adder, problems, world } = begin()
  const link = join(folder, 'd/link')
  await symlink('nowhere', link)
  await adder.add(paths(), OPTIONS)
  expect(problems.list().map(({ path }) => path)).toEqual([link])
  expect(await adder.again([link])).toMatchObject({ added: 0, skipped: [{ path: link }] })
  await unlink(link)
  await writeFile(link, 'a file now')
  expect(await adder.again([link])).toMatchObject({ added: 1, skipped: [] })
  expect(problems.list()).toEqual([])
  expect(shown(world).at(-1)).toBe('/云/d/link queued')
})
