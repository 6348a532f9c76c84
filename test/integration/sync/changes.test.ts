import { describe, expect, test } from 'vitest'
import { play, type Scenario } from '#test/sync/scenario'

const UPLOADS = ['create', 'single_create']

const CHANGES: readonly Scenario[] = [
  { what: 'an empty folder stays empty on both sides' },
  {
    what: 'files and folders go up, empty ones too',
    here: { 'a.txt': 'a', 'd/e/f.txt': 'f', empty: null, zero: '' },
  },
  { what: 'hidden files go up', here: { '.profile': 'x', '.d/.e': 'y' } },
  {
    what: 'the marker stays at home',
    here: { a: 'a' },
    run: (s) => {
      expect(Object.keys(s.there())).toEqual(['a'])
    },
  },
  {
    what: 'a new file follows',
    here: { a: 'a' },
    run: (s) => {
      s.write('d/b', 'b')
    },
  },
  {
    what: 'a changed file follows',
    here: { a: 'one' },
    run: (s) => {
      s.write('a', 'two!')
    },
  },
  {
    what: 'a change that leaves the size alone follows',
    here: { a: 'one' },
    run: (s) => {
      s.write('a', 'two')
    },
  },
  {
    what: 'a file that a program saved over its old name follows',
    here: { a: 'one' },
    run: (s) => {
      s.save('a', 'two')
    },
  },
  {
    what: 'a file that was saved with the same content goes nowhere',
    here: { a: 'one' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.save('a', 'one')
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'a hundred touched files go nowhere',
    here: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`d/${n}`, String(n)])),
    run: async (s) => {
      const before = s.calls(...UPLOADS, 'list')
      for (let n = 0; n < 100; n++) s.touch(`d/${n}`)
      await s.sync()
      expect(s.calls(...UPLOADS, 'list')).toBe(before)
    },
  },
  {
    what: 'a file that becomes empty follows',
    here: { a: 'one' },
    run: (s) => {
      s.write('a', '')
    },
  },
  {
    what: 'a file that was empty and is not any more follows',
    here: { a: '' },
    run: (s) => {
      s.write('a', 'one')
    },
  },
  {
    what: 'a file that becomes a folder follows',
    here: { a: 'one' },
    run: (s) => {
      s.rm('a')
      s.write('a/b', 'b')
    },
  },
  {
    what: 'a folder that becomes a file follows',
    here: { 'a/b': 'b', c: 'c', d: 'd' },
    run: (s) => {
      s.rm('a')
      s.write('a', 'a')
    },
  },
  {
    what: 'a folder that was deleted and made anew follows',
    here: { 'a/b': 'b', 'a/c': 'c', d: 'd', e: 'e', f: 'f' },
    run: (s) => {
      s.rm('a')
      s.write('a/g', 'g')
    },
  },
  { what: 'two files with the same content are two', here: { a: 'same', b: 'same' } },
  {
    what: 'a file that was changed twice between two looks is as it is now',
    here: { a: '1' },
    run: (s) => {
      s.write('a', '22')
      s.write('a', '333')
    },
  },
  {
    what: 'a file that was made and deleted between two looks never was',
    here: { b: 'b' },
    run: (s) => {
      s.write('a', 'a')
      s.rm('a')
    },
  },
  {
    what: 'a thing that changes over and over ends as it is',
    here: { a: '0' },
    run: async (s) => {
      for (let n = 1; n < 5; n++) {
        s.write('a', 'x'.repeat(n))
        await s.sync()
      }
    },
  },
  {
    what: 'a tree of thirty levels goes up',
    here: { [`${Array.from({ length: 30 }, (_, n) => `d${n}`).join('/')}/f`]: 'deep' },
  },
  {
    what: 'three hundred files in one folder go up, more than a page of a listing',
    here: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`d/${n}.txt`, `${n}`])),
  },
  { what: 'files of several slices go up', here: { big: 'x'.repeat(700_000), 'd/big': 'y'.repeat(300_000) } },
  {
    what: 'a time in 1970 or far ahead is as good as any',
    here: { a: 'a' },
    run: (s) => {
      s.touch('a')
    },
  },
]

const DELETIONS: readonly Scenario[] = [
  {
    what: 'a deleted file goes to the bin',
    here: { a: 'a', b: 'b', c: 'c' },
    run: (s) => {
      s.rm('a')
    },
    bin: { a: 'a' },
  },
  {
    what: 'a deleted folder goes to the bin in one call',
    here: { 'd/a': 'a', 'd/e/b': 'b', c: 'c', f: 'f', g: 'g' },
    run: async (s) => {
      s.rm('d')
      await s.sync()
      expect(s.calls('trash')).toBe(1)
    },
  },
  {
    what: 'the last file of a folder can go by itself',
    here: { a: 'a' },
    run: (s) => {
      s.rm('a')
    },
    bin: { a: 'a' },
  },
  {
    what: 'what somebody else put into a deleted folder stays, and the folder with it',
    here: { 'd/a': 'a', b: 'b', c: 'c' },
    run: async (s) => {
      await s.seed('d/theirs', 'x')
      s.rm('d')
    },
    ends: { b: 'b', c: 'c', 'd/theirs': 'x' },
    bin: { 'd/a': 'a' },
  },
  {
    what: 'what somebody else changed meanwhile stays',
    here: { a: 'a', b: 'b', c: 'c' },
    run: async (s) => {
      await s.seed('a', 'theirs')
      s.rm('a')
    },
    ends: { a: 'theirs', b: 'b', c: 'c' },
  },
  {
    what: 'what was deleted in the cloud as well is gone',
    here: { a: 'a', b: 'b', c: 'c' },
    run: (s) => {
      s.remove('a')
      s.rm('a')
    },
  },
  {
    what: 'a backup takes nothing away',
    mode: 'backup',
    here: { a: 'a', 'd/b': 'b', c: 'c' },
    run: (s) => {
      s.rm('a')
      s.rm('d')
    },
    ends: { a: 'a', 'd/b': 'b', c: 'c' },
    bin: {},
  },
  {
    what: 'a backup forgets what was deleted, and takes it up again when it comes back',
    mode: 'backup',
    here: { a: 'a', b: 'b' },
    run: async (s) => {
      s.rm('a')
      await s.sync()
      s.write('a', 'a')
    },
    bin: {},
  },
  {
    what: 'a backup keeps the older version in the bin',
    mode: 'backup',
    here: { a: 'old' },
    run: (s) => {
      s.write('a', 'newer')
    },
    bin: { a: 'old' },
  },
  {
    what: 'a mirror overwrites in one call',
    here: { a: 'old' },
    run: async (s) => {
      s.write('a', 'newer')
      await s.sync()
      expect(s.calls('trash', 'rename')).toBe(0)
    },
  },
  {
    what: 'a mirror that is to keep older versions puts them into the bin',
    pair: { replace: 'beside' },
    here: { a: 'old' },
    run: (s) => {
      s.write('a', 'newer')
    },
    bin: { a: 'old' },
  },
  {
    what: 'a deleted file that comes back with other content is that',
    here: { a: 'a', b: 'b', c: 'c' },
    run: async (s) => {
      s.rm('a')
      await s.sync()
      s.write('a', 'again')
    },
  },
]

const MOVES: readonly Scenario[] = [
  {
    what: 'a renamed file is renamed',
    here: { a: 'a' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.mv('a', 'b')
      await s.sync()
      expect([s.calls(...UPLOADS) - before, s.calls('rename'), s.calls('trash')]).toEqual([0, 1, 0])
    },
  },
  {
    what: 'a moved file is moved',
    here: { a: 'a', d: null },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.mv('a', 'd/a')
      await s.sync()
      expect([s.calls(...UPLOADS) - before, s.calls('move')]).toEqual([0, 1])
    },
  },
  {
    what: 'a file that was moved and renamed is both',
    here: { a: 'a', d: null },
    run: (s) => {
      s.mv('a', 'd/b')
    },
  },
  {
    what: 'a file that was moved into a new folder goes there',
    here: { a: 'a' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.mv('a', 'new/deep/a')
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'a renamed folder is one call, whatever is in it',
    here: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`d/${n % 5}/${n}`, String(n)])),
    run: async (s) => {
      const before = s.calls(...UPLOADS, 'mkdir', 'trash')
      s.mv('d', 'e')
      await s.sync()
      expect([s.calls(...UPLOADS, 'mkdir', 'trash') - before, s.calls('rename', 'move')]).toEqual([0, 1])
    },
  },
  {
    what: 'a folder that was moved into another is one call',
    here: { 'd/a': 'a', e: null },
    run: async (s) => {
      s.mv('d', 'e/d')
      await s.sync()
      expect(s.calls('move')).toBe(1)
    },
  },
  {
    what: 'two files swap their names',
    here: { a: 'a', b: 'bb' },
    run: (s) => {
      s.mv('a', 'x')
      s.mv('b', 'a')
      s.mv('x', 'b')
    },
  },
  {
    what: 'three files change names in a ring',
    here: { a: 'a', b: 'bb', c: 'ccc' },
    run: (s) => {
      s.mv('a', 'x')
      s.mv('c', 'a')
      s.mv('b', 'c')
      s.mv('x', 'b')
    },
  },
  {
    what: 'two folders swap their names',
    here: { 'a/1': '1', 'b/2': '2' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.mv('a', 'x')
      s.mv('b', 'a')
      s.mv('x', 'b')
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'numbered files that shift by three keep their contents',
    here: Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n}.txt`, `content ${n}`])),
    run: (s) => {
      for (let n = 11; n >= 0; n--) s.mv(`${n}.txt`, `${n + 3}.txt`)
    },
  },
  {
    what: 'a folder goes into its own child',
    here: { 'a/b/c': 'c', 'a/d': 'd' },
    run: (s) => {
      s.mv('a/b', 'b')
      s.mv('a', 'b/a')
    },
  },
  {
    what: 'a child takes the place of its parent',
    here: { 'a/b/c': 'c', x: 'x', y: 'y', z: 'z' },
    run: (s) => {
      s.mv('a/b', 'tmp')
      s.rm('a')
      s.mv('tmp', 'a')
    },
  },
  {
    what: 'a file leaves a folder that is deleted then',
    here: { 'd/a': 'a', 'd/b': 'b', c: 'c', e: 'e' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.mv('d/a', 'a')
      s.rm('d')
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'a file that was moved and changed is there as it is now',
    here: { a: 'a', b: 'b', c: 'c' },
    run: (s) => {
      s.mv('a', 'z')
      s.write('z', 'changed')
    },
  },
  {
    what: 'a file takes the name of one that was deleted',
    here: { a: 'a', b: 'bb', c: 'c', d: 'd' },
    run: (s) => {
      s.rm('a')
      s.mv('b', 'a')
    },
  },
  {
    what: 'a copy is a new file',
    here: { a: 'a' },
    run: (s) => {
      s.write('copy', 'a')
    },
  },
  {
    what: 'a file that was copied and deleted, as to another disk and back, is moved',
    here: { a: 'content', b: 'b', c: 'c' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.write('d/a', 'content')
      s.rm('a')
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'a name that differs by case alone is another name',
    here: { a: 'a' },
    run: async (s) => {
      s.mv('a', 'A')
      await s.sync()
      expect(s.calls('rename')).toBe(1)
    },
  },
  {
    what: 'a moved folder with a changed file in it: one call, one upload',
    here: { 'd/a': 'a', 'd/b': 'b' },
    run: async (s) => {
      const before = s.calls(...UPLOADS)
      s.mv('d', 'e')
      s.write('e/a', 'changed')
      await s.sync()
      expect(s.calls(...UPLOADS) - before).toBe(1)
    },
  },
  {
    what: 'a backup moves as well',
    mode: 'backup',
    here: { 'd/a': 'a', b: 'b' },
    run: async (s) => {
      s.mv('d', 'e')
      s.mv('b', 'c')
      await s.sync()
      expect(s.calls('trash')).toBe(0)
    },
  },
  {
    what: 'what another client put where something is moved to is kept in the bin',
    here: { a: 'a', d: null },
    run: async (s) => {
      await s.seed('d/a', 'theirs')
      s.mv('a', 'd/a')
    },
    bin: { 'd/a': 'theirs' },
  },
]

describe.each([
  ['changes', CHANGES],
  ['deletions', DELETIONS],
  ['moves', MOVES],
] as const)('%s', (_what, scenarios) => {
  test.concurrent.each(scenarios.map((scenario) => [scenario.what, scenario] as const))(
    '%s',
    (_sentence, scenario) => play(scenario),
  )
})
