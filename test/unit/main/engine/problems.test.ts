import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Problem } from '#app/ipc'
import { preview } from '#main/engine/preview'
import { Problems } from '#main/engine/problems'
import { ProblemStore } from '#main/store/problem-store'
import type { AddOptions } from '#main/transfers/queue-store'
import { failure } from '#test/builders'
import { memoryDatabase } from '#test/memory-database'
import { tempFolder, writeTree } from '#test/temp-folder'

const OPTIONS: AddOptions = {
  rootID: 0,
  folders: ['云'],
  onDuplicate: 'fail',
  exclude: ['*.tmp'],
  source: 'manual',
}
const skipped = (path: string, code: 'not-a-file' | 'folder-unreadable' = 'not-a-file') => ({
  path,
  named: false,
  failure: failure(code),
})

describe('skipped paths', () => {
  let told: readonly Problem[]
  let problems: Problems
  const paths = (): readonly string[] => problems.list().map(({ path }) => path)

  beforeEach(() => {
    told = []
    problems = new Problems(
      new ProblemStore(memoryDatabase()),
      () => 7,
      (all) => {
        told = all
      },
    )
  })

  test('are remembered and told, the latest first', () => {
    problems.note(
      [{ root: '/a', skipped: [skipped('/a/link'), skipped('/a/b/dir', 'folder-unreadable')] }],
      OPTIONS,
    )
    expect(problems.list()).toEqual([
      { ...skipped('/a/b/dir', 'folder-unreadable'), at: 7 },
      { ...skipped('/a/link'), at: 7 },
    ])
    expect(told).toEqual(problems.list())
  })

  test('of a folder that is looked at again give way to what is found then; those beside it stay', () => {
    problems.note([{ root: '/a', skipped: [skipped('/a/1'), skipped('/a/2')] }], OPTIONS)
    problems.note([{ root: '/ab', skipped: [skipped('/ab/3')] }], OPTIONS)
    problems.note([{ root: '/a', skipped: [skipped('/a/2')] }], OPTIONS)
    expect(paths()).toEqual(['/a/2', '/ab/3'])
    problems.note([{ root: '/a', skipped: [] }], OPTIONS)
    expect(paths()).toEqual(['/ab/3'])
  })

  test('go when a person has read of them', () => {
    problems.note([{ root: '/a', skipped: [skipped('/a/1'), skipped('/a/2')] }], OPTIONS)
    problems.dismiss(['/a/1', '/never'])
    expect(paths()).toEqual(['/a/2'])
    expect(told).toHaveLength(1)
  })

  test.each([
    { path: '/x/a', folders: ['云'] },
    { path: '/x/a/b', folders: ['云', 'a'] },
    { path: '/x/a/b/c/d.txt', folders: ['云', 'a', 'b', 'c'] },
  ])('are looked at again so that they land where they would have: $path', ({ path, folders }) => {
    problems.note([{ root: '/x/a', skipped: [skipped(path), skipped('/x/a/other')] }], OPTIONS)
    expect(problems.again([path])).toEqual([{ path, options: { ...OPTIONS, folders } }])
  })

  test('of an odd name, not even whole Unicode, are found again', () => {
    const odd = '/a/\uD800 "\n%'
    problems.note([{ root: '/a', skipped: [skipped(odd)] }], OPTIONS)
    expect(paths()).toEqual([odd])
    problems.dismiss([odd])
    expect(paths()).toEqual([])
  })

  test('are not more than a person can use', () => {
    const many = Array.from({ length: 5100 }, (_, no) => skipped(`/a/${no}`))
    problems.note([{ root: '/a', skipped: many }], OPTIONS)
    expect(problems.list()).toHaveLength(5000)
  })

  test('are told once for all that was looked at, however much that was', () => {
    const db = memoryDatabase()
    let asked = 0
    const store = new ProblemStore(db)
    const counted = new Problems(
      Object.assign(Object.create(store) as ProblemStore, {
        all: () => {
          asked += 1
          return store.all()
        },
      }),
      () => 7,
      () => undefined,
    )
    counted.note(
      Array.from({ length: 15_000 }, (_, no) => ({ root: `/a/${no}`, skipped: [] })),
      OPTIONS,
    )
    expect(asked).toBe(1)
  })

  test('that the disk does not take hinder nobody', () => {
    const db = memoryDatabase()
    const full = new Problems(
      new ProblemStore(db),
      () => 7,
      () => undefined,
    )
    db.exec('PRAGMA query_only = ON')
    expect(() => full.note([{ root: '/a', skipped: [skipped('/a/1')] }], OPTIONS)).not.toThrow()
  })
})

describe('a look at what would be added', () => {
  let folder: string
  const look = (paths = ['d'], options = OPTIONS, signal = new AbortController().signal) =>
    preview(
      paths.map((path) => join(folder, path)),
      options,
      signal,
    )

  beforeEach(() => {
    folder = tempFolder()
    writeTree(folder, { 'd/a.txt': 'a', 'd/b/c.txt': 'ccc', 'd/x.tmp': 'left out', 'd/q?.txt': 'q' })
  })

  test('counts files and bytes, and says what is skipped and why', async () => {
    await symlink('a.txt', join(folder, 'd/link'))
    const seen = await look()
    expect(seen).toMatchObject({ files: 2, bytes: 4, skipped: 2, complete: true })
    expect(seen.examples.map(({ failure: { code } }) => code).sort()).toEqual([
      'name-character',
      'not-a-file',
    ])
  })

  test('names what is not there', async () => {
    expect(await look(['nowhere'])).toMatchObject({ files: 0, skipped: 1, examples: [{ named: true }] })
  })

  test('ends when another is asked for', async () => {
    await expect(look(['d'], OPTIONS, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('counts no further than anybody wants to know', async () => {
    vi.resetModules()
    vi.doMock('#main/transfers/walk', () => ({
      // As many as no test wants to write.
      async *walk() {
        await Promise.resolve()
        for (let no = 0; no < 300_000; no++)
          yield { kind: 'file', file: { path: `/d/${no}`, size: 1, names: ['d', String(no)] } }
      },
    }))
    const { preview: mocked } = await import('#main/engine/preview')
    const seen = await mocked(['/d'], OPTIONS, new AbortController().signal)
    expect(seen).toMatchObject({ files: 200_000, complete: false })
    vi.doUnmock('#main/transfers/walk')
  })
})
