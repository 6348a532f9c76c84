import { appendFile, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { isFinal } from '#app/transfer'
import { startEmulator } from '#emulator/emulator'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World } from '#test/world'

let world: World
afterEach(() => world.close())

const slicesSent = (): readonly (number | undefined)[] =>
  world.emulator
    .requests()
    .filter(({ endpoint, status, code }) => endpoint === 'slice' && status === 200 && code === 0)
    .map(({ sliceNo }) => sliceNo)

const creates = (): number => world.emulator.requests().filter(({ endpoint }) => endpoint === 'create').length

/** A file of eight slices of which three have arrived, in an engine that then was ended. */
async function cutShort() {
  const file = await world.write('big.bin', 8 * SLICE)
  world.emulator.fault({ on: 'slice', kind: 'hang', sliceNo: 4 })
  await world.add(['big.bin'])
  await world.until(
    ([transfer]) =>
      transfer?.state.status === 'uploading' &&
      transfer.state.slicesDone >= 3 &&
      world.emulator.waitingFaults() === 0,
  )
  return file
}

async function toTheEnd() {
  const all = await world.until((transfers) => transfers.every(({ state }) => isFinal(state)))
  return all.map(outcomeOf)
}

describe('after a restart', () => {
  test('only the slices that are missing go', async () => {
    world = await createWorld({ tuning: { concurrency: 1, stallMs: 60_000 } })
    const file = await cutShort()
    await world.restart('hold')
    const before = slicesSent()
    expect(world.engine.queue.list()).toMatchObject([{ keptBytes: 3 * SLICE, state: { status: 'queued' } }])
    world.engine.queue.resume('all')
    expect(await toTheEnd()).toEqual(['done sliced'])
    expect(inCloud(world)).toEqual([expected('/big.bin', file)])
    expect(creates()).toBe(1)
    expect(before).toEqual([1, 2, 3])
    expect(slicesSent().slice(3).toSorted()).toEqual([4, 5, 6, 7, 8])
  })

  test('a file that has changed meanwhile starts over, and says so', async () => {
    world = await createWorld({ tuning: { concurrency: 1, stallMs: 60_000 } })
    const { path } = await cutShort()
    await world.engine.stop()
    await appendFile(path, 'more')
    await world.restart()
    expect(await toTheEnd()).toEqual(['done sliced'])
    expect(world.engine.queue.list()).toMatchObject([{ startedOver: 'file-changed', size: 8 * SLICE + 4 }])
    expect(world.emulator.files()).toMatchObject([{ path: '/big.bin', size: 8 * SLICE + 4 }])
    expect(creates()).toBe(2)
  })

  test('what the platform has forgotten is created anew, once', async () => {
    world = await createWorld({ tuning: { concurrency: 1, stallMs: 60_000 } })
    const file = await cutShort()
    world.emulator.fault({ on: 'slice', kind: 'before', code: 1, message: 'preuploadID不存在' })
    await world.restart()
    expect(await toTheEnd()).toEqual(['done sliced'])
    expect(inCloud(world)).toEqual([expected('/big.bin', file)])
    expect(world.engine.queue.list()).toMatchObject([{ startedOver: 'upload-expired' }])
    expect(creates()).toBe(2)
  })

  test('what is done, failed, paused and cancelled is still so; what was cleared is not there', async () => {
    world = await createWorld()
    await writeFile(`${world.folder}/a:b.txt`, 'x')
    for (const name of ['done', 'paused', 'cancelled', 'cleared']) await world.write(name, 10)
    await world.upload(['done', 'cleared', 'a:b.txt'])
    const { ids } = await world.add(['paused'])
    world.engine.queue.pause(ids)
    world.engine.queue.cancel((await world.add(['cancelled'])).ids)
    const cleared = world.engine.queue.list().filter(({ remotePath }) => remotePath === '/cleared')
    world.engine.queue.clear(cleared.map(({ id }) => id))
    const shown = () => world.engine.queue.list().map((it) => `${it.remotePath} ${outcomeOf(it)}`)
    const before = shown()
    await world.restart()
    expect(shown()).toEqual(before)
    expect(before).toEqual([
      '/done done single',
      '/a:b.txt failed name-character',
      '/paused paused',
      '/cancelled cancelled',
    ])
    world.engine.queue.resume('all')
    await world.until((all) =>
      all.some((it) => it.remotePath === '/paused' && outcomeOf(it) === 'done single'),
    )
  })
})

test('a pause of everything stops the bytes, survives a restart, and ends when a person says so', async () => {
  world = await createWorld({ tuning: { concurrency: 1, stallMs: 60_000 } })
  const file = await cutShort()
  world.engine.queue.pause('all')
  await world.until(() => world.statuses.at(-1)?.running === 0)
  await world.restart()
  await world.until(() => world.statuses.at(-1)?.paused !== undefined)
  expect(world.engine.queue.list()).toMatchObject([{ state: { status: 'queued' } }])
  world.engine.queue.resume('all')
  expect(await toTheEnd()).toEqual(['done sliced'])
  expect(inCloud(world)).toEqual([expected('/big.bin', file)])
  expect(creates()).toBe(1)
})

test('a file that was queued for one drive does not go to another, unless a person asks for it', async () => {
  world = await createWorld()
  const other = await startEmulator({ token: world.emulator.token })
  onTestFinished(() => other.close())
  await world.write('first.txt', 10)
  await world.upload(['first.txt'])
  const file = await world.write('a.txt', 10)
  world.engine.queue.pause('all')
  const { ids } = await world.add(['a.txt'])
  world.engine.queue.pause(ids)
  await world.restart('go-on', other.url)
  world.engine.queue.resume('all')
  expect(await toTheEnd()).toEqual(['done single', 'failed other-account'])
  expect(other.files()).toEqual([])
  world.engine.queue.retry(ids)
  expect(await toTheEnd()).toEqual(['done single', 'done single'])
  expect(inCloud({ emulator: other })).toEqual([expected('/a.txt', file)])
})
