import { describe, expect, test } from 'vitest'
import { asideName, clashKey, remoteName } from '#app/sync/names'
import type { NewPair } from '#app/sync/pair'
import { busyUntil } from '#app/sync/quiet'
import { warningsFor } from '#app/sync/warnings'

describe('what a name is called in the cloud', () => {
  test.each([
    { name: 'a.txt', twins: false, is: { name: 'a.txt' } },
    { name: 'a:b?', twins: true, is: { name: 'a：b？' } },
    { name: '"\\/:*?|><', twins: true, is: { name: '＂＼／：＊？｜＞＜' } },
    { name: 'a:b', twins: false, is: { problem: { code: 'name-character', detail: ':' } } },
    { name: '  ', twins: true, is: { problem: { code: 'name-blank', detail: '' } } },
    { name: 'a\nb', twins: true, is: { problem: { code: 'name-character', detail: '\n' } } },
    { name: `${'x'.repeat(255)}:`, twins: true, is: { problem: { code: 'name-too-long', detail: '256' } } },
  ])('$name', ({ name, twins, is }) => {
    expect(remoteName(name, twins)).toEqual(is)
  })

  test.each([
    ['a', 'A', true],
    ['Straße', 'STRASSE', true],
    ['é', 'e\u0301', true],
    ['ſ', 's', true],
    ['a', 'b', false],
    ['a', 'á', false],
    ['文', '攵', false],
  ])('%s and %s: one name somewhere: %s', (one, other, same) => {
    expect(clashKey(one) === clashKey(other)).toBe(same)
  })

  test('what goes aside has a name that the cloud takes, however long its own is', () => {
    const name = asideName('😀'.repeat(255), 1_758_176_091_289)
    expect(Array.from(name)).toHaveLength(255)
    expect(remoteName(name, false)).toEqual({ name })
  })
})

describe('whether a file is being written', () => {
  const now = 1_000_000
  const MB = 1_000_000
  test.each([
    { what: 'long ago', size: 0, mtimeMs: 0, ctimeMs: 0, until: undefined },
    { what: 'just now', size: 0, mtimeMs: now - 10, ctimeMs: now - 10, until: now - 10 + 3000 },
    { what: 'three seconds ago', size: 0, mtimeMs: now - 3000, ctimeMs: now - 3000, until: undefined },
    {
      what: 'three seconds ago, and big',
      size: 100 * MB,
      mtimeMs: now - 3000,
      ctimeMs: now - 3000,
      until: now + 1000,
    },
    {
      what: 'a minute ago, and huge',
      size: 100_000 * MB,
      mtimeMs: now - 60_000,
      ctimeMs: 0,
      until: undefined,
    },
    {
      what: 'with an old time that was set just now',
      size: 0,
      mtimeMs: 5,
      ctimeMs: now - 10,
      until: now - 10 + 3000,
    },
    { what: 'in the future', size: 0, mtimeMs: now * 2, ctimeMs: 0, until: undefined },
    {
      what: 'in the future by a clock that is set back',
      size: 0,
      mtimeMs: now * 2,
      ctimeMs: now * 2,
      until: undefined,
    },
  ])('$what', ({ until, ...times }) => {
    expect(busyUntil(times, now)).toBe(until)
  })

  test('those who can’t wait wait for less', () => {
    expect(busyUntil({ size: 0, mtimeMs: now, ctimeMs: now }, now, 0)).toBeUndefined()
  })
})

describe('what a person should know of a pair', () => {
  const pair = (localPath: string, remotePath = '/x'): NewPair => ({ localPath, remotePath, mode: 'backup' })
  test.each([
    {
      what: 'nothing',
      wanted: pair('/home/a/Photos', '/p'),
      others: [pair('/home/a/Notes', '/n')],
      warns: [],
    },
    {
      what: 'the same folder twice',
      wanted: pair('/a', '/p'),
      others: [pair('/a', '/q')],
      warns: [{ kind: 'overlaps', other: '/a' }],
    },
    {
      what: 'a folder in another’s',
      wanted: pair('/a/b', '/p'),
      others: [pair('/a', '/q')],
      warns: [{ kind: 'overlaps', other: '/a' }],
    },
    {
      what: 'a folder round another’s',
      wanted: pair('/a', '/p'),
      others: [pair('/a/b', '/q')],
      warns: [{ kind: 'overlaps', other: '/a/b' }],
    },
    {
      what: 'a name that only begins so',
      wanted: pair('/a/bc', '/p'),
      others: [pair('/a/b', '/q')],
      warns: [],
    },
    {
      what: 'the same cloud folder twice',
      wanted: pair('/a', '/p'),
      others: [pair('/b', '/p/q')],
      warns: [{ kind: 'overlaps', other: '/p/q' }],
    },
    {
      what: 'another cloud’s folder',
      wanted: pair('C:\\Users\\a\\OneDrive - Firma\\x', '/p'),
      others: [],
      warns: [{ kind: 'other-cloud', name: 'OneDrive' }],
    },
    {
      what: 'one of a Chinese cloud',
      wanted: pair('/home/a/我的坚果云/x', '/p'),
      others: [],
      warns: [{ kind: 'other-cloud', name: '坚果云' }],
    },
  ])('$what', ({ wanted, others, warns }) => {
    expect(warningsFor(wanted, others, 'local')).toEqual(warns)
  })

  test('a network drive', () => {
    expect(warningsFor(pair('/mnt/nas', '/p'), [], 'network')).toEqual([{ kind: 'network-drive' }])
  })
})
