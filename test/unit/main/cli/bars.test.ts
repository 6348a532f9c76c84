import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Transfer, TransferState } from '#app/transfer'
import { Bars } from '#main/cli/bars'
import { pad, printable } from '#main/cli/columns'
import { CLI_TEXTS } from '#main/cli/words'
import * as a from '#test/builders'
import { FakeTerminal } from '#test/fake-terminal'

const file = (name: string, state: TransferState, size = 100): Transfer =>
  a.transfer(state, { remotePath: `/${name}`, size })

/** Columns as a terminal counts them, for the characters used here. */
function width(line: string): number {
  return Array.from(line).reduce(
    (sum, character) => sum + (/[\u3000-\u9fff\uff01-\uff60]/u.test(character) ? 2 : 1),
    0,
  )
}

test('a line a running file, and one for all', () => {
  const terminal = new FakeTerminal(120)
  const bars = new Bars(terminal.stream, CLI_TEXTS.en)
  bars.draw(
    [
      file('done.txt', a.done()),
      file('half.txt', a.uploading(50)),
      file('hash.txt', a.hashing(25)),
      file('wait.txt', a.queued()),
    ],
    1000,
  )
  expect(terminal.screen).toHaveLength(3)
  expect(terminal.screen[0]).toMatch(/ 50% uploading +\/half.txt$/u)
  expect(terminal.screen[1]).toMatch(/ 25% hashing +\/hash.txt$/u)
  expect(terminal.screen[2]).toMatch(/ 37% 1\/4 /u)
})

test('in Chinese the words are as wide as in English, so that names stand below each other', () => {
  const terminal = new FakeTerminal(120)
  const states = [a.hashing(1), a.creating(), a.uploading(1), a.completing()]
  new Bars(terminal.stream, CLI_TEXTS['zh-CN']).draw(
    states.map((state) => file('a.txt', state)),
    1000,
  )
  const names = terminal.screen.filter((line) => line.includes('/a.txt'))
  expect(names.map((line) => /计算校验|创建中|上传中|校验中/u.exec(line)?.[0])).toEqual([
    '计算校验',
    '创建中',
    '上传中',
    '校验中',
  ])
  expect(new Set(names.map((line) => width(line.slice(0, line.indexOf('/a.txt'))))).size).toBe(1)
})

test('what is wider than its column is left whole', () => {
  expect([pad('秒传', 7), pad('instantly', 7)]).toEqual(['秒传   ', 'instantly'])
})

test('drawn again they take the place of the old ones, and what was said stays above', () => {
  const terminal = new FakeTerminal(120)
  const bars = new Bars(terminal.stream, CLI_TEXTS.en)
  bars.draw([file('a.txt', a.uploading(10)), file('b.txt', a.uploading(10))], 1000)
  bars.say('b.txt: gone')
  bars.draw([file('a.txt', a.uploading(60))], 2000)
  expect(terminal.screen[0]).toBe('b.txt: gone')
  expect(terminal.screen.filter((line) => line.includes('/a.txt'))).toHaveLength(1)
  expect(terminal.screen[1]).toContain(' 60%')
  bars.clear()
  expect(terminal.screen).toEqual(['b.txt: gone'])
})

test('a thousand running files scroll nothing', () => {
  const terminal = new FakeTerminal(120)
  new Bars(terminal.stream, CLI_TEXTS.en).draw(
    Array.from({ length: 1000 }, (_, no) => file(`${no}`, a.uploading(1))),
    1000,
  )
  expect(terminal.screen.length).toBeLessThanOrEqual(10)
})

test('a file of no bytes is a whole bar, and more bytes than it has are not more than all', () => {
  const terminal = new FakeTerminal(120)
  new Bars(terminal.stream, CLI_TEXTS.en).draw(
    [file('empty', a.uploading(0), 0), file('grown', a.uploading(150), 100)],
    1000,
  )
  expect(terminal.screen[0]).toContain('] 100%')
  expect(terminal.screen[1]).toContain('] 100%')
})

test('speed and time left show while bytes move', () => {
  const terminal = new FakeTerminal(120)
  const bars = new Bars(terminal.stream, CLI_TEXTS.en)
  const MiB = 1024 ** 2
  for (let second = 0; second <= 4; second++)
    bars.draw([file('a', a.uploading(second * 10 * MiB), 100 * MiB)], second * 1000)
  expect(terminal.screen.at(-1)).toMatch(/40\.0 MB \/ 100\.0 MB {2}1\d\.\d MB\/s {2}\d s$/u)
})

test('no line is as wide as the terminal, Chinese or not: it would wrap, and could not be taken back', () => {
  const name = fc.string({ unit: fc.constantFrom('长', '，', 'a', ' ', '.', '～', '中'), maxLength: 200 })
  fc.assert(
    fc.property(name, fc.integer({ min: 10, max: 200 }), (given, columns) => {
      const terminal = new FakeTerminal(columns)
      new Bars(terminal.stream, CLI_TEXTS.en).draw([file(given, a.uploading(50))], 1000)
      for (const line of terminal.screen) expect(width(line)).toBeLessThan(columns)
    }),
  )
})

describe('a name on the terminal', () => {
  test('moves no cursor and rings no bell', () => {
    const terminal = new FakeTerminal(120)
    new Bars(terminal.stream, CLI_TEXTS.en).draw(
      [file('a\u001b[2J\u0007\r\n\tb\u009b5A\u007f', a.uploading(50))],
      1000,
    )
    expect(terminal.text.split('\n')).toHaveLength(3)
    expect(terminal.text.slice(0, terminal.text.lastIndexOf('\n'))).toMatch(
      /\/a\ufffd\[2J\ufffd\ufffd\ufffd\ufffdb\ufffd5A\ufffd\n/u,
    )
  })

  test('keeps everything else as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const controls = /\p{Cc}/gu
        expect(printable(text)).toBe(text.replace(controls, '\ufffd'))
      }),
    )
  })
})
