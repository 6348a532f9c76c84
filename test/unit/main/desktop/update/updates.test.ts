import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DriveError, type Failure } from '#app/errors'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'
import type { InstallKind, Update } from '#app/update'
import { Updates, type UpdateMeans } from '#main/desktop/update/updates'
import { deferred, type Deferred } from '#test/deferred'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NEW: Update = { version: '2.0.0', notes: '' }

/** A program that can be updated; what happens to it, in order, is in `log`. */
function world(kind: InstallKind = 'appimage', changes: Partial<Settings> = {}) {
  let settings: Settings = { ...DEFAULT_SETTINGS, ...changes }
  const log: string[] = []
  const it = {
    log,
    found: NEW as Update | undefined,
    uploading: false,
    failing: {} as Partial<Record<'check' | 'download' | 'prepare' | 'install', Error>>,
    checking: undefined as Deferred<void> | undefined,
    left: undefined as Failure | undefined,
    means: {
      kind,
      page: undefined,
      open: () => {
        log.push('open')
        return Promise.resolve(source)
      },
    } as UpdateMeans,
    change(change: Partial<Settings>) {
      settings = { ...settings, ...change }
      updates.settingsChanged(settings)
    },
    settings: () => settings,
  }
  const step = (name: 'check' | 'download' | 'prepare' | 'install', more = ''): void => {
    log.push(name + more)
    const failure = it.failing[name]
    if (failure) throw failure
  }
  const source = {
    async check(channel: string) {
      step('check', ` ${channel}`)
      await it.checking?.promise
      return it.found
    },
    download: (onFraction: (fraction: number) => void) => {
      step('download')
      onFraction(1)
      return Promise.resolve()
    },
    prepare: () =>
      Promise.resolve().then(() => {
        step('prepare')
      }),
    install: (again: boolean) =>
      Promise.resolve().then(() => {
        step('install', again ? ' and start' : '')
      }),
  }
  const updates = new Updates({
    means: () => Promise.resolve(it.means),
    settings: () => settings,
    rememberCheck: (at) => {
      settings = { ...settings, updatesCheckedAt: at }
    },
    isUploading: () => it.uploading,
    stopUploads: () => Promise.resolve(void log.push('stop uploads')),
    resumeUploads: () => Promise.resolve(void log.push('resume uploads')),
    quit: () => void log.push('quit'),
    now: Date.now,
    random: () => 0,
    onChange: () => undefined,
    leftover: {
      read: () => Promise.resolve(it.left),
      write: (failure) => Promise.resolve(void (it.left = failure)),
    },
  })
  return Object.assign(it, { updates, state: async () => (await updates.status()).state })
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('by itself', () => {
  test('it looks a minute after the start, then twice a day, and loads nothing before', async () => {
    const it = world()
    it.found = undefined
    await it.updates.start()
    await vi.advanceTimersByTimeAsync(MINUTE_MS - 1)
    expect(it.log).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(it.log).toEqual(['open', 'check stable'])
    expect(it.settings().updatesCheckedAt).toBe(Date.now())
    await vi.advanceTimersByTimeAsync(12 * HOUR_MS)
    expect(it.log).toEqual(['open', 'check stable', 'check stable'])
    it.updates.stop()
    await vi.advanceTimersByTimeAsync(48 * HOUR_MS)
    expect(it.log).toHaveLength(3)
  })

  test('it looks after a sleep when it is due, and not otherwise', async () => {
    const it = world('appimage', { updatesCheckedAt: Date.now() - HOUR_MS })
    it.updates.woke()
    await vi.advanceTimersByTimeAsync(0)
    expect(it.log).toEqual([])
    vi.setSystemTime(Date.now() + 12 * HOUR_MS)
    it.updates.woke()
    await vi.advanceTimersByTimeAsync(0)
    expect(it.log).toContain('check stable')
  })

  test.each<readonly [Settings['updates'], readonly string[], string]>([
    ['auto', ['open', 'check stable', 'download'], 'ready'],
    ['ask', ['open', 'check stable'], 'available'],
    ['off', [], 'idle'],
  ])('with “%s” it does %s', async (updates, log, status) => {
    const it = world('appimage', { updates })
    await it.updates.check('clock')
    expect(it.log).toEqual(log)
    expect(await it.state()).toMatchObject({ status })
  })

  test('it fetches nothing that only a person can install', async () => {
    const it = world('by-hand')
    await it.updates.check('clock')
    expect(await it.state()).toMatchObject({ status: 'available' })
    await it.updates.install()
    expect(it.log).not.toContain('download')
  })

  test('a feed that is down changes nothing, not even the date', async () => {
    const it = world()
    it.failing.check = new Error('net::ERR_FAILED')
    await it.updates.check('clock')
    expect(await it.updates.status()).toMatchObject({ state: { status: 'idle' }, checkedAt: 0 })
    await it.updates.check('person')
    expect(await it.state()).toMatchObject({ status: 'failed', failure: { code: 'update-unreachable' } })
  })
})

test.each(['development', 'not-configured'] as const)(
  'there is nothing to do where it is %s',
  async (reason) => {
    const it = world()
    it.means = { reason }
    await it.updates.start()
    await vi.advanceTimersByTimeAsync(48 * HOUR_MS)
    await it.updates.check('person')
    expect(it.log).toEqual([])
    expect(await it.state()).toEqual({ status: 'none-here', reason })
  },
)

describe('installing', () => {
  const ready = async (kind: InstallKind = 'appimage') => {
    const it = world(kind)
    await it.updates.check('person')
    it.log.length = 0
    return it
  }

  test('stops the uploads first, and quits last', async () => {
    const it = await ready()
    await it.updates.install()
    expect(it.log).toEqual(['prepare', 'stop uploads', 'install and start', 'quit'])
  })

  test('waits while files go up', async () => {
    const it = await ready()
    it.uploading = true
    await it.updates.install()
    it.updates.queueChanged()
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(it.log).toEqual([])
    expect(await it.state()).toMatchObject({ status: 'waiting' })
    expect(it.updates.installsAtQuit()).toBe(false)
    it.uploading = false
    it.updates.queueChanged()
    await vi.advanceTimersByTimeAsync(0)
    expect(it.log).toEqual(['prepare', 'stop uploads', 'install and start', 'quit'])
  })

  test('that cannot be prepared stops nothing', async () => {
    const it = await ready()
    it.failing.prepare = Object.assign(new Error('full'), { code: 'ENOSPC' })
    await it.updates.install()
    expect(it.log).toEqual(['prepare'])
    expect(await it.state()).toMatchObject({ failure: { code: 'update-unwritable' }, update: NEW })
  })

  test('that is refused lets the uploads go on; the next check tries again', async () => {
    const it = await ready('deb')
    it.failing.install = new DriveError('update-not-installed', 'No password')
    await it.updates.install()
    expect(it.log).toEqual(['prepare', 'stop uploads', 'install and start', 'resume uploads'])
    expect(await it.state()).toMatchObject({ failure: { code: 'update-not-installed' } })
    await it.updates.check('clock')
    expect(await it.state()).toMatchObject({ status: 'ready' })
  })

  test('while quitting starts nothing, and what fails then is told by the next start, once', async () => {
    const it = await ready()
    expect(it.updates.installsAtQuit()).toBe(true)
    await it.updates.installAtQuit()
    expect(it.log).toEqual(['prepare', 'install'])
    expect(it.left).toBeUndefined()
    it.failing.prepare = Object.assign(new Error('full'), { code: 'ENOSPC' })
    await it.updates.installAtQuit()

    const next = world()
    next.left = it.left
    expect(await next.state()).toMatchObject({ status: 'failed', failure: { code: 'update-unwritable' } })
    expect(next.left).toBeUndefined()
  })
})

describe('another choice', () => {
  test('of the channel gives up what the old one said, even in the middle of asking', async () => {
    const it = world('appimage', { updates: 'ask' })
    const checking = deferred()
    it.checking = checking
    const asked = it.updates.check('person')
    await vi.advanceTimersByTimeAsync(0)
    it.change({ updateChannel: 'beta' })
    checking.resolve()
    await asked
    await vi.advanceTimersByTimeAsync(0)
    expect(it.log).toEqual(['open', 'check stable', 'check beta'])
    expect(await it.state()).toMatchObject({ status: 'available' })
  })

  test('to install by itself fetches what was only told of', async () => {
    const it = world('appimage', { updates: 'ask' })
    await it.updates.check('clock')
    it.change({ updates: 'auto' })
    await vi.advanceTimersByTimeAsync(0)
    expect(await it.state()).toMatchObject({ status: 'ready' })
  })
})
