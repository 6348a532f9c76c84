import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MARKER } from '#app/sync/names'
import { lookAtRoot, mark, unmark } from '#main/sync/root'
import { scan } from '#main/sync/scan'
import type { ScanEnd, ScannedFolder, ScanOrder } from '#main/sync/scan-jobs'
import { failureOf } from '#test/failures'
import { tempFolder, writeTree } from '#test/temp-folder'

const forever = new AbortController().signal

interface Seen {
  readonly folders: ReadonlyMap<string, ScannedFolder>
  readonly end: ScanEnd
  /** What the next scan is told. */
  readonly known: readonly (readonly [string, string])[]
}

async function look(root: string, order: Partial<ScanOrder> = {}): Promise<Seen> {
  const folders = new Map<string, ScannedFolder>()
  const all = { id: 1, root, folders: 'all' as const, known: [], rules: [], quietShare: 1, ...order }
  const end = await scan(all, {
    signal: forever,
    report: (batch) => {
      for (const folder of batch) folders.set(folder.path, folder)
      return Promise.resolve()
    },
  })
  const known = new Map([
    ...all.known,
    ...[...folders].map(([path, { fingerprint }]) => [path, fingerprint] as const),
  ])
  return { folders, end, known: [...known] }
}

const kinds = ({ folders }: Seen, path = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (folders.get(path)?.entries ?? []).map(([name, node]) => [
      name,
      node.kind === 'unknown' ? node.why : node.kind === 'ignored' ? `ignored by ${node.rule}` : node.kind,
    ]),
  )

/** Long ago, so that nothing counts as being written. */
function settle(path: string): void {
  utimesSync(path, 1_700_000_000, 1_700_000_000)
}

describe('a second scan that knows the first', () => {
  const edits: readonly {
    readonly what: string
    readonly edit: (root: string) => void
    readonly tells: readonly string[]
  }[] = [
    { what: 'nothing', edit: () => undefined, tells: [] },
    {
      what: 'a file that was touched',
      edit: (root) => {
        settle(join(root, 'a/b/c.txt'))
      },
      tells: ['a/b'],
    },
    {
      what: 'a file that was changed',
      edit: (root) => {
        writeFileSync(join(root, 'a/b/c.txt'), 'other')
      },
      tells: ['a/b'],
    },
    {
      what: 'a file that was renamed',
      edit: (root) => {
        renameSync(join(root, 'a/one'), join(root, 'a/two'))
      },
      tells: ['a'],
    },
    {
      what: 'two names that were swapped',
      edit: (root) => {
        renameSync(join(root, 'x'), join(root, 'z'))
        renameSync(join(root, 'y'), join(root, 'x'))
        renameSync(join(root, 'z'), join(root, 'y'))
      },
      tells: [''],
    },
    {
      what: 'a file that was deleted',
      edit: (root) => {
        rmSync(join(root, 'a/one'))
      },
      tells: ['a'],
    },
    {
      what: 'a new folder, with what is in it',
      edit: (root) => {
        writeTree(root, { 'a/n/m/f': '' })
      },
      tells: ['a', 'a/n', 'a/n/m'],
    },
    {
      what: 'a folder that was moved',
      edit: (root) => {
        renameSync(join(root, 'a/b'), join(root, 'b'))
      },
      tells: ['', 'a', 'b'],
    },
    {
      what: 'a folder that was deleted',
      edit: (root) => {
        rmSync(join(root, 'a/b'), { recursive: true })
      },
      tells: ['a'],
    },
    {
      what: 'permissions that were changed',
      edit: (root) => {
        chmodSync(join(root, 'a/b'), 0o700)
      },
      tells: ['a'],
    },
  ]
  test.each(edits)('tells of $what', async ({ edit, tells }) => {
    const root = tempFolder()
    writeTree(root, { 'a/b/c.txt': 'c', 'a/one': '1', x: 'x', y: 'yy', 'q/r': '' })
    const { known } = await look(root)
    edit(root)
    expect([...(await look(root, { known })).folders.keys()].sort()).toEqual([...tells].sort())
  })

  test('tells of everything when the rules are others', async () => {
    const root = tempFolder()
    writeTree(root, { 'a/b': '', 'c.tmp': '' })
    const { known } = await look(root)
    const again = await look(root, { known, rules: ['*.tmp'] })
    expect([...again.folders.keys()].sort()).toEqual(['', 'a'])
    writeFileSync(join(root, '.123panignore'), 'a/')
    expect(kinds(await look(root, { known: again.known, rules: ['*.tmp'] }))).toMatchObject({
      a: 'ignored by a/',
      'c.tmp': 'ignored by *.tmp',
    })
  })

  test('of random edits tells of exactly the folders whose own entries changed', async () => {
    const folders = ['', 'a', 'a/b', 'c']
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 6 }), async (edits) => {
        const root = tempFolder()
        writeTree(root, { 'a/b/f0': '0', 'a/f0': '0', 'c/f0': '0', f0: '0' })
        const { known } = await look(root)
        const changed = new Set<string>()
        for (const [at, [folder, file]] of edits.entries()) {
          const where = folders[folder] ?? ''
          writeFileSync(join(root, where, `f${file}`), 'x'.repeat(at + 2))
          changed.add(where)
        }
        expect(new Set((await look(root, { known })).folders.keys())).toEqual(changed)
      }),
      { numRuns: 50 },
    )
  })
})

describe('what can’t be synced is told as what it is', () => {
  test('links, sockets and pipes, by name', async () => {
    const root = tempFolder()
    writeTree(root, { 'd/f': '', f: '' })
    symlinkSync('d', join(root, 'to-folder'))
    symlinkSync('nowhere', join(root, 'to-nothing'))
    symlinkSync('.', join(root, 'd/round'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(kinds(await look(root))).toEqual({
      d: 'folder',
      f: 'file',
      'to-folder': 'symbolic-link',
      'to-nothing': 'symbolic-link',
      pipe: 'not-a-file',
    })
  })

  test('a name that is no text is not taken for another one', async () => {
    const root = tempFolder()
    execFileSync('sh', ['-c', `touch "$1/$(printf 'a\\377b')"`, 'sh', root])
    const seen = kinds(await look(root))
    expect(Object.values(seen)).toEqual(['vanished'])
  })

  test('odd names are kept to the byte', async () => {
    const root = tempFolder()
    const names = ['a\nb', '😀', 'e\u0301', 'é', ' ', 'x'.repeat(255), '..a', '~$doc.docx', '#a']
    for (const name of names) writeFileSync(join(root, name), '')
    expect(Object.keys(kinds(await look(root))).sort()).toEqual([...names].sort())
  })

  test('the folder’s own marker is not there', async () => {
    const root = tempFolder()
    writeTree(root, { f: '', 'd/f': '' })
    await mark(root, 'one')
    expect(kinds(await look(root))).toEqual({ f: 'file', d: 'folder' })
  })

  test('a thousand levels deep', async () => {
    const root = tempFolder()
    const deep = Array.from({ length: 1000 }, () => 'd').join('/')
    mkdirSync(join(root, deep), { recursive: true })
    expect((await look(root)).folders.size).toBe(1001)
  })
})

describe('rules', () => {
  test('leave out folders whole, and let in what they except', async () => {
    const root = tempFolder()
    writeTree(root, { 'node_modules/x/y': '', 'src/a.tmp': '', 'src/keep.tmp': '', 'src/b': '' })
    const seen = await look(root, { rules: ['node_modules/', '*.tmp', '!keep.tmp'] })
    expect(kinds(seen)).toEqual({ node_modules: 'ignored by node_modules/', src: 'folder' })
    expect(kinds(seen, 'src')).toEqual({ 'a.tmp': 'ignored by *.tmp', 'keep.tmp': 'file', b: 'file' })
    expect([...seen.folders.keys()].sort()).toEqual(['', 'src'])
  })
})

describe('some folders only', () => {
  test('are looked at by themselves, and what is new below them whole', async () => {
    const root = tempFolder()
    writeTree(root, { 'a/b/c': '', 'd/e': '' })
    const { known } = await look(root)
    writeTree(root, { 'a/new/deep/f': '', 'a/b/g': '', 'd/h': '' })
    const without = known.filter(([path]) => path !== 'a')
    expect([...(await look(root, { folders: ['a'], known: without })).folders.keys()].sort()).toEqual([
      'a',
      'a/new',
      'a/new/deep',
    ])
  })

  test('that are gone are not told of', async () => {
    const root = tempFolder()
    writeTree(root, { 'a/b': '' })
    expect((await look(root, { folders: ['gone', 'a'] })).folders.has('gone')).toBe(false)
  })
})

describe('a file that was written just now', () => {
  test('is told as being written, and when to look again', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'new'), 'x')
    const { folders, end } = await look(root)
    expect(folders.get('')?.entries[0]?.[1]).toMatchObject({ kind: 'file', busy: true })
    expect(end.busyUntil).toBeGreaterThan(Date.now())
  })
})

test('it stops when nobody wants to know any more', async () => {
  const root = tempFolder()
  writeTree(root, { 'a/b': '' })
  const order = { id: 1, root, folders: 'all', known: [], rules: [], quietShare: 1 } as const
  const context = { signal: AbortSignal.abort(), report: () => Promise.resolve() }
  expect((await failureOf(scan(order, context))).code).toBe('cancelled')
})

describe('the root', () => {
  test('is told with its marks, and whether it has anything in it', async () => {
    const root = tempFolder()
    expect(await lookAtRoot(root)).toMatchObject({ marks: undefined, isEmpty: true })
    await mark(root, 'one')
    await mark(root, 'two')
    await mark(root, 'one')
    expect(await lookAtRoot(root)).toMatchObject({ marks: ['one', 'two'], isEmpty: true })
    expect(readFileSync(join(root, MARKER), 'utf8')).toBe('one\ntwo\n')
    await unmark(root, 'one')
    await unmark(root, 'two')
    expect((await lookAtRoot(root)).marks).toBeUndefined()
  })

  test('that is not there, or no folder, says so', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'f'), '')
    expect((await failureOf(lookAtRoot(join(root, 'gone')))).code).toBe('file-missing')
    expect((await failureOf(lookAtRoot(join(root, 'f')))).code).toBe('not-a-file')
  })
})
