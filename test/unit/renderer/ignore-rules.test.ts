import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { walk } from '#main/transfers/walk'
import { tempFolder, writeTree } from '#test/temp-folder'
import { judge, parseRules, problemIn, toggled, type Verdict } from '../../../renderer/ignore-rules.ts'

test.each([
  ['', []],
  ['\n\n', []],
  ['*.tmp', ['*.tmp']],
  ['*.tmp\r\n\n# 备注\n a \n\n', ['*.tmp', '', '# 备注', ' a ']],
])('%j is the rules %j', (text, rules) => {
  expect(parseRules(text)).toEqual(rules)
})

test('200 rules of 1,000 characters are taken, and not one more', () => {
  expect(problemIn(Array<string>(200).fill('x'.repeat(1000)))).toBeUndefined()
  expect(problemIn(Array<string>(201).fill('x'))).toEqual({ kind: 'too-many' })
  expect(problemIn(['x', 'x'.repeat(1001)])).toEqual({ kind: 'too-long', line: 2 })
})

test('a common rule goes to the end, and every line of it away again', () => {
  expect(toggled(['a', '*.tmp'], '.git/')).toEqual(['a', '*.tmp', '.git/'])
  expect(toggled(['*.tmp', 'a', '*.tmp'], '*.tmp')).toEqual(['a'])
})

const RULES = ['# 备注', '', 'node_modules/', '*.tmp', '!保留.tmp', '/只在最上面', 'a/**/z', '~$*']

describe('what becomes of a path', () => {
  test.each<{ path: string; verdict: Verdict }>([
    { path: '', verdict: { kind: 'nothing' } },
    { path: ' / ', verdict: { kind: 'nothing' } },
    { path: '../上面.tmp', verdict: { kind: 'outside' } },
    { path: '文档.txt', verdict: { kind: 'kept' } },
    { path: '草稿.tmp', verdict: { kind: 'ignored', rule: '*.tmp' } },
    { path: './项目//草稿.tmp', verdict: { kind: 'ignored', rule: '*.tmp' } },
    { path: '/项目/草稿.tmp', verdict: { kind: 'ignored', rule: '*.tmp' } },
    { path: '项目/保留.tmp', verdict: { kind: 'excepted' } },
    { path: '~$年报.docx', verdict: { kind: 'ignored', rule: '~$*' } },
    { path: '只在最上面', verdict: { kind: 'ignored', rule: '/只在最上面' } },
    { path: '里面/只在最上面', verdict: { kind: 'kept' } },
    { path: 'a/b/c/z', verdict: { kind: 'ignored', rule: 'a/**/z' } },
    { path: 'node_modules/', verdict: { kind: 'ignored', rule: 'node_modules/' } },
    { path: 'node_modules', verdict: { kind: 'folder-only', rule: 'node_modules/' } },
    {
      path: '网站/node_modules/vue/保留.tmp',
      verdict: { kind: 'inside', rule: 'node_modules/', folder: 'node_modules' },
    },
  ])('$path', ({ path, verdict }) => {
    expect(judge(RULES, path, 'linux')).toEqual(verdict)
  })

  test('case counts where the file system tells it apart, and a backslash parts folders on Windows', () => {
    expect(judge(['*.TMP'], 'a.tmp', 'linux')).toEqual({ kind: 'kept' })
    expect(judge(['*.TMP'], 'a.tmp', 'darwin')).toEqual({ kind: 'ignored', rule: '*.TMP' })
    expect(judge(['*.tmp'], 'B\\a.TMP', 'win32')).toEqual({ kind: 'ignored', rule: '*.tmp' })
    expect(judge(['B/'], 'b\\a.txt', 'win32')).toEqual({ kind: 'inside', rule: 'B/', folder: 'b' })
  })

  test('whatever is typed, there is an answer', () => {
    const rule = fc.string({
      unit: fc.constantFrom(...Array.from('[]{}()*?!\\/^$.-|+a:b #中')),
      maxLength: 12,
    })
    fc.assert(
      fc.property(fc.array(rule), fc.string(), (rules, path) => {
        expect(judge(rules, path, 'linux').kind).toBeDefined()
      }),
    )
  })
})

test('an upload does what is foretold', async () => {
  const folder = join(tempFolder(), '照片')
  const files = [
    '文档.txt',
    '草稿.tmp',
    '项目/保留.tmp',
    '网站/node_modules/vue/index.js',
    'node_modules/a',
    '里面/只在最上面',
    'a/b/c/z',
    '~$年报.docx',
  ]
  writeTree(folder, Object.fromEntries(files.map((file) => [file, ''])))
  const walked: string[] = []
  for await (const found of walk(folder, RULES))
    if (found.kind === 'file') walked.push(found.file.names.slice(1).join('/'))
  const foretold = files.filter((file) =>
    ['kept', 'excepted'].includes(judge(RULES, file, process.platform).kind),
  )
  expect(foretold.length).toBe(3)
  expect(walked.sort()).toEqual(foretold.sort())
})
