import { afterEach, describe, expect, test } from 'vitest'
import {
  createWorld,
  expected,
  inCloud,
  outcomeOf,
  POLICIES,
  type World,
  type WorldOptions,
} from '#test/world'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

describe('a name that is taken', () => {
  const outcomes = {
    fail: 'failed name-taken',
    'keep-both': 'done single',
    overwrite: 'done single',
    skip: 'skipped name-taken',
  } as const
  test.each(POLICIES)('by another file, mode %s', async (onDuplicate) => {
    await open()
    const older = await world.emulator.seed('/a.txt', Buffer.from('older'))
    const file = await world.write('a.txt', 'newer!')
    const [transfer] = await world.upload(['a.txt'], { onDuplicate })
    expect(outcomeOf(transfer)).toBe(outcomes[onDuplicate])
    const live = world.emulator.files().filter(({ trashed }) => !trashed)
    const sums = live.map(({ md5 }) => md5).sort()
    if (onDuplicate === 'fail' || onDuplicate === 'skip') expect(sums).toEqual([older.md5])
    else if (onDuplicate === 'overwrite') expect(live).toMatchObject([{ path: '/a.txt', md5: file.md5 }])
    else expect(sums).toEqual([older.md5, file.md5].sort())
  })

  test.each(POLICIES)('by the same content, mode %s: done, and nothing is sent', async (onDuplicate) => {
    await open()
    await world.emulator.seed('/a.txt', Buffer.from('same'))
    await world.write('a.txt', 'same')
    const [transfer] = await world.upload(['a.txt'], { onDuplicate })
    expect(outcomeOf(transfer)).toBe('done present')
    expect(world.emulator.files()).toHaveLength(1)
    const asked = world.emulator.requests().map(({ endpoint }) => endpoint)
    expect(asked.filter((endpoint) => endpoint !== 'list' && endpoint !== 'user_info')).toEqual([])
  })

  test('retried with another choice', async () => {
    await open()
    await world.emulator.seed('/a.txt', Buffer.from('older'))
    const file = await world.write('a.txt', 'newer!')
    const [transfer] = await world.upload(['a.txt'])
    if (!transfer) throw new Error('no transfer')
    world.engine.queue.retry([transfer.id], 'overwrite')
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    expect(inCloud(world)).toEqual([expected('/a.txt', file)])
  })

  test('by a file, where a folder is needed', async () => {
    await open()
    await world.emulator.seed('/d', Buffer.from('a file'))
    await world.write('d/a.txt', 'x')
    const [transfer] = await world.upload(['d'])
    expect(outcomeOf(transfer)).toBe('failed name-taken')
  })
})
