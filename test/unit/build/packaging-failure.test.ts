import { expect, test } from 'vitest'

// The build scripts are plain JavaScript, which the compiler does not follow from here: their types are said once more.
const script = new URL('../../../build/packages/failure.mjs', import.meta.url)
const { packagingFailure, withoutStack } = (await import(script.href)) as {
  packagingFailure: (lines: readonly string[], code: number) => string
  withoutStack: (line: string) => string | undefined
}

const STACK = [
  '  • packaging       platform=linux arch=x64 electron=45.4.1',
  '  ⨯ getaddrinfo ENOTFOUND github.com  failedTask=build stackTrace=RequestError: getaddrinfo ENOTFOUND github.com',
  '    at ClientRequest.<anonymous> (/repo/node_modules/got/dist/source/core/index.js:970:111)',
  '    at Object.onceWrapper (node:events:639:26)',
]

test('packaging that fails shows no stack', () => {
  expect(STACK.map(withoutStack)).toEqual([
    '  • packaging       platform=linux arch=x64 electron=45.4.1',
    '  ⨯ getaddrinfo ENOTFOUND github.com',
    undefined,
    undefined,
  ])
})

test.each([
  {
    name: 'without GitHub',
    lines: STACK,
    says: /^dist: a download failed \(getaddrinfo ENOTFOUND github\.com\)\. .+GitHub/u,
  },
  {
    name: 'with GitHub, but something else',
    lines: [
      '  • downloading     url=https://github.com/x',
      '  ⨯ cannot find icon  stackTrace=Error: cannot find icon',
    ],
    says: /^dist: electron-builder failed \(exit code 1\): cannot find icon\.$/u,
  },
  { name: 'without a word', lines: [], says: /^dist: electron-builder failed \(exit code 1\)\.$/u },
])('$name it ends in a plain sentence', ({ lines, says }) => {
  const said = packagingFailure(lines, 1)
  expect(said).toMatch(says)
  expect(said).not.toContain('\n')
})
