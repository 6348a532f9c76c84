import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MARKER } from '#app/sync/names'
import { play, type Scenario, type Stage } from '#test/sync/scenario'

const UPLOADS = ['create', 'single_create']

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, `content ${n}`]))

const FIRST_CONTACT: readonly Scenario[] = [
  {
    what: 'what is in the cloud already with the same content is taken as it is',
    here: { a: 'a', 'd/b': 'b' },
    there: { a: 'a', 'd/b': 'b' },
    run: (s) => {
      expect(s.calls(...UPLOADS, 'mkdir')).toBe(0)
    },
  },
  {
    what: 'what is only in the cloud stays there',
    here: { a: 'a' },
    there: { b: 'b', 'd/c': 'c' },
    ends: { a: 'a', b: 'b', 'd/c': 'c' },
    bin: {},
  },
  {
    what: 'a different file of the same name goes to the bin and is replaced',
    here: { a: 'mine' },
    there: { a: 'theirs!' },
    bin: { a: 'theirs!' },
  },
  {
    what: 'a different file of the same name and size does, too',
    here: { a: 'mine' },
    there: { a: 'them' },
    bin: { a: 'them' },
  },
  {
    what: 'the same in a backup',
    mode: 'backup',
    here: { a: 'mine' },
    there: { a: 'theirs!' },
    bin: { a: 'theirs!' },
  },
  {
    what: 'a folder where a file should be stays, and is said',
    here: { a: 'a', b: 'b' },
    there: { 'a/x': 'x' },
    ends: { b: 'b', 'a/x': 'x' },
    problems: { a: 'name-taken' },
    bin: {},
  },
  {
    what: 'a file where a folder should be stays, and is said',
    here: { 'a/x': 'x', b: 'b' },
    there: { a: 'a' },
    ends: { a: 'a', b: 'b' },
    problems: { a: 'name-taken' },
    bin: {},
  },
  {
    what: 'an empty local folder takes nothing away',
    there: { a: 'a', 'd/b': 'b' },
    ends: { a: 'a', 'd/b': 'b' },
    bin: {},
  },
]

const OTHERS: readonly Scenario[] = [
  {
    what: 'what another client deleted comes back when all is compared',
    here: { a: 'a', b: 'b' },
    run: async (s) => {
      s.remove('a')
      await s.sync('everything')
    },
  },
  {
    what: 'a folder that another client deleted comes back',
    here: { 'd/a': 'a', 'd/e/b': 'b' },
    run: async (s) => {
      s.remove('d')
      await s.sync('everything')
    },
  },
  {
    what: 'a folder that another client deleted is noticed when something is to go there',
    here: { 'd/a': 'a', b: 'b' },
    run: (s) => {
      s.remove('d')
      s.write('d/c', 'c')
    },
  },
  {
    what: 'what another client changed is put back as it is here, and theirs is in the bin',
    here: { a: 'a' },
    run: async (s) => {
      await s.seed('a', 'theirs')
      await s.sync('everything')
    },
    bin: { a: 'theirs' },
  },
  {
    what: 'what another client renamed is renamed back',
    here: { a: 'a', b: 'b' },
    run: async (s) => {
      s.moveTo('a', 'z')
      await s.sync('everything')
    },
  },
  {
    what: 'what another client moved into a folder of its own is there again, and stays there as well',
    here: { a: 'a', b: 'b' },
    there: { 'theirs/x': 'x' },
    run: async (s) => {
      s.moveTo('a', 'theirs/a')
      await s.sync('everything')
    },
    ends: { a: 'a', b: 'b', 'theirs/x': 'x', 'theirs/a': 'a' },
  },
  {
    what: 'what another client put into a synced folder stays',
    here: { 'd/a': 'a' },
    run: async (s) => {
      await s.seed('d/x', 'x')
      await s.seed('y', 'y')
      s.write('d/b', 'b')
    },
    ends: { 'd/a': 'a', 'd/b': 'b', 'd/x': 'x', y: 'y' },
    bin: {},
  },
]

const yes = (s: Stage): void => {
  s.world.engine.sync.answer(s.id, 'trash')
}

const SAFETY: readonly Scenario[] = [
  {
    what: 'deleting more than half waits for a yes, with how many and which',
    here: many(10),
    run: async (s) => {
      for (let n = 0; n < 6; n++) s.rm(`f${n}`)
      const { state } = await s.sync()
      expect(state).toMatchObject({
        status: 'halted',
        halt: { reason: 'mass-delete', deletions: { files: 6, total: 10 } },
      })
      expect(s.binned()).toEqual({})
    },
    state: 'halted',
    ends: many(10),
  },
  {
    what: 'after the yes they go',
    here: many(10),
    run: async (s) => {
      for (let n = 0; n < 6; n++) s.rm(`f${n}`)
      await s.sync()
      yes(s)
    },
  },
  {
    what: 'after a no they stay, and are nobody’s',
    here: many(4),
    run: async (s) => {
      s.rm('f0')
      s.rm('f1')
      s.rm('f2')
      await s.sync()
      s.world.engine.sync.answer(s.id, 'keep')
    },
    ends: many(4),
    bin: {},
  },
  {
    what: 'while deletions wait, new files go up',
    here: many(4),
    run: (s) => {
      s.rm('f0')
      s.rm('f1')
      s.rm('f2')
      s.write('new', 'n')
    },
    state: 'halted',
    ends: { ...many(4), new: 'n' },
  },
  {
    what: 'while deletions wait they are told, whatever else changes',
    here: { 'a/1': '1', 'a/2': '2', 'a/3': '3', 'a/4': '4', 'b/1': '5' },
    run: async (s) => {
      for (let n = 1; n < 5; n++) s.rm(`a/${n}`)
      await s.sync()
      s.write('b/2', 'new')
      await s.world.until(() => s.there()['b/2'] !== undefined)
      await s.until(({ state }) => state.status === 'halted' && state.halt.deletions?.files === 4)
    },
    state: 'halted',
    ends: { 'a/1': '1', 'a/2': '2', 'a/3': '3', 'a/4': '4', 'b/1': '5', 'b/2': 'new' },
  },
  {
    what: 'when they come back nothing is asked any more',
    here: many(4),
    run: async (s) => {
      for (let n = 0; n < 3; n++) s.away(`f${n}`)
      await s.sync()
      for (let n = 0; n < 3; n++) s.back(`f${n}`)
    },
  },
  {
    what: 'a folder in which everything was deleted halts',
    here: { a: 'a', b: 'b', 'd/c': 'c' },
    run: (s) => {
      s.rm('a')
      s.rm('b')
      s.rm('d')
    },
    state: 'halted',
    ends: { a: 'a', b: 'b', 'd/c': 'c' },
    bin: {},
  },
  {
    what: 'a yes to many deletions is none to an empty folder later',
    here: many(4),
    run: async (s) => {
      for (let n = 0; n < 3; n++) s.rm(`f${n}`)
      await s.sync()
      yes(s)
      await s.sync()
      s.write('g', 'g')
      await s.sync()
      s.rm('g')
      s.rm('f3')
      expect(await s.sync()).toMatchObject({ state: { halt: { reason: 'root-emptied' } } })
    },
    state: 'halted',
    ends: { f3: 'content 3', g: 'g' },
  },
  {
    what: 'an empty folder that is meant to be takes everything along after two yeses',
    here: many(4),
    run: async (s) => {
      for (let n = 0; n < 4; n++) s.rm(`f${n}`)
      expect(await s.sync()).toMatchObject({ state: { halt: { reason: 'root-emptied' } } })
      yes(s)
      expect(await s.sync()).toMatchObject({ state: { halt: { reason: 'mass-delete' } } })
      yes(s)
    },
  },
  {
    what: 'a folder that is not there halts, and goes on when it is',
    here: { a: 'a', b: 'b' },
    run: async (s) => {
      const { folder } = s.world
      renameSync(folder, `${folder}-away`)
      s.world.engine.sync.now(s.id, 'changes')
      await s.until(({ state }) => state.status === 'halted' && state.halt.reason === 'root-missing')
      renameSync(`${folder}-away`, folder)
      await s.until(({ state }) => state.status === 'synced')
    },
    bin: {},
  },
  {
    what: 'another folder in its place halts, until somebody says that it is the right one',
    here: { a: 'a', b: 'b', c: 'c' },
    run: async (s) => {
      const { folder } = s.world
      renameSync(folder, `${folder}-old`)
      mkdirSync(folder)
      writeFileSync(join(folder, 'a'), 'a')
      s.world.engine.sync.now(s.id, 'changes')
      await s.until(({ state }) => state.status === 'halted' && state.halt.reason === 'root-replaced')
      expect(Object.keys(s.there())).toEqual(['a', 'b', 'c'])
      rmSync(`${folder}-old`, { recursive: true })
      s.write('b', 'b')
      s.write('c', 'c')
      s.world.engine.sync.answer(s.id, 'same-folder')
    },
    bin: {},
  },
  {
    what: 'the same folder on another disk is known by its marker',
    here: { a: 'a', b: 'b' },
    run: (s) => {
      const { folder } = s.world
      execFileSync('cp', ['-a', folder, `${folder}-copy`])
      rmSync(folder, { recursive: true })
      renameSync(`${folder}-copy`, folder)
    },
    bin: {},
  },
  {
    what: 'without its marker it is known by its number, and marked again',
    here: { a: 'a' },
    run: async (s) => {
      rmSync(join(s.world.folder, MARKER))
      await s.sync()
      execFileSync('test', ['-s', join(s.world.folder, MARKER)])
    },
  },
  {
    what: 'a cloud folder that is gone halts, and can be made again',
    here: { a: 'a', 'd/b': 'b' },
    run: async (s) => {
      s.world.emulator.remove('/pair')
      s.write('c', 'c')
      const { state } = await s.sync()
      expect(state).toMatchObject({ status: 'halted', halt: { reason: 'remote-root-missing' } })
      s.world.engine.sync.answer(s.id, 'make-again')
    },
  },
]

const NAMES: readonly Scenario[] = [
  {
    what: 'a forbidden name is a problem of its own, and the rest goes up',
    here: { 'a:b': 'x', 'd/c?': 'y', ok: 'z' },
    ends: { d: null, ok: 'z' },
    problems: { 'a:b': 'name-character', 'd/c?': 'name-character' },
  },
  {
    what: 'twins let forbidden names go up',
    pair: { twins: true },
    here: { 'a:b': 'x', 'd?/c': 'y' },
    ends: { 'a：b': 'x', 'd？/c': 'y' },
  },
  {
    what: 'twins that are turned on later do, too',
    here: { 'a:b': 'x', ok: 'y' },
    run: async (s) => {
      s.change({ twins: true })
      await s.sync()
    },
    ends: { 'a：b': 'x', ok: 'y' },
  },
  {
    what: 'a name and its own twin are a clash',
    pair: { twins: true },
    here: { 'a:b': 'x', 'a：b': 'y' },
    ends: { 'a：b': 'x' },
    problems: { 'a：b': 'name-clash' },
  },
  {
    what: 'names that differ by case alone are a clash, and neither is lost',
    here: { 'A.txt': '1', 'a.txt': '2' },
    ends: { 'A.txt': '1' },
    problems: { 'a.txt': 'name-clash' },
  },
  {
    what: 'names that differ by the way an accent is written are a clash',
    here: { 'e\u0301': '1', é: '2' },
    ends: { 'e\u0301': '1' },
    problems: { é: 'name-clash' },
  },
  {
    what: 'a clash with what somebody else put there is one as well',
    here: { 'A.txt': '1' },
    there: { 'a.txt': '2' },
    ends: { 'a.txt': '2' },
    problems: { 'A.txt': 'name-clash' },
  },
  {
    what: 'a clash ends when one of the two is renamed',
    here: { A: '1', a: '2' },
    run: (s) => {
      s.mv('a', 'b')
    },
  },
  {
    what: 'odd names go up as they are',
    here: {
      ' x ': '1',
      '😀': '2',
      '..a': '3',
      '~$b.docx': '4',
      '#c': '5',
      '%41': '6',
      "d'e": '7',
      'f&g=h': '8',
    },
  },
  {
    what: 'a name of 255 characters goes up, one of only spaces does not',
    here: { ['x'.repeat(255)]: '1', '   ': '2' },
    ends: { ['x'.repeat(255)]: '1' },
    problems: { '   ': 'name-blank' },
  },
  {
    what: 'a file that was renamed to a forbidden name stays where it was in the cloud',
    here: { a: 'a', b: 'b', c: 'c' },
    run: (s) => {
      s.mv('a', 'a?')
    },
    ends: { a: 'a', b: 'b', c: 'c' },
    problems: { 'a?': 'name-character' },
    bin: {},
  },
]

const LEFT_OUT: readonly Scenario[] = [
  {
    what: 'rules leave out files and folders',
    pair: { exclude: ['node_modules/', '*.tmp'] },
    here: { 'node_modules/x': 'x', 'a.tmp': 't', 'd/b.tmp': 't', b: 'b' },
    ends: { b: 'b', d: null },
  },
  {
    what: 'the folder’s own rules do, too',
    here: { '.123panignore': '*.log\n', 'a.log': 'l', b: 'b' },
    ends: { '.123panignore': '*.log\n', b: 'b' },
  },
  {
    what: 'what is left out from now on stays in the cloud',
    here: { 'a.log': 'l', b: 'b' },
    run: async (s) => {
      s.change({ exclude: ['*.log'] })
      await s.sync()
    },
    ends: { 'a.log': 'l', b: 'b' },
    bin: {},
  },
  {
    what: 'and stays there when it is deleted here',
    here: { 'a.log': 'l', b: 'b' },
    run: async (s) => {
      s.change({ exclude: ['*.log'] })
      await s.sync()
      s.rm('a.log')
    },
    ends: { 'a.log': 'l', b: 'b' },
    bin: {},
  },
  {
    what: 'what is let in again is taken up as it is',
    here: { 'a.log': 'l', b: 'b' },
    run: async (s) => {
      s.change({ exclude: ['*.log'] })
      await s.sync()
      const before = s.calls(...UPLOADS)
      s.change({ exclude: [] })
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'links are passed over, and said',
    here: { a: 'a' },
    run: async (s) => {
      s.link('l', 'a')
      s.link('d', '/')
      await s.sync()
      expect(await s.world.engine.sync.ignored(s.id)).toEqual([
        { path: 'd', why: 'symbolic-link' },
        { path: 'l', why: 'symbolic-link' },
      ])
    },
    ends: { a: 'a' },
  },
  {
    what: 'a folder that a link takes the place of stays in the cloud',
    here: { 'd/a': 'a', b: 'b', c: 'c' },
    run: (s) => {
      s.away('d')
      s.link('d', join(s.world.data, 'd'))
    },
    ends: { 'd/a': 'a', b: 'b', c: 'c' },
    bin: {},
  },
  {
    what: 'a pipe is passed over',
    here: { a: 'a' },
    run: (s) => {
      execFileSync('mkfifo', [join(s.world.folder, 'pipe')])
    },
    ends: { a: 'a' },
  },
]

describe.each([
  ['first contact', FIRST_CONTACT],
  ['other clients', OTHERS],
  ['safety', SAFETY],
  ['names', NAMES],
  ['left out', LEFT_OUT],
] as const)('%s', (_what, scenarios) => {
  test.concurrent.each(scenarios.map((scenario) => [scenario.what, scenario] as const))(
    '%s',
    (_sentence, scenario) => play(scenario),
  )
})
