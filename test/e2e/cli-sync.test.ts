import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, runCli, type CliRun } from '#test/cli'
import { cliWorld } from '#test/cli-world'

/** The built command line keeps a folder in step. */
const world = cliWorld()

const local = (): string => join(world.folder, '资料')
const sync = (...more: readonly string[]): Promise<CliRun> =>
  runCli(['sync', local(), '/备份/资料', ...more], { env: world.env() })
const there = (): readonly string[] => world.emulator.tree().map(({ path }) => path)
const events = (run: CliRun, event: string): readonly Record<string, unknown>[] =>
  linesOf(run).filter((line) => line['event'] === event)

async function fill(): Promise<void> {
  await mkdir(join(local(), 'd'), { recursive: true })
  for (const name of ['a.txt', 'b.txt', 'c.txt', 'd/e.txt']) await writeFile(join(local(), name), name)
}

const ALL = [
  '/备份',
  '/备份/资料',
  '/备份/资料/a.txt',
  '/备份/资料/b.txt',
  '/备份/资料/c.txt',
  '/备份/资料/d',
  '/备份/资料/d/e.txt',
]

describe('sync', () => {
  test('says what it would do, does it, and then has nothing to do', async () => {
    await fill()
    const dry = await sync('--dry-run', '--json')
    expect(events(dry, 'planned')).toEqual([
      { event: 'planned', upload: 4, mkdir: 1, move: 0, trash: 0, problems: 0 },
    ])
    const less = await sync('--dry-run', '--json', '--exclude', 'd/')
    expect(events(less, 'planned')).toMatchObject([{ upload: 3, mkdir: 0 }])
    expect(there()).toEqual([])
    expect(dry.code).toBe(0)

    const first = await sync('--json')
    expect(first.code).toBe(0)
    expect(there()).toEqual(ALL)
    expect(
      events(first, 'finished')
        .map(({ remotePath }) => remotePath)
        .sort(),
    ).toEqual(ALL.filter((path) => path.endsWith('.txt')))
    expect(linesOf(first).at(-1)).toMatchObject({ event: 'summary', finished: 4, failed: 0 })

    const requests = world.emulator.requests().length
    const again = await sync('--json')
    expect(linesOf(again)).toEqual([expect.objectContaining({ event: 'summary', finished: 0 })])
    // Who one is, and whether the folder is still there.
    expect(
      world.emulator
        .requests()
        .slice(requests)
        .map(({ endpoint }) => endpoint),
    ).not.toContain('list')
  })

  test('a mirror moves, and takes away what was deleted here; many only when told so', async () => {
    await fill()
    await sync('--mode', 'mirror')
    await rename(join(local(), 'd'), join(local(), 'moved'))
    await rm(join(local(), 'a.txt'))
    const few = await sync('--mode', 'mirror', '--json')
    expect(few.code).toBe(0)
    expect(events(few, 'moved')).toEqual([{ event: 'moved', from: 'd', to: 'moved' }])
    expect(events(few, 'trashed')).toEqual([{ event: 'trashed', path: 'a.txt' }])

    await rm(join(local(), 'b.txt'))
    await rm(join(local(), 'c.txt'))
    const many = await sync('--mode', 'mirror', '--json')
    expect(many.code).toBe(4)
    expect(events(many, 'halted')).toMatchObject([{ reason: 'mass-delete' }])
    expect(there()).toContain('/备份/资料/b.txt')
    expect((await sync('--mode', 'mirror', '--yes-delete')).code).toBe(0)
    expect(there()).toEqual(['/备份', '/备份/资料', '/备份/资料/moved', '/备份/资料/moved/e.txt'])
  })

  test('a name that the cloud forbids is named, the rest goes up, exit 1', async () => {
    await fill()
    await writeFile(join(local(), 'x:y'), '')
    const run = await sync('--json')
    expect(run.code).toBe(1)
    expect(events(run, 'problem')).toMatchObject([{ path: 'x:y', code: 'name-character' }])
    expect(there()).toEqual(ALL)
  })

  test('watching goes on until it is interrupted, and picks up what changes', async () => {
    await fill()
    const run = await runCli(['sync', local(), '/备份/资料', '--watch', '--json'], {
      env: world.env(),
      when: {
        line: /"event":"finished".*e\.txt/u,
        then: (child) => {
          void writeFile(join(local(), 'later.txt'), 'later')
          const interrupt = setInterval(() => {
            if (!there().includes('/备份/资料/later.txt')) return
            clearInterval(interrupt)
            child.kill('SIGINT')
          }, 50)
        },
      },
    })
    expect(run.code).toBe(130)
    expect(there()).toContain('/备份/资料/later.txt')
  })

  test.each([
    { what: 'no folder at all', args: ['sync', 'only-one'], code: 2, says: 'LOCAL' },
    { what: 'a name that the cloud forbids', args: ['sync', '.', '/a:b'], code: 2, says: 'a:b' },
    { what: 'a folder that is not there', args: ['sync', '/nowhere', '/x'], code: 1, says: 'file-missing' },
  ])('$what is said, and nothing begins', async ({ args, code, says }) => {
    const run = await runCli(args, { env: world.env() })
    expect(run.code).toBe(code)
    expect(run.stderr).toContain(says)
    expect(there()).toEqual([])
  })

  test('without an account: exit 3', async () => {
    await fill()
    expect((await runCli(['sync', local(), '/x'], { env: world.withoutToken() })).code).toBe(3)
  })
})
