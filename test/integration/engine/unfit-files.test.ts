import { chmod, mkdir, symlink, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { asOrdinaryUser } from '#test/ordinary-user'
import { createWorld, expected, inCloud, outcomeOf, type World, type WorldOptions } from '#test/world'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

describe('names the cloud does not take fail before a byte is read', () => {
  const names: readonly (readonly [name: string, code: string])[] = [
    ...['"', '\\', ':', '*', '?', '|', '>', '<'].map(
      (character) => [`a${character}b.txt`, 'name-character'] as const,
    ),
    ['a\nb.txt', 'name-character'],
    ['   ', 'name-blank'],
    ['\u3000', 'name-blank'],
  ]
  test.each(names)('%j', async (name, code) => {
    await open()
    await world.write(`d/${name}`, 'x')
    const good = await world.write('d/good.txt', 'good')
    const transfers = await world.upload(['d'])
    expect(transfers.map(outcomeOf).sort()).toEqual(['done single', `failed ${code}`])
    expect(inCloud(world)).toEqual([expected('/d/good.txt', good)])
  })

  test('a folder with such a name fails its files, each with the reason', async () => {
    await open()
    await world.write('d/a:b/x.txt', 'x')
    const [transfer] = await world.upload(['d'])
    expect(outcomeOf(transfer)).toBe('failed name-character')
    expect(transfer?.state).toMatchObject({ failure: { detail: ':' } })
  })
})

describe('files that cannot be uploaded', () => {
  test('one byte more than 10 GiB is refused without being read', async () => {
    await open()
    await world.write('big.bin', '')
    await truncate(join(world.folder, 'big.bin'), 10 * 1024 ** 3 + 1)
    const [transfer] = await world.upload(['big.bin'])
    expect(outcomeOf(transfer)).toBe('failed file-too-large')
    expect(world.emulator.requests().filter(({ endpoint }) => endpoint !== 'user_info')).toEqual([])
  })

  test('a missing path is said at once', async () => {
    await open()
    const report = await world.add(['nowhere.txt'])
    expect(report).toMatchObject({ added: 0, skipped: [{ named: true, failure: { code: 'file-missing' } }] })
  })

  test('a file that goes away before its turn', async () => {
    await open({ tuning: { concurrency: 1 } })
    await world.write('d/a.txt', 'a')
    await world.write('d/b.txt', 'bb')
    world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 300 })
    const done = world.upload(['d'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' || state.status === 'creating'),
    )
    await unlink(join(world.folder, 'd/b.txt'))
    expect((await done).map(outcomeOf).sort()).toEqual(['done single', 'failed file-missing'])
  })

  test('a file without permission', async () => {
    await open()
    // The code of the threads may lie where only root reaches: they start before.
    await world.write('first.txt', '1')
    await world.upload(['first.txt'])
    const { path } = await world.write('a.txt', 'x')
    await chmod(path, 0)
    const [transfer] = await asOrdinaryUser(world.folder, () => world.upload(['a.txt']))
    expect(outcomeOf(transfer)).toBe('failed file-unreadable')
  })

  test('links inside a folder are passed over and said', async () => {
    await open()
    const file = await world.write('d/a.txt', 'x')
    await symlink('a.txt', join(world.folder, 'd/link'))
    await symlink('..', join(world.folder, 'd/loop'))
    const report = await world.add(['d'])
    expect(report.skipped.map(({ failure, named }) => [failure.code, named])).toEqual([
      ['not-a-file', false],
      ['not-a-file', false],
    ])
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    expect(inCloud(world)).toEqual([expected('/d/a.txt', file)])
  })

  test('a folder swapped in for a file', async () => {
    await open({ tuning: { concurrency: 1 } })
    await world.write('d/a.txt', 'a')
    await world.write('d/b.txt', 'bb')
    world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 300 })
    const done = world.upload(['d'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' || state.status === 'creating'),
    )
    await unlink(join(world.folder, 'd/b.txt'))
    await mkdir(join(world.folder, 'd/b.txt'))
    expect((await done).map(outcomeOf).sort()).toEqual(['done single', 'failed not-a-file'])
  })
})
