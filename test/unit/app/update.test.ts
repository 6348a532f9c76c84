import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '#app/errors'
import {
  advanceUpdate,
  compareVersions,
  installKindOf,
  installsAtQuit,
  isCheckDue,
  isPrerelease,
  isVersion,
  nextCheckMs,
  type InstallKind,
  type UpdateEvent,
  type UpdateState,
} from '#app/update'
import { failure } from '#test/builders'

const HOUR_MS = 60 * 60_000
const update = { version: '2.0.0', notes: 'new' }
const other = { version: '2.0.1', notes: '' }

const STATES: { readonly [S in UpdateState['status']]: Extract<UpdateState, { status: S }> } = {
  'none-here': { status: 'none-here', reason: 'development' },
  idle: { status: 'idle' },
  checking: { status: 'checking', by: 'clock', before: { status: 'up-to-date' } },
  'up-to-date': { status: 'up-to-date' },
  available: { status: 'available', update },
  downloading: { status: 'downloading', update, fraction: 0.5 },
  ready: { status: 'ready', update },
  waiting: { status: 'waiting', update },
  installing: { status: 'installing', update },
  failed: { status: 'failed', failure: failure('update-cut') },
}
const wanted = failure('update-untrusted')

type Name = UpdateState['status']
/** Where an event leads, from each state in which it means anything. */
const TABLE: readonly {
  readonly event: UpdateEvent
  readonly leads: Readonly<Partial<Record<Name, UpdateState>>>
}[] = [
  {
    event: { type: 'check-started', by: 'person' },
    leads: Object.fromEntries(
      (['idle', 'up-to-date', 'available', 'failed'] as const).map((name) => [
        name,
        { status: 'checking', by: 'person', before: STATES[name] },
      ]),
    ),
  },
  { event: { type: 'found', update: other }, leads: { checking: { status: 'available', update: other } } },
  { event: { type: 'found-nothing' }, leads: { checking: { status: 'up-to-date' } } },
  {
    event: { type: 'download-started' },
    leads: { available: { status: 'downloading', update, fraction: 0 } },
  },
  {
    event: { type: 'progressed', fraction: 0.7 },
    leads: { downloading: { status: 'downloading', update, fraction: 0.7 } },
  },
  // Never backwards.
  { event: { type: 'progressed', fraction: 0.2 }, leads: {} },
  { event: { type: 'downloaded' }, leads: { downloading: { status: 'ready', update } } },
  {
    event: { type: 'install-wanted', uploading: true },
    leads: { ready: { status: 'waiting', update } },
  },
  {
    event: { type: 'install-wanted', uploading: false },
    leads: { ready: { status: 'installing', update } },
  },
  { event: { type: 'uploads-ended' }, leads: { waiting: { status: 'installing', update } } },
  {
    event: { type: 'failed', failure: wanted },
    leads: {
      checking: { status: 'failed', failure: wanted },
      downloading: { status: 'failed', failure: wanted, update },
      installing: { status: 'failed', failure: wanted, update },
    },
  },
  {
    event: { type: 'forgotten' },
    leads: Object.fromEntries(
      (Object.keys(STATES) as Name[])
        .filter((name) => name !== 'none-here' && name !== 'installing')
        .map((name) => [name, { status: 'idle' }]),
    ),
  },
]

describe.each(TABLE)('$event', ({ event, leads }) => {
  test.each(Object.values(STATES))('when $status', (state) => {
    const next = advanceUpdate(state, event)
    const expected = leads[state.status]
    if (expected) expect(next).toEqual(expected)
    else expect(next).toBe(state)
  })
})

test.each<readonly [ErrorCode, 'clock' | 'person', boolean]>([
  ['update-unreachable', 'clock', true],
  ['update-unreachable', 'person', false],
  ['update-older', 'clock', true],
  ['update-older', 'person', false],
  ['update-untrusted', 'clock', false],
  ['update-untrusted', 'person', false],
])('a check that fails with %s, begun by a %s: silent is %s', (code, by, silent) => {
  const before: UpdateState = { status: 'available', update }
  const next = advanceUpdate({ status: 'checking', by, before }, { type: 'failed', failure: failure(code) })
  expect(next).toEqual(silent ? before : { status: 'failed', failure: failure(code) })
})

test.each<readonly [Name, InstallKind, 'auto' | 'ask' | 'off', boolean, boolean]>([
  ['ready', 'appimage', 'auto', false, true],
  ['ready', 'nsis', 'auto', false, true],
  ['waiting', 'appimage', 'auto', false, true],
  ['ready', 'appimage', 'auto', true, false],
  ['ready', 'appimage', 'ask', false, false],
  ['ready', 'deb', 'auto', false, false],
  ['ready', 'mac', 'auto', false, false],
  ['ready', 'by-hand', 'auto', false, false],
  ['downloading', 'appimage', 'auto', false, false],
  ['installing', 'appimage', 'auto', false, false],
])('%s as %s with %s, uploading: %s. Quitting installs it: %s', (name, kind, mode, uploading, installs) => {
  expect(installsAtQuit(STATES[name], kind, mode, uploading)).toBe(installs)
})

test.each<readonly [string, string | undefined, string | undefined, InstallKind]>([
  ['win32', undefined, undefined, 'nsis'],
  ['darwin', undefined, undefined, 'mac'],
  ['linux', '/home/a/b.AppImage', undefined, 'appimage'],
  ['linux', undefined, 'deb\n', 'deb'],
  ['linux', undefined, 'rpm', 'by-hand'],
  ['linux', '', undefined, 'by-hand'],
])('on %s, from %s, with a package of type %s: %s', (platform, appImage, type, kind) => {
  expect(installKindOf(platform, appImage, type)).toBe(kind)
})

test('versions have the order of semver, whichever comes first', () => {
  const ascending = [
    ...['0.9.9', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2'],
    ...['1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.2.0', '1.10.0', '2.0.0'],
  ]
  for (const [at, one] of ascending.entries())
    for (const [behind, another] of ascending.entries())
      expect(Math.sign(compareVersions(one, another)), `${one} and ${another}`).toBe(Math.sign(at - behind))
  expect(compareVersions('1.0.0+build', '1.0.0')).toBe(0)
  expect(ascending.filter(isPrerelease)).toHaveLength(7)
  expect(['1.0', 'v1.0.0', '1.0.0-', '1.0.0 ', '', '1.0.0-a..b'].filter(isVersion)).toEqual([])
})

test('checks come twice a day, not all at once, and are due after a sleep', () => {
  expect([nextCheckMs(0), nextCheckMs(0.5)]).toEqual([12 * HOUR_MS, 12.5 * HOUR_MS])
  expect([11, 12].map((hours) => isCheckDue(1000, 1000 + hours * HOUR_MS))).toEqual([false, true])
})
