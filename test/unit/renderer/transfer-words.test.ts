import { expect, test } from 'vitest'
import {
  againKey,
  extensionOf,
  fractionOf,
  kindOf,
  stateKey,
  toneOf,
} from '../../../renderer/transfer-words.ts'
import {
  cancelled,
  completing,
  creating,
  done,
  failed,
  hashing,
  paused,
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
  ['paused', paused, 'state.paused', 'idle', undefined],
  ['skipped', skipped, 'state.skipped', 'idle', undefined],
  ['failed', failed(), 'state.failed', 'bad', undefined],
  ['cancelled', cancelled, 'state.cancelled', 'idle', undefined],
])('%s', (_name, state, key, tone, fraction) => {
  expect([stateKey(state), toneOf(state), fractionOf(transfer('a', state))]).toEqual([key, tone, fraction])
})

test.each([
  ['queued', transfer('a').state, 0.6],
  ['paused', paused, 0.6],
  ['waiting', waiting('timeout'), 0.6],
  ['creating', creating, 0.6],
  ['hashing', hashing(10), 0.1],
  ['uploading', uploading(70), 0.7],
  ['done', done(), 1],
  ['failed', failed(), undefined],
  ['cancelled', cancelled, undefined],
])('with 60 of 100 bytes over there, %s', (_name, state, fraction) => {
  expect(fractionOf(transfer('a', state, { keptBytes: 60 }))).toBe(fraction)
})

test.each([
  ['file-changed', 'again.fileChanged'],
  ['integrity', 'again.integrity'],
  ['upload-expired', 'again.expired'],
  ['parent-missing', 'again.parentMissing'],
  ['server', 'again.other'],
] as const)('started over after %s', (code, key) => {
  expect(againKey(code)).toBe(key)
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
