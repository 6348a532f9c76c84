import { describe, expect, test } from 'vitest'
import type { UpdateState, UpdateStatus } from '#app/update'
import { failure } from '#test/builders'
import { isNews, updateWords } from '../../../renderer/update-words.ts'
import { i18n, useWords } from '../../../renderer/words.ts'

const update = { version: '2.0.0', notes: '', size: 104 * 1024 ** 2 }
const untrusted: UpdateState = { status: 'failed', failure: failure('update-untrusted') }
const of = (state: UpdateState, more: Partial<UpdateStatus> = {}): UpdateStatus => ({
  ...{ state, kind: 'appimage', checkedAt: 0, hasPage: true },
  ...more,
})
const say = (status: UpdateStatus, wanted: 'auto' | 'ask' = 'auto') => {
  i18n.global.locale.value = 'en'
  return updateWords(status, wanted, useWords())
}

test.each<readonly [string, UpdateStatus, string, string | undefined]>([
  ['development', of({ status: 'none-here', reason: 'development' }), 'no updates', undefined],
  ['no feed', of({ status: 'none-here', reason: 'not-configured' }), 'does not update itself', undefined],
  ['never looked', of({ status: 'idle' }), 'Not checked', 'check'],
  ['looked before', of({ status: 'idle' }, { checkedAt: 1 }), 'Last checked', 'check'],
  ['latest', of({ status: 'up-to-date' }), 'latest', 'check'],
  ['to be fetched', of({ status: 'available', update }), '2.0.0', 'install'],
  ['to be fetched by hand', of({ status: 'available', update }, { kind: 'by-hand' }), '2.0.0', 'openPage'],
  [
    'to be fetched by hand, from nowhere',
    of({ status: 'available', update }, { kind: 'by-hand', hasPage: false }),
    '2.0.0',
    'check',
  ],
  ['on its way', of({ status: 'downloading', update, fraction: 0.5 }), 'Downloading', undefined],
  ['here', of({ status: 'ready', update }), 'downloaded', 'install'],
  ['waiting', of({ status: 'waiting', update }), 'waits', undefined],
  ['refused', of(untrusted), 'signature', 'check'],
])('%s', (_name, status, sentence, action) => {
  const said = say(status)
  expect(said.sentence).toContain(sentence)
  expect(said.action?.name).toBe(action)
})

test('how it is installed is said as it will be', () => {
  const note = (kind: UpdateStatus['kind']): string => say(of({ status: 'ready', update }, { kind })).note
  expect(note('appimage')).toContain('quit')
  expect(say(of({ status: 'ready', update }), 'ask').note).not.toContain('quit')
  expect(note('deb')).toContain('password')
  expect(note('mac')).not.toContain('quit')
  expect(say(of({ status: 'downloading', update, fraction: 0.5 })).note).toBe('52 / 104 MB')
})

describe('news', () => {
  const by = (who: 'clock' | 'person'): UpdateState => ({
    ...{ status: 'checking', by: who, before: { status: 'idle' } },
  })
  test.each<readonly [string, UpdateState | undefined, UpdateStatus, boolean, boolean]>([
    ['a version, where one is asked', by('clock'), of({ status: 'available', update }), true, true],
    ['a version that is fetched by itself', by('clock'), of({ status: 'available', update }), false, false],
    [
      'a version to be fetched by hand',
      by('clock'),
      of({ status: 'available', update }, { kind: 'by-hand' }),
      false,
      true,
    ],
    ['what a person has just asked', by('person'), of({ status: 'available', update }), true, false],
    [
      'a version that is here',
      { status: 'downloading', update, fraction: 1 },
      of({ status: 'ready', update }),
      false,
      true,
    ],
    ['the same again', { status: 'ready', update }, of({ status: 'ready', update }), false, false],
    ['one that is here when the window opens', undefined, of({ status: 'ready', update }), false, true],
    ['one that is not what it claims', by('clock'), of(untrusted), false, true],
    [
      'a feed that is down',
      by('person'),
      of({ status: 'failed', failure: failure('update-unreachable') }),
      false,
      false,
    ],
    ['nothing new', by('clock'), of({ status: 'up-to-date' }), true, false],
  ])('%s', (_name, before, now, asks, told) => {
    expect(isNews(before, now, asks)).toBe(told)
  })
})
