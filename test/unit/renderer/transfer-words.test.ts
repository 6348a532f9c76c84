import { expect, test } from 'vitest'
import { extensionOf, fractionOf, kindOf, stateKey, toneOf } from '../../../renderer/transfer-words.ts'
import {
  cancelled,
  completing,
  creating,
  done,
  failed,
  hashing,
  skipped,
  transfer,
  uploading,
  waiting,
} from './samples.ts'

test.each([
  ['queued', transfer('a').state, 'state.queued', 'idle', undefined],
  ['hashing', hashing(50), 'state.hashing', 'idle', 0.5],
  ['creating', creating, 'state.creating', 'accent', 0],
  ['uploading', uploading(25), 'state.uploading', 'accent', 0.25],
  ['sent too much', uploading(250), 'state.uploading', 'accent', 1],
  ['completing', completing, 'state.completing', 'accent', 1],
  ['waiting', waiting('timeout'), 'state.waiting', 'warn', undefined],
  ['waiting for the limit', waiting('rate-limited'), 'state.limited', 'warn', undefined],
  ['instant', done('instant'), 'state.instant', 'ok', 1],
  ['single', done('single'), 'state.done', 'ok', 1],
  ['sliced', done('sliced'), 'state.done', 'ok', 1],
  ['present', done('present'), 'state.present', 'ok', 1],
  ['skipped', skipped, 'state.skipped', 'idle', undefined],
  ['failed', failed(), 'state.failed', 'bad', undefined],
  ['cancelled', cancelled, 'state.cancelled', 'idle', undefined],
])('%s', (_name, state, key, tone, fraction) => {
  expect([stateKey(state), toneOf(state), fractionOf(transfer('a', state))]).toEqual([key, tone, fraction])
})

test('an empty file is whole at once', () => {
  expect(fractionOf(transfer('a', uploading(0), { size: 0 }))).toBe(1)
})

test.each([
  ['年会.MP4', 'mp4', 'video'],
  ['a.tar.gz', 'gz', 'archive'],
  ['Makefile', '', 'file'],
  ['.profile', '', 'file'],
  ['a.unknown', 'unknown', 'file'],
])('%s', (name, extension, kind) => {
  expect([extensionOf(name), kindOf(name)]).toEqual([extension, kind])
})
