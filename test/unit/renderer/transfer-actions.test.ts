import { expect, test } from 'vitest'
import type { TransferState } from '#app/transfer'
import { ACTIONS, applies, possibleActions } from '../../../renderer/transfer-actions.ts'
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

test.each<[string, TransferState, string]>([
  ['queued', transfer('a').state, 'pause first last cancel'],
  ['hashing', hashing(1), 'pause cancel'],
  ['creating', creating, 'pause cancel'],
  ['uploading', uploading(1), 'pause cancel'],
  ['completing', completing, 'pause cancel'],
  ['waiting', waiting('timeout'), 'pause retry first last cancel'],
  ['paused', paused, 'resume first last cancel'],
  ['done', done(), 'clear'],
  ['failed', failed(), 'retry clear'],
  ['failed for its name', failed('name-character'), 'clear'],
  ['failed for a name that is taken', failed('name-taken'), 'overwrite keep-both skip clear'],
  ['skipped', skipped, 'overwrite keep-both clear'],
  ['cancelled', cancelled, 'retry clear'],
])('%s', (_name, state, actions) => {
  expect(ACTIONS.filter((action) => applies(action, state)).join(' ')).toBe(actions)
})

test('of many, what applies to one of them', () => {
  expect([...possibleActions([done(), paused])].sort()).toEqual([
    'cancel',
    'clear',
    'first',
    'last',
    'resume',
  ])
  expect(possibleActions([]).size).toBe(0)
})

test('no more are looked at than it takes to find all of them', () => {
  let looked = 0
  function* states(): Generator<TransferState> {
    for (const state of [paused, waiting('server'), failed('name-taken'), done(), done()]) {
      looked += 1
      yield state
    }
  }
  expect(possibleActions(states()).size).toBe(ACTIONS.length)
  expect(looked).toBe(3)
})
