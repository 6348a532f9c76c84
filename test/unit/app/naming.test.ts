import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkName, checkNames, joinRemote, splitRemote } from '#app/naming'

const FORBIDDEN = ['"', '\\', '/', ':', '*', '?', '|', '>', '<', '\n', '\r']

describe('a name', () => {
  test.each(FORBIDDEN)(
    'with %j anywhere in it is refused, and the problem says which character',
    (character) => {
      for (const name of [`${character}报告.txt`, `报${character}告.txt`, `报告.txt${character}`])
        expect(checkName(name)).toEqual({ code: 'name-character', detail: character })
    },
  )

  test.each([
    { name: 'ordinary Chinese', given: '测试文件 (4) 第一版.mp4' },
    { name: 'spaces at both ends', given: '  报告.txt  ' },
    { name: 'dots at both ends', given: '.gitignore.' },
    { name: 'full-width twins of the forbidden ones', given: '＂＼／：＊？｜＞＜' },
    { name: 'emoji', given: '👨‍👩‍👧 family.jpg' },
    { name: 'letters of other scripts, composed or not', given: 'e\u0301té Ünïcode кириллица 한글' },
    { name: 'signs the spec does not name', given: "a'b`c~!@#$%^&()-_=+[]{};,.txt" },
    { name: 'one character', given: 'a' },
    { name: '255 characters', given: '长'.repeat(255) },
    { name: '255 emoji, which are 510 UTF-16 units', given: '🚀'.repeat(255) },
  ])('of $name is taken', ({ given }) => {
    expect(checkName(given)).toBeUndefined()
  })

  test.each([
    { name: 'nothing', given: '' },
    { name: 'one space', given: ' ' },
    { name: 'spaces', given: '     ' },
    { name: 'a full-width space', given: '\u3000' },
    { name: 'a no-break space and a tab', given: '\u00a0\t' },
  ])('of $name alone is blank', ({ given }) => {
    expect(checkName(given)?.code).toBe('name-blank')
  })

  test.each([
    { name: '256 characters', given: 'a'.repeat(256), length: '256' },
    { name: '256 emoji', given: '🚀'.repeat(256), length: '256' },
    { name: '300 Chinese characters', given: '长'.repeat(300), length: '300' },
  ])('of $name is too long, and the problem says how long it is', ({ given, length }) => {
    expect(checkName(given)).toEqual({ code: 'name-too-long', detail: length })
  })

  test('is refused exactly when a rule of the spec is broken', () => {
    const unit = fc.oneof(
      { weight: 20, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.constantFrom(...FORBIDDEN) },
    )
    const names = fc.array(unit, { maxLength: 300 }).map((characters) => characters.join(''))
    fc.assert(
      fc.property(names, (name) => {
        const breaksARule =
          FORBIDDEN.some((character) => name.includes(character)) ||
          Array.from(name).length >= 256 ||
          name.trim() === ''
        expect(checkName(name) !== undefined).toBe(breaksARule)
      }),
    )
  })
})

test('of several names the first bad one is reported, by name', () => {
  expect(checkNames(['照片', '秋:2026', 'a?b'])).toEqual({
    code: 'name-character',
    detail: ':',
    name: '秋:2026',
  })
  expect(checkNames(['照片', '秋'])).toBeUndefined()
  expect(checkNames([])).toBeUndefined()
})

describe('a remote path', () => {
  test.each([
    { path: '/', names: [] },
    { path: '', names: [] },
    { path: '/照片/秋', names: ['照片', '秋'] },
    { path: '照片/秋/', names: ['照片', '秋'] },
    { path: '//照片///秋//', names: ['照片', '秋'] },
  ])('$path has the names $names', ({ path, names }) => {
    expect(splitRemote(path)).toEqual(names)
  })

  test('that is joined from names the cloud takes splits into the same names', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !checkName(text))
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        expect(splitRemote(joinRemote(names))).toEqual(names)
      }),
    )
  })
})
