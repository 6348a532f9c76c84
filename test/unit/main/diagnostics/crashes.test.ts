import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { offerFor, type CrashKind, type CrashReport } from '#app/crash'
import { CrashStore } from '#main/diagnostics/crash-store'
import { RunningMark } from '#main/diagnostics/running-mark'
import { tempFolder } from '#test/temp-folder'

const LOAD = { unfinished: 3, running: 1, pairs: 2 }
const report = (kind: CrashKind, at = '2026-11-26T12:00:00.123Z'): CrashReport => ({
  kind,
  at,
  reason: 'TypeError',
  stack: ['at start (index.js:1:2)'],
  version: '0.1.0',
  electron: '45.4.1',
  system: 'Linux',
  load: LOAD,
})

describe('crashes', () => {
  test('are told once, over all runs', async () => {
    const folder = join(tempFolder(), 'crashes')
    expect(await new CrashStore(folder).takeUntold()).toEqual([])
    await new CrashStore(folder).write(report('uncaught-exception'))
    await new CrashStore(folder).write(report('ended'))
    expect(await new CrashStore(folder).takeUntold()).toEqual(['uncaught-exception', 'ended'])
    expect(await new CrashStore(folder).takeUntold()).toEqual([])
    // By a clock that was set back meanwhile.
    await new CrashStore(folder).write(report('engine-died', '2020-01-01T00:00:00.000Z'))
    expect(await new CrashStore(folder).takeUntold()).toEqual(['engine-died'])
  })

  test('are kept a file each, for their owner alone, and only the last ten', async () => {
    const folder = join(tempFolder(), 'crashes')
    const store = new CrashStore(folder)
    for (let no = 0; no < 14; no++)
      await store.write(report('ended', `2026-11-26T12:00:${String(no).padStart(2, '0')}.000Z`))
    const names = readdirSync(folder).sort()
    expect([names.length, names[0], names.at(-1)]).toEqual([
      10,
      '2026-11-26T12-00-04-000Z.json',
      '2026-11-26T12-00-13-000Z.json',
    ])
    expect((statSync(join(folder, names[0] ?? '')).mode & 0o777).toString(8)).toBe('600')
    expect(Object.keys(await store.read())).toEqual(names)
  })

  test('that a hand has damaged are passed over', async () => {
    const folder = join(tempFolder(), 'crashes')
    const store = new CrashStore(folder)
    await store.write(report('renderer-gone'))
    writeFileSync(join(folder, 'broken.json'), '{')
    writeFileSync(join(folder, 'offered'), '{')
    expect(await store.takeUntold()).toEqual(['renderer-gone'])
  })
})

test.each<{ kinds: CrashKind[]; offer: string | undefined }>([
  { kinds: [], offer: undefined },
  { kinds: ['child-gone', 'thread-died', 'ended-with-session'], offer: undefined },
  { kinds: ['renderer-gone', 'child-gone'], offer: 'fault' },
  { kinds: ['unhandled-rejection'], offer: 'fault' },
  { kinds: ['uncaught-exception', 'ended-with-system'], offer: 'ended-with-system' },
  { kinds: ['ended-with-system', 'ended', 'engine-died'], offer: 'ended' },
])('of $kinds is told $offer', ({ kinds, offer }) => {
  expect(offerFor(kinds)?.kind).toBe(offer)
})

describe('the mark of a running app', () => {
  const path = (): string => join(tempFolder(), 'running.json')

  test('is gone after an orderly end, and found after any other, with what was under way', async () => {
    const file = path()
    const first = new RunningMark(file)
    expect(await first.set('0.1.0', 1000)).toBeUndefined()
    first.clear()
    expect(existsSync(file)).toBe(false)

    const second = new RunningMark(file)
    await second.set('0.1.0', Date.now())
    second.note({ unfinished: 5, running: 2, pairs: 0 })
    second.note(LOAD)
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"unfinished":3')

    const third = new RunningMark(file)
    const left = await third.set('0.2.0', Date.now())
    expect(left).toMatchObject({ version: '0.1.0', load: LOAD })
    expect(left && third.isOfThisBoot(left)).toBe(true)
    expect(left && third.isOfThisBoot({ ...left, boot: 'another' })).toBe(false)
    // A system without such ids.
    expect(left && third.isOfThisBoot({ ...left, boot: '' })).toBe(true)
    expect(left && third.isOfThisBoot({ ...left, boot: '', bootedAt: left.bootedAt - 3_600_000 })).toBe(false)
  })

  test('says whether it was only ended: while it was quitting, or with its session', async () => {
    const file = path()
    vi.stubEnv('XDG_SESSION_ID', '3')
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const quits = new RunningMark(file)
    await quits.set('0.1.0', Date.now())
    quits.note(LOAD)
    quits.quit()
    // What is noted while it quits takes nothing back.
    quits.note({ ...LOAD, running: 0 })
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"running":0')
    const next = new RunningMark(file)
    const left = await next.set('0.1.0', Date.now())
    expect(left && next.wasEnded(left)).toBe(true)

    const here = await new RunningMark(file).set('0.1.0', Date.now())
    const wasEnded = (session: Readonly<Record<string, string>>, more: object = {}): boolean | undefined =>
      here && next.wasEnded({ ...here, session, ...more })
    expect(here && next.wasEnded(here)).toBe(false)
    expect(wasEnded({ login: 'another' })).toBe(true)
    expect(wasEnded({})).toBe(false)
    // A power cut is one, whatever the session was.
    expect(wasEnded({ login: 'another' }, { boot: 'another' })).toBe(false)
    vi.stubEnv('XDG_SESSION_ID', undefined)
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', undefined)
    const elsewhere = new RunningMark(path())
    await elsewhere.set('0.1.0', Date.now())
    // Started by what does not know its session.
    expect(here && elsewhere.wasEnded({ ...here, session: { login: '3' } })).toBe(false)
  })

  test('that was not set is not cleared: it is another one’s', async () => {
    const file = path()
    await new RunningMark(file).set('0.1.0', Date.now())
    new RunningMark(file).clear()
    expect(existsSync(file)).toBe(true)
  })

  test('that was cut off in the middle is one', async () => {
    const file = path()
    writeFileSync(file, '{"startedAt":17')
    expect(await new RunningMark(file).set('0.1.0', Date.now())).toBeDefined()
  })
})
