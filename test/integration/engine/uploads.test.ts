import { afterEach, describe, expect, test } from 'vitest'
import { createWorld, expected, inCloud, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

describe('a file arrives whole', () => {
  const sizes: readonly (readonly [name: string, size: number, method: string])[] = [
    ['an empty file', 0, 'single'],
    ['one byte', 1, 'single'],
    ['the largest single-step file', 64 * 1024, 'single'],
    ['one byte more, in one slice', 64 * 1024 + 1, 'sliced'],
    ['exactly one slice', SLICE, 'sliced'],
    ['one byte into the second slice', SLICE + 1, 'sliced'],
    ['exactly four slices', 4 * SLICE, 'sliced'],
    ['eleven slices and a bit', 11 * SLICE + 77, 'sliced'],
  ]
  test.each(sizes)('%s', async (_name, size, method) => {
    await open()
    const file = await world.write('文件 一.bin', size)
    const [transfer] = await world.upload(['文件 一.bin'])
    expect(outcomeOf(transfer)).toBe(`done ${method}`)
    expect(inCloud(world)).toEqual([expected('/文件 一.bin', file)])
    expect(world.emulator.violations()).toEqual([])
  })

  test('each slice is sent once, spread over the servers, and completion is asked no faster than once a second', async () => {
    await open({ quirks: { completion: { kind: 'code-20103', times: 2 } } })
    const file = await world.write('a.bin', 7 * SLICE + 5)
    await world.upload(['a.bin'])
    const slices = world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice')
    expect(slices.map(({ sliceNo }) => sliceNo).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(new Set(slices.map(({ host }) => host)).size).toBe(2)
    const asked = world.emulator.requests().filter(({ endpoint }) => endpoint === 'upload_complete')
    expect(asked.map(({ code }) => code)).toEqual([20103, 20103, 0])
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
    expect(world.emulator.violations()).toEqual([])
  })

  test('the state ends with what was sent', async () => {
    await open()
    const file = await world.write('a.bin', 3 * SLICE)
    const [transfer] = await world.upload(['a.bin'])
    expect(transfer?.state).toMatchObject({ status: 'done', md5: file.md5, sentBytes: file.size })
  })
})

describe('a folder arrives with its structure', () => {
  test('nested, with Chinese names and hidden files, each new folder made once', async () => {
    await open({ quirks: { folderGapMs: 50 } })
    const names = [
      '照片/a.txt',
      '照片/.hidden',
      '照片/秋 天/b.bin',
      '照片/秋 天/深/c.bin',
      '照片/空/d',
      '照片/秋 天/e.bin',
    ]
    const files = await Promise.all(names.map((name, index) => world.write(name, 1000 + index * 60_000)))
    const transfers = await world.upload(['照片'], { folders: ['备份', '2026'] })
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done single', 'done sliced']))
    expect(inCloud(world)).toEqual(
      files.map((file, index) => expected(`/备份/2026/${names[index] ?? ''}`, file)).sort(),
    )
    const folders = world.emulator.folders()
    expect(folders).toHaveLength(new Set(folders).size)
    expect(world.emulator.violations()).toEqual([])
  })

  test('again: everything is found there and no byte is sent', async () => {
    await open()
    for (let index = 0; index < 12; index++)
      await world.write(`d/sub${index % 3}/${index}.bin`, 40_000 + index * 20_000)
    await world.upload(['d'])
    const before = world.emulator.requests().length
    const again = await world.upload(['d'])
    expect(new Set(again.map(outcomeOf))).toEqual(new Set(['done present']))
    const since = world.emulator.requests().slice(before)
    expect(new Set(since.map(({ endpoint }) => endpoint))).toEqual(new Set(['list']))
  })

  test('two files of one name dropped together do not overwrite each other', async () => {
    await open()
    const first = await world.write('x/a.txt', 'first')
    await world.write('y/a.txt', 'second')
    const transfers = await world.upload(['x/a.txt', 'y/a.txt'])
    expect(transfers.map(outcomeOf).sort()).toEqual(['done single', 'failed name-taken'])
    expect(world.emulator.files()).toHaveLength(1)
    expect(first.size).toBe(5)
  })
})

describe('instant upload', () => {
  test('content the platform knows is not sent again', async () => {
    await open()
    const file = await world.write('a.bin', 3 * SLICE)
    await world.upload(['a.bin'])
    const before = world.emulator.requests().length
    const [transfer] = await world.upload(['a.bin'], { folders: ['copy'] })
    expect(outcomeOf(transfer)).toBe('done instant')
    expect(transfer?.state).toMatchObject({ sentBytes: 0 })
    expect(inCloud(world)).toEqual([expected('/a.bin', file), expected('/copy/a.bin', file)])
    const since = world.emulator.requests().slice(before)
    expect(since.filter(({ endpoint }) => endpoint === 'slice')).toEqual([])
  })

  test('an answer without a file id is resolved by looking', async () => {
    await open()
    const file = await world.write('a.bin', 3 * SLICE)
    await world.upload(['a.bin'])
    world.emulator.quirks.reuseWithoutId = 'file-appears'
    const [transfer] = await world.upload(['a.bin'], { folders: ['copy'] })
    expect(outcomeOf(transfer)).toBe('done instant')
    const there = world.emulator.files().find(({ path }) => path === '/copy/a.bin')
    expect(transfer?.state).toMatchObject({ fileID: there?.fileID, md5: file.md5 })
  })

  test('an answer without a file id and without a file is never called done', async () => {
    await open()
    await world.write('a.bin', 3 * SLICE)
    await world.upload(['a.bin'])
    world.emulator.quirks.reuseWithoutId = 'file-never-appears'
    const [transfer] = await world.upload(['a.bin'], { folders: ['copy'] })
    expect(outcomeOf(transfer)).toBe('failed busy')
    expect(world.emulator.files().map(({ path }) => path)).toEqual(['/a.bin'])
  })
})

describe('what the platform may do otherwise', () => {
  const quirks: readonly (readonly [name: string, quirks: NonNullable<WorldOptions['quirks']>])[] = [
    ['another slice size than expected', { sliceSize: 100_003 }],
    ['a slice larger than the file', { sliceSize: 32 * 1024 ** 2 }],
    ['no servers named', { emptyServers: true }],
    ['numbers as strings', { numbersAsStrings: true }],
    ['an empty answer to a slice', { emptySliceBody: true }],
    ['20103 before completion', { completion: { kind: 'code-20103', times: 1 } }],
    ['completed at once', { completion: { kind: 'completed-false', times: 0 } }],
  ]
  test.each(quirks)('%s', async (_name, quirk) => {
    await open({ quirks: quirk })
    const big = await world.write('d/big.bin', 3 * SLICE + 11)
    const small = await world.write('d/small.bin', 4000)
    const transfers = await world.upload(['d'])
    expect(transfers.map(outcomeOf).sort()).toEqual(['done single', 'done sliced'])
    expect(inCloud(world)).toEqual([expected('/d/big.bin', big), expected('/d/small.bin', small)])
    expect(world.emulator.violations()).toEqual([])
  })

  test('the slice size of one upload is what the next file is prepared for', async () => {
    await open({ quirks: { sliceSize: 100_000 } })
    await world.write('a.bin', 350_000)
    const second = await world.write('b.bin', 350_000)
    await world.upload(['a.bin'])
    await world.upload(['b.bin'])
    expect(inCloud(world)).toContain(expected('/b.bin', second))
  })

  test('a refused empty file is its own problem and blocks nobody', async () => {
    await open({ quirks: { zeroByteFiles: 'refused' } })
    await world.write('d/empty', '')
    const file = await world.write('d/full', 'full')
    const transfers = await world.upload(['d'])
    expect(transfers.map(outcomeOf).sort()).toEqual(['done single', 'failed refused'])
    expect(inCloud(world)).toEqual([expected('/d/full', file)])
  })

  test.each(['appears', 'never-appears'] as const)(
    'the instant-upload queue is full for a while; the file %s',
    async (file) => {
      await open({ quirks: { singleQueue: { times: 2, file } } })
      const written = await world.write('a.txt', 'hello')
      const [transfer] = await world.upload(['a.txt'])
      expect(outcomeOf(transfer)).toMatch(/^done/u)
      expect(inCloud(world)).toEqual([expected('/a.txt', written)])
    },
  )
})
