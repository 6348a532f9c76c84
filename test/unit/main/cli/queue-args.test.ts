import { describe, expect, test } from 'vitest'
import { parseCommand } from '#main/cli/args'
import { find } from '#main/cli/queue'
import { CLI_TEXTS } from '#main/cli/words'
import { transfer } from '#test/builders'

const { wrong } = CLI_TEXTS.en
const parsed = (line: string): unknown => parseCommand(line.split(' '), wrong)

describe('commands about the queue', () => {
  test.each([
    ['list', { command: 'list', json: false }],
    ['list --json', { command: 'list', json: true }],
    ['pause', { command: 'pause', which: 'all', forMs: undefined }],
    ['pause ab12 cd34 --for 30m', { command: 'pause', which: ['ab12', 'cd34'], forMs: 1_800_000 }],
    ['pause --for 90s', { command: 'pause', which: 'all', forMs: 90_000 }],
    ['pause --for 2h', { command: 'pause', which: 'all', forMs: 7_200_000 }],
    ['pause --for 5', { command: 'pause', which: 'all', forMs: 300_000 }],
    ['resume', { command: 'resume', which: 'all', json: false }],
    ['resume ab --json', { command: 'resume', which: ['ab'], json: true }],
    ['retry --all', { command: 'retry', which: 'all', onDuplicate: undefined }],
    ['retry ab --on-duplicate skip', { command: 'retry', which: ['ab'], onDuplicate: 'skip' }],
    ['cancel --all', { command: 'cancel', which: 'all' }],
    ['clear ab', { command: 'clear', which: ['ab'] }],
    ['first ab cd', { command: 'first', which: ['ab', 'cd'] }],
    ['last ab', { command: 'last', which: ['ab'] }],
  ])('%s', (line, command) => {
    expect(parsed(line)).toEqual(command)
  })

  test.each([
    ['cancel', 'needs an ID'],
    ['cancel ab --all', 'exclude each other'],
    ['clear', 'needs an ID'],
    ['retry', 'needs an ID'],
    ['retry ab --on-duplicate never', '--on-duplicate'],
    ['first', 'at least one ID'],
    ['pause --for soon', '--for'],
    ['pause --for 0m', '--for'],
    ['pause --for 200h', '--for'],
    ['list ab', 'unexpected argument'],
  ])('%s is refused in words', (line, words) => {
    expect(() => parsed(line)).toThrow(words)
  })
})

describe('an ID is named by its beginning', () => {
  const all = ['ab12', 'ab34', 'cd56'].map((id) => ({
    ...transfer(),
    id: id as ReturnType<typeof transfer>['id'],
  }))

  test('as long as it means one', () => {
    expect(find(['ab3', 'CD'], all, CLI_TEXTS.en)).toEqual(['ab34', 'cd56'])
    expect(find('all', all, CLI_TEXTS.en)).toEqual(['ab12', 'ab34', 'cd56'])
  })

  test.each([
    ['ab', 'several IDs'],
    ['x', 'no transfer'],
    ['', 'no transfer'],
  ])('%s is refused', (start, words) => {
    expect(() => find([start], all, CLI_TEXTS.en)).toThrow(words)
  })
})
