import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Fault } from '#emulator/types'
import { play, type Scenario, type Stage } from '#test/sync/scenario'

const UPLOADS = ['create', 'single_create']

/** Something that makes one call of that kind, when it comes to nothing else. */
const ACTS = {
  mkdir: (s: Stage) => {
    s.write('new/x', 'x')
  },
  rename: (s: Stage) => {
    s.mv('a', 'renamed')
  },
  move: (s: Stage) => {
    s.mv('a', 'd/a')
  },
  trash: (s: Stage) => {
    s.rm('a')
  },
  single_create: (s: Stage) => {
    s.write('new', 'n')
  },
  list: (s: Stage) => {
    s.write('new', 'n')
  },
} as const

const FAULTS: readonly (readonly [string, (on: keyof typeof ACTS) => Fault])[] = [
  ['is done and its answer lost', (on) => ({ on, kind: 'lost-answer' })],
  ['is answered with 500', (on) => ({ on, kind: 'before', status: 500, body: '' })],
  ['is answered with 429', (on) => ({ on, kind: 'before', status: 429, headers: { 'retry-after': '1' } })],
  ['is cut', (on) => ({ on, kind: 'cut', afterBytes: 1 })],
  ['is answered with a page of HTML', (on) => ({ on, kind: 'before', status: 200, body: '<html></html>' })],
]

const ANSWERS: readonly Scenario[] = (Object.keys(ACTS) as (keyof typeof ACTS)[]).flatMap((on) =>
  FAULTS.map(([what, fault]) => ({
    what: `a call (${on}) that ${what} harms nothing`,
    here: { a: 'a', b: 'b', 'd/c': 'c' },
    run: (s) => {
      s.world.emulator.fault(fault(on))
      ACTS[on](s)
    },
  })),
)

const BREAKS: readonly Scenario[] = [
  {
    what: 'a restart finds everything as it was, and asks nobody',
    here: { a: 'a', 'd/b': 'b' },
    run: async (s) => {
      await s.restart()
      const before = s.calls('list', ...UPLOADS)
      await s.sync()
      expect(s.calls('list', ...UPLOADS)).toBe(before)
    },
  },
  {
    what: 'what changed while nobody was there is found',
    here: { a: 'a', b: 'b', 'd/c': 'c', e: 'e', f: 'f' },
    run: async (s) => {
      const { world } = s
      world.engine.sync.pause(s.id, undefined)
      s.write('a', 'other')
      s.rm('b')
      s.mv('d', 'g')
      await s.restart()
      world.engine.sync.resume(s.id)
    },
  },
  {
    what: 'a pair that is paused does nothing, and survives a restart so',
    here: { a: 'a' },
    run: async (s) => {
      s.world.engine.sync.pause(s.id, undefined)
      s.write('b', 'b')
      await s.restart()
      await s.until(({ state }) => state.status === 'paused')
      expect(Object.keys(s.there())).toEqual(['a'])
      s.world.engine.sync.resume(s.id)
    },
  },
  {
    what: 'a crash while files go up ends as if there had been none',
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 100, times: 99 })
      for (let n = 0; n < 10; n++) s.write(`d/${n}`, `content ${n}`)
      s.world.engine.sync.now(s.id, 'changes')
      await s.until(({ files }) => files >= 2)
      await s.crash()
    },
  },
  {
    what: 'a crash right after a file arrived sends nothing twice',
    run: async (s) => {
      s.write('a', 'a')
      s.world.engine.sync.now(s.id, 'changes')
      await s.world.until((all) => all.some(({ state }) => state.status === 'done'))
      await s.crash()
      await s.sync()
      expect(s.calls(...UPLOADS)).toBe(1)
    },
  },
  {
    what: 'a crash between the steps of a replacement leaves both, and the next cycle finishes',
    pair: { replace: 'beside' },
    here: { a: 'old' },
    run: async (s) => {
      s.world.emulator.fault({ on: 'trash', kind: 'hang' })
      s.write('a', 'newer')
      s.world.engine.sync.now(s.id, 'changes')
      await s.world.until(() => s.calls('single_create') === 2 && s.world.emulator.waitingFaults() === 0)
      expect(Object.keys(s.there())).toHaveLength(2)
      await s.crash()
    },
    bin: { a: 'old' },
  },
  {
    what: 'a file that is deleted while it goes up is gone on both sides',
    here: { b: 'b', c: 'c' },
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 300 })
      s.write('a', 'a')
      s.world.engine.sync.now(s.id, 'changes')
      await s.world.until(() => s.world.emulator.waitingFaults() === 0)
      s.rm('a')
    },
  },
  {
    what: 'a file that changes while it goes up ends as it is',
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 300 })
      s.write('a', 'first')
      s.world.engine.sync.now(s.id, 'changes')
      await s.world.until(() => s.world.emulator.waitingFaults() === 0)
      s.write('a', 'second')
    },
  },
  {
    what: 'a folder that is renamed while files go up into it takes them along',
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 200, times: 4 })
      for (let n = 0; n < 4; n++) s.write(`d/${n}`, `c${n}`)
      s.world.engine.sync.now(s.id, 'changes')
      await s.world.until(() => s.calls('mkdir') > 1)
      s.mv('d', 'e')
    },
  },
  {
    what: 'a pair that is paused in the middle of a big file goes on from there, also after a restart',
    run: async (s) => {
      const { world, id } = s
      s.write('big', 'x'.repeat(4 * 256 * 1024))
      world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'hang' })
      world.engine.sync.now(id, 'changes')
      await world.until(() => world.emulator.waitingFaults() === 0 && s.calls('slice') >= 3)
      world.engine.sync.pause(id, undefined)
      await s.until(({ state }) => state.status === 'paused')
      await s.restart()
      const before = s.calls('slice', 'create')
      world.engine.sync.resume(id)
      await s.until(({ files }) => files === 1)
      expect(s.calls('slice', 'create') - before).toBeLessThan(4)
    },
  },
  {
    what: 'one file that hangs holds up nothing else, however many there are',
    // Longer than the test takes on a busy machine.
    world: { tuning: { stallMs: 60_000 } },
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'hang' })
      for (let n = 0; n < 250; n++) s.write(`d/${n}`, `content ${n}`)
      s.world.engine.sync.now(s.id, 'changes')
      await s.until(({ files }) => files >= 249)
      const ended = s.world.emulator
        .requests()
        .filter(({ endpoint, status }) => endpoint === 'single_create' && status === 0)
      expect(ended).toEqual([])
    },
  },
  {
    what: 'one file that is refused holds up nothing else',
    here: { b: 'b' },
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: '文件被拒绝' })
      s.write('a', 'a')
      await s.sync()
      expect(s.world.engine.sync.problems(s.id)).toMatchObject([{ path: 'a', failure: { code: 'refused' } }])
      s.write('c', 'c')
      await s.sync()
    },
  },
  {
    what: 'a listing in which something drifts plans nothing for that folder, holds up no other, and is asked for again',
    here: Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`d/${n}`, String(n)])),
    run: async (s) => {
      s.world.emulator.quirks.listingDrifts = true
      s.write('d/new', 'n')
      s.rm('d/1')
      s.write('other/x', 'x')
      s.world.engine.sync.now(s.id, 'changes')
      await s.until(() =>
        s.world.engine.sync
          .problems(s.id)
          .some(({ path, failure }) => path === 'd' && failure.code === 'malformed-answer'),
      )
      await s.world.until(() => s.there()['other/x'] !== undefined)
      expect(s.there()).toHaveProperty(['d/1'])
      s.world.emulator.quirks.listingDrifts = false
    },
  },
  {
    what: 'a network that is away is waited for',
    here: { a: 'a' },
    run: (s) => {
      s.world.emulator.fault({ on: 'list', kind: 'cut', afterBytes: 0, times: 2 })
      s.write('b', 'b')
    },
  },
]

const HEARD: readonly Scenario[] = [
  {
    what: 'what was wrong in a folder that is gone is wrong no more',
    here: { 'x/y/a|b': 'a', 'x/c': 'c', d: 'd' },
    run: async (s) => {
      const problems = (): number => s.world.engine.sync.problems(s.id).length
      await s.until(({ state, watching }) => state.status === 'synced' && watching.kind === 'events')
      expect(problems()).toBe(1)
      s.rm('x')
      await s.until(() => problems() === 0)
    },
  },
  {
    what: 'a file that is being written is not forgotten when something else changes meanwhile',
    world: { syncTuning: { quietShare: 0.3 } },
    here: { 'd/b': 'b', 'd/c': 'c', 'd/e': 'e' },
    run: async (s) => {
      await s.until(({ files }) => files === 3)
      s.write('x', 'x')
      await s.until(({ state }) => state.status === 'waiting')
      const cycles = s.calls('detail')
      s.rm('d/b')
      await s.world.until(() => s.calls('detail') > cycles)
      await s.until(({ files, state }) => files === 3 && state.status === 'synced')
      expect(Object.keys(s.there())).toContain('x')
    },
  },
  {
    what: 'a file that was refused and is another now is tried at once',
    run: async (s) => {
      s.world.emulator.fault({ on: 'single_create', kind: 'before', code: 1, message: '文件被拒绝' })
      s.write('a', 'refused')
      await s.until(({ problems }) => problems === 1)
      s.write('a', 'mended')
      await s.until(({ files }) => files === 1)
    },
  },
  {
    what: 'a change is noticed by itself',
    here: { a: 'a', 'd/b': 'b' },
    run: async (s) => {
      s.write('d/c', 'c')
      await s.until(({ files }) => files === 3)
    },
  },
  {
    what: 'a new folder with all that is in it is noticed by itself',
    here: { a: 'a' },
    run: async (s) => {
      s.write('../data-of-test', '')
      renameSync(join(s.world.folder, '../data-of-test'), join(s.world.folder, 'b'))
      s.write('n/m/c', 'c')
      await s.until(({ files }) => files === 3)
    },
  },
  {
    what: 'a deletion is noticed by itself',
    here: { a: 'a', b: 'b', c: 'c' },
    run: async (s) => {
      s.rm('a')
      await s.until(({ files }) => files === 2)
    },
  },
  {
    what: 'a file that is being written waits until it holds still',
    world: { syncTuning: { quietShare: 0.2 } },
    here: {},
    run: async (s) => {
      writeFileSync(join(s.world.folder, 'log'), '1')
      await s.until(({ state }) => state.status === 'waiting')
      writeFileSync(join(s.world.folder, 'log'), '22')
      await s.until(({ files }) => files === 1)
      expect(s.calls(...UPLOADS)).toBe(1)
    },
  },
]

describe.each([
  ['answers', ANSWERS],
  ['breaks', BREAKS],
  ['heard', HEARD],
] as const)('%s', (_what, scenarios) => {
  test.concurrent.each(scenarios.map((scenario) => [scenario.what, scenario] as const))(
    '%s',
    (_sentence, scenario) => play(scenario),
  )
})
