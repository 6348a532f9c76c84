import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { walk, type Found } from '#main/transfers/walk'
import { asOrdinaryUser } from '#test/ordinary-user'
import { tempFolder, writeTree } from '#test/temp-folder'

const isPosix = process.platform !== 'win32'

/** What a walk says, paths from the folder on. */
interface Walked {
  /** By the names they will have in the cloud, in the order in which they came. */
  readonly files: readonly string[]
  readonly skipped: readonly { readonly path: string; readonly code: string; readonly named: boolean }[]
}

async function walked(folder: string, name: string, exclude: readonly string[] = []): Promise<Walked> {
  const found: Found[] = []
  for await (const one of walk(join(folder, name), exclude)) found.push(one)
  return {
    files: found.flatMap((one) => (one.kind === 'file' ? one.file.names.join('/') : [])),
    skipped: found.flatMap((one) =>
      one.kind === 'skipped'
        ? {
            path: one.skipped.path.slice(folder.length + 1),
            code: one.skipped.failure.code,
            named: one.skipped.named,
          }
        : [],
    ),
  }
}

describe('every file is found', () => {
  test('in a folder and those below it, hidden ones too, under the folder that was named', async () => {
    const folder = tempFolder()
    writeTree(folder, {
      '照片/a.raw': 'a',
      '照片/.hidden': 'b',
      '照片/.git/config': 'c',
      '照片/秋/深/d.raw': 'd',
      'beside.txt': 'not asked for',
    })
    mkdirSync(join(folder, '照片/empty'))
    const { files, skipped } = await walked(folder, '照片')
    expect(files.toSorted()).toEqual(['照片/.git/config', '照片/.hidden', '照片/a.raw', '照片/秋/深/d.raw'])
    expect(skipped).toEqual([])
  })

  test('with its size and where it is', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'a/b.txt': 'five!' })
    const found: Found[] = []
    for await (const one of walk(join(folder, 'a'), [])) found.push(one)
    expect(found).toEqual([
      { kind: 'file', file: { path: join(folder, 'a/b.txt'), size: 5, names: ['a', 'b.txt'] } },
    ])
  })

  test.runIf(isPosix)('whatever its name', async () => {
    const folder = tempFolder()
    const names = [
      '空 格.txt',
      ' leading',
      'trailing ',
      "it's (1)!",
      '#tag',
      'a\nb',
      'a\\b',
      '👨‍👩‍👧.jpg',
      '..data',
      '-rf',
      '*',
    ]
    writeTree(folder, Object.fromEntries(names.map((name) => [`in/${name}`, 'x'])))
    const { files } = await walked(folder, 'in')
    expect(files.toSorted()).toEqual(names.map((name) => `in/${name}`).toSorted())
  })

  test('the smallest of a folder first: it makes the folder, and the rest wait for it', async () => {
    const folder = tempFolder()
    writeTree(folder, {
      'in/big': 'x'.repeat(1000),
      'in/small': 'x',
      'in/middle': 'x'.repeat(100),
      'in/empty': '',
    })
    expect((await walked(folder, 'in')).files).toEqual(['in/empty', 'in/small', 'in/middle', 'in/big'])
  })

  test('a file that was named itself goes by its name alone', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'deep/er/a.txt': 'a' })
    expect(await walked(folder, 'deep/er/a.txt')).toEqual({ files: ['a.txt'], skipped: [] })
  })

  test('a slash at the end of the folder changes nothing', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'in/a.txt': 'a' })
    expect((await walked(folder, 'in/')).files).toEqual(['in/a.txt'])
  })
})

describe.runIf(isPosix)('what is no file is passed over, and said so', () => {
  test('links to files, to folders, to nowhere, and rounds of links', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'in/a.txt': 'a', 'out/secret.txt': 's' })
    symlinkSync('a.txt', join(folder, 'in/to-file'))
    symlinkSync('../out', join(folder, 'in/to-folder'))
    symlinkSync('nowhere', join(folder, 'in/to-nothing'))
    symlinkSync('.', join(folder, 'in/to-itself'))
    symlinkSync('loop-b', join(folder, 'in/loop-a'))
    symlinkSync('loop-a', join(folder, 'in/loop-b'))
    const { files, skipped } = await walked(folder, 'in')
    expect(files).toEqual(['in/a.txt'])
    expect(skipped.map(({ path }) => path).toSorted()).toEqual(
      ['loop-a', 'loop-b', 'to-file', 'to-folder', 'to-itself', 'to-nothing'].map((name) => `in/${name}`),
    )
    expect(skipped.every(({ code, named }) => code === 'not-a-file' && !named)).toBe(true)
  })

  test('a pipe, without waiting for somebody to write into it', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'in/a.txt': 'a' })
    execFileSync('mkfifo', [join(folder, 'in/pipe')])
    expect(await walked(folder, 'in')).toEqual({
      files: ['in/a.txt'],
      skipped: [{ path: 'in/pipe', code: 'not-a-file', named: false }],
    })
    expect((await walked(folder, 'in/pipe')).skipped).toEqual([
      { path: 'in/pipe', code: 'not-a-file', named: true },
    ])
  })

  test('a name that is no text', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'in/a.txt': 'a' })
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'in/')), Buffer.from([0x62, 0xff, 0xfe])]), 'b')
    const { files, skipped } = await walked(folder, 'in')
    expect(files).toEqual(['in/a.txt'])
    expect(skipped).toMatchObject([{ code: 'name-encoding', named: false }])
  })
})

describe.runIf(isPosix)('a link that was named itself is followed', () => {
  test('to a file, under its own name', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'real.txt': 'a' })
    symlinkSync('real.txt', join(folder, 'link.txt'))
    expect((await walked(folder, 'link.txt')).files).toEqual(['link.txt'])
  })

  test('to a folder, under its own name', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'real/a.txt': 'a' })
    symlinkSync('real', join(folder, 'link'))
    expect((await walked(folder, 'link')).files).toEqual(['link/a.txt'])
  })

  test.each([
    { name: 'to nowhere: missing', target: 'nowhere', code: 'file-missing' },
    { name: 'to itself: unreadable', target: 'link', code: 'file-unreadable' },
  ])('$name', async ({ target, code }) => {
    const folder = tempFolder()
    symlinkSync(target, join(folder, 'link'))
    expect((await walked(folder, 'link')).skipped).toEqual([{ path: 'link', code, named: true }])
  })
})

test('a path that is not there is said to be missing', async () => {
  const folder = tempFolder()
  expect(await walked(folder, 'gone')).toEqual({
    files: [],
    skipped: [{ path: 'gone', code: 'file-missing', named: true }],
  })
})

test('a file that goes away during the walk is said to be missing, and the rest is found', async () => {
  const folder = tempFolder()
  writeTree(folder, { 'in/1/a.txt': 'a', 'in/2/b.txt': 'b' })
  const names: string[] = []
  for await (const one of walk(join(folder, 'in'), [])) {
    if (one.kind !== 'file') continue
    names.push(one.file.names.at(-1) ?? '')
    if (names.length === 1) unlinkSync(one.file.path)
  }
  expect(names.toSorted()).toEqual(['a.txt', 'b.txt'])
})

describe.runIf(isPosix)('a folder that may not be read', () => {
  test('is passed over, and the rest is found', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'in/a.txt': 'a', 'in/locked/b.txt': 'b', 'in/z/c.txt': 'c' })
    chmodSync(join(folder, 'in/locked'), 0o000)
    const { files, skipped } = await asOrdinaryUser(folder, () => walked(folder, 'in'))
    chmodSync(join(folder, 'in/locked'), 0o755)
    expect(files.toSorted()).toEqual(['in/a.txt', 'in/z/c.txt'])
    expect(skipped).toEqual([{ path: 'in/locked', code: 'folder-unreadable', named: false }])
  })

  test('and was named itself is a failure of that path', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'locked/b.txt': 'b' })
    chmodSync(join(folder, 'locked'), 0o000)
    const { skipped } = await asOrdinaryUser(folder, () => walked(folder, 'locked'))
    chmodSync(join(folder, 'locked'), 0o755)
    expect(skipped).toEqual([{ path: 'locked', code: 'folder-unreadable', named: true }])
  })
})

describe('excluded is', () => {
  const tree = {
    'in/a.txt': '',
    'in/b.log': '',
    'in/node_modules/x/index.js': '',
    'in/src/b.log': '',
    'in/src/node_modules/y.js': '',
    'in/src/build/out.js': '',
    'in/草稿/c.txt': '',
  }
  const all = Object.keys(tree)

  test.each([
    { name: 'a pattern of names, at any depth', exclude: ['*.log'], gone: ['in/b.log', 'in/src/b.log'] },
    {
      name: 'a folder, at any depth',
      exclude: ['node_modules/'],
      gone: ['in/node_modules/x/index.js', 'in/src/node_modules/y.js'],
    },
    { name: 'what starts at the top only', exclude: ['/node_modules'], gone: ['in/node_modules/x/index.js'] },
    {
      name: 'a path with stars',
      exclude: ['src/**/*.js'],
      gone: ['in/src/node_modules/y.js', 'in/src/build/out.js'],
    },
    { name: 'a Chinese name', exclude: ['草稿'], gone: ['in/草稿/c.txt'] },
    { name: 'all but one', exclude: ['*.log', '!/b.log'], gone: ['in/src/b.log'] },
    { name: 'nothing by a comment or an empty line', exclude: ['# *.txt', '', '   '], gone: [] },
    { name: 'not the folder that was named', exclude: ['in'], gone: [] },
  ])('$name', async ({ exclude, gone }) => {
    const folder = tempFolder()
    writeTree(folder, tree)
    const { files, skipped } = await walked(folder, 'in', exclude)
    expect(files.toSorted()).toEqual(all.filter((name) => !gone.includes(name)).toSorted())
    expect(skipped).toEqual([])
  })

  test.runIf(isPosix)('a link too, without a word about it', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'in/a.txt': '' })
    symlinkSync('a.txt', join(folder, 'in/link'))
    expect((await walked(folder, 'in', ['link'])).skipped).toEqual([])
  })
})

describe.runIf(process.platform === 'linux')('a name that is no UTF-8 (a\\xff, as text a\ufffd)', () => {
  const LOST = 'a\ufffd'
  const raw = (folder: string, name: string): Buffer =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])

  test.each([['by itself'], ['beside a file that has that very text for a name']])(
    'is told and not sent, %s',
    async (how) => {
      const folder = tempFolder()
      writeFileSync(raw(folder, 'a\xff'), 'wanted')
      if (how !== 'by itself') writeFileSync(join(folder, LOST), 'another file')
      expect(await walked(folder, LOST)).toEqual({
        files: [],
        skipped: [{ path: LOST, code: 'name-encoding', named: true }],
      })
    },
  )

  test('of a folder on the way is told as well', async () => {
    const folder = tempFolder()
    mkdirSync(raw(folder, 'a\xff'))
    mkdirSync(join(folder, LOST))
    writeTree(folder, { [`${LOST}/b.txt`]: 'another file' })
    expect(await walked(folder, `${LOST}/b.txt`)).toMatchObject({
      files: [],
      skipped: [{ code: 'name-encoding' }],
    })
  })

  test('is passed over in a folder, once, and the others go', async () => {
    const folder = tempFolder()
    writeTree(folder, { 'f/ok.txt': '', [`f/${LOST}`]: 'another file' })
    writeFileSync(raw(join(folder, 'f'), 'a\xff'), 'x')
    mkdirSync(raw(join(folder, 'f'), 'b\xff'))
    const { files, skipped } = await walked(folder, 'f')
    expect(files).toEqual(['f/ok.txt'])
    expect(skipped.map(({ path, code }) => `${code} ${path}`).sort()).toEqual([
      'name-encoding f/a\ufffd',
      'name-encoding f/b\ufffd',
    ])
  })

  test('is not what a file is taken for that has that very text for a name', async () => {
    const folder = tempFolder()
    writeTree(folder, { [LOST]: '', [`f/${LOST}`]: '' })
    expect((await walked(folder, LOST)).files).toEqual([LOST])
    expect((await walked(folder, 'f')).files).toEqual([`f/${LOST}`])
  })
})
