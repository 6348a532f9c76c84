import { beforeEach, expect, test } from 'vitest'
import type { CrashKind, Load } from '#app/crash'
import type { LogEntry } from '#app/log'
import type { TransferId } from '#app/transfer'
import type { Diagnostics } from '#main/desktop/diagnostics'
import { EngineLog } from '#main/desktop/engine-log'
import type { EngineThreadOptions } from '#main/desktop/engine-thread'
import { failed, paused, queued, transfer, waiting } from '#test/builders'

let said: string[]
let crashes: (readonly [CrashKind, unknown])[]
let load: Load | undefined
let passedOn: string[]
let options: EngineThreadOptions

beforeEach(() => {
  said = []
  crashes = []
  load = undefined
  passedOn = []
  const pass = (name: string) => () => void passedOn.push(name)
  const diagnostics: Pick<Diagnostics, 'log' | 'crashed' | 'note'> = {
    log: (entry: LogEntry | undefined) => {
      if (entry) said.push(entry.text)
    },
    crashed: (kind, thrown) => void crashes.push([kind, thrown]),
    note: (now) => void (load = now),
  }
  const given: Partial<EngineThreadOptions> = {
    onStarted: pass('started'),
    onChange: pass('change'),
    onStatus: pass('status'),
    onPairs: pass('pairs'),
    onBack: pass('back'),
    onDeath: pass('death'),
  }
  // Neither has more that is used here.
  options = new EngineLog(diagnostics as Diagnostics).watch(given as EngineThreadOptions)
})

const id = (no: number): TransferId => `id ${no}` as TransferId // A brand has no constructor.
const later = Date.now() + 60_000

test('whoever listened before still hears all of it', () => {
  options.onStarted()
  options.onChange({ changed: [], removed: [] })
  options.onStatus({ speed: 0, running: 0 })
  options.onPairs([])
  options.onBack()
  options.onDeath('x')
  expect(passedOn).toEqual(['started', 'change', 'status', 'pairs', 'back', 'death'])
})

test('a failure is written once, though a window has it told again, and once more when it comes again', () => {
  const once = transfer(waiting('offline', { retryAt: later }), { id: id(1) })
  options.onChange({ changed: [once], removed: [] })
  options.onChange({ changed: [once, transfer(queued(), { id: id(2) })], removed: [] })
  options.onChange({ changed: [transfer(queued(), { id: id(1) })], removed: [] })
  const again = transfer({ ...failed('offline'), finishedAt: later + 1 }, { id: id(1) })
  options.onChange({ changed: [again, again], removed: [] })
  expect(said).toEqual(['waiting: offline', 'failed: offline'])
})

test('what failed in an earlier run was written then', () => {
  options.onChange({ changed: [transfer(failed('refused'), { id: id(1) })], removed: [] })
  expect(said).toEqual([])
})

test('what is under way is noted in numbers', () => {
  const changed = [transfer(queued(), { id: id(1) }), transfer(paused(), { id: id(2) })]
  options.onChange({ changed, removed: [] })
  options.onStatus({ speed: 1, running: 1 })
  expect(load).toEqual({ unfinished: 2, running: 1, pairs: 0 })
  options.onChange({ changed: [transfer(failed('refused'), { id: id(1) })], removed: [id(2)] })
  options.onStatus({ speed: 0, running: 0 })
  expect(load).toEqual({ unfinished: 0, running: 0, pairs: 0 })
})

test('deaths of threads are crashes', () => {
  options.onDeath('exit code 1')
  options.onThreadDeath?.('Transfer thread ended with 1')
  expect(crashes).toEqual([
    ['engine-died', 'exit code 1'],
    ['thread-died', 'Transfer thread ended with 1'],
  ])
})
