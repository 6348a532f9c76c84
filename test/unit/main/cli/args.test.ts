import { describe, expect, test } from 'vitest'
import { parseCommand, type CliCommand } from '#main/cli/args'
import { CLI_TEXTS } from '#main/cli/words'
import { failureOf } from '#test/failures'

const MiB = 1024 ** 2
const LANGUAGES = ['en', 'zh-CN'] as const

const parsed = (argv: readonly string[]): CliCommand => parseCommand(argv, CLI_TEXTS.en.wrong)

test('an upload with nothing said: to the root, refusing taken names, for people', () => {
  expect(parsed(['upload', 'a.txt'])).toEqual({
    command: 'upload',
    paths: ['a.txt'],
    folders: [],
    parentID: 0,
    onDuplicate: 'fail',
    exclude: [],
    concurrency: undefined,
    limitBytesPerSecond: undefined,
    singleMaxBytes: undefined,
    json: false,
  })
})

describe('upload understands', () => {
  test.each([
    { name: 'several paths', args: ['b', 'c'], is: { paths: ['a', 'b', 'c'] } },
    { name: 'a path like an option', args: ['--', '--json'], is: { paths: ['a', '--json'], json: false } },
    { name: 'a destination', args: ['--to', '/照片/秋'], is: { folders: ['照片', '秋'] } },
    {
      name: 'a destination with too many slashes',
      args: ['--to=照片//秋/'],
      is: { folders: ['照片', '秋'] },
    },
    { name: 'the root as destination', args: ['--to', '/'], is: { folders: [] } },
    { name: 'a parent', args: ['--parent', '1758176091289'], is: { parentID: 1758176091289 } },
    { name: 'keep-both', args: ['--on-duplicate', 'keep-both'], is: { onDuplicate: 'keep-both' } },
    { name: 'overwrite', args: ['--on-duplicate', 'overwrite'], is: { onDuplicate: 'overwrite' } },
    { name: 'skip', args: ['--on-duplicate', 'skip'], is: { onDuplicate: 'skip' } },
    {
      name: 'several exclusions',
      args: ['--exclude', '*.log', '--exclude', 'x/'],
      is: { exclude: ['*.log', 'x/'] },
    },
    { name: 'options before and after paths', args: ['--json', 'b'], is: { paths: ['a', 'b'], json: true } },
    { name: 'one at a time', args: ['--concurrency', '1'], is: { concurrency: 1 } },
    { name: '32 at once', args: ['--concurrency', '32'], is: { concurrency: 32 } },
    { name: 'a size in bytes', args: ['--single-max', '512'], is: { singleMaxBytes: 512 } },
    { name: 'a size in KiB', args: ['--single-max', '512k'], is: { singleMaxBytes: 512 * 1024 } },
    { name: 'a size in MiB', args: ['--single-max', '8M'], is: { singleMaxBytes: 8 * MiB } },
    { name: 'a size with a fraction', args: ['--single-max', '1.5MB'], is: { singleMaxBytes: 1.5 * MiB } },
    { name: 'a size as others write it', args: ['--single-max', '8MiB'], is: { singleMaxBytes: 8 * MiB } },
    { name: 'the largest size', args: ['--single-max', '1000000000'], is: { singleMaxBytes: 1_000_000_000 } },
    { name: 'a speed', args: ['--limit-rate', '2M'], is: { limitBytesPerSecond: 2 * MiB } },
    { name: 'the lowest speed', args: ['--limit-rate', '16K'], is: { limitBytesPerSecond: 16 * 1024 } },
    { name: 'no single step at all', args: ['--single-max', '0'], is: { singleMaxBytes: 0 } },
  ])('$name', ({ args, is }) => {
    expect(parsed(['upload', 'a', ...args])).toMatchObject(is)
  })
})

describe('the other commands', () => {
  test.each([
    { argv: [], is: { command: 'help' } },
    { argv: ['help'], is: { command: 'help' } },
    { argv: ['--help'], is: { command: 'help' } },
    { argv: ['-h'], is: { command: 'help' } },
    { argv: ['version'], is: { command: 'version' } },
    { argv: ['--version'], is: { command: 'version' } },
    { argv: ['login'], is: { command: 'login', from: 'prompt' } },
    { argv: ['login', '--token-stdin'], is: { command: 'login', from: 'token-stdin' } },
    {
      argv: ['login', '--client-id', 'abc', '--secret-stdin'],
      is: { command: 'login', from: 'secret-stdin', clientID: 'abc' },
    },
    { argv: ['logout'], is: { command: 'logout' } },
    { argv: ['whoami'], is: { command: 'whoami', json: false } },
    { argv: ['whoami', '--json'], is: { command: 'whoami', json: true } },
  ])('$argv', ({ argv, is }) => {
    expect(parsed(argv)).toEqual(is)
  })
})

describe('what cannot be meant is refused, in words that name it', () => {
  test.each([
    { argv: ['uplaod', 'a'], names: 'uplaod' },
    { argv: ['upload'], names: 'PATH' },
    { argv: ['upload', '--json'], names: 'PATH' },
    { argv: ['upload', 'a', '--fast'], names: '--fast' },
    { argv: ['upload', 'a', '--to'], names: '--to' },
    { argv: ['upload', 'a', '--to', '/a:b/c'], names: 'a:b' },
    { argv: ['upload', 'a', '--to', '/ok/　/c'], names: '--to' },
    { argv: ['upload', 'a', '--to', `/${'长'.repeat(256)}`], names: '--to' },
    { argv: ['upload', 'a', '--parent', 'root'], names: '--parent' },
    { argv: ['upload', 'a', '--parent=-1'], names: '--parent' },
    { argv: ['upload', 'a', '--parent', '1.5'], names: '--parent' },
    { argv: ['upload', 'a', '--parent', '9007199254740993'], names: '--parent' },
    { argv: ['upload', 'a', '--parent', ''], names: '--parent' },
    { argv: ['upload', 'a', '--on-duplicate', 'replace'], names: 'replace' },
    { argv: ['upload', 'a', '--concurrency', '0'], names: '--concurrency' },
    { argv: ['upload', 'a', '--concurrency', '33'], names: '--concurrency' },
    { argv: ['upload', 'a', '--concurrency', 'all'], names: '--concurrency' },
    { argv: ['upload', 'a', '--single-max', 'M'], names: '--single-max' },
    { argv: ['upload', 'a', '--single-max', '8X'], names: '--single-max' },
    { argv: ['upload', 'a', '--single-max=-8M'], names: '--single-max' },
    { argv: ['upload', 'a', '--single-max', '1e3'], names: '--single-max' },
    { argv: ['upload', 'a', '--single-max', '1000000001'], names: '--single-max' },
    { argv: ['upload', 'a', '--single-max', '1G'], names: '--single-max' },
    { argv: ['upload', 'a', '--limit-rate', '0'], names: '16K' },
    { argv: ['upload', 'a', '--limit-rate', '16383'], names: '--limit-rate' },
    { argv: ['upload', 'a', '--limit-rate=-2M'], names: '-2M' },
    { argv: ['upload', 'a', '--limit-rate', '2M/s'], names: '2M/s' },
    { argv: ['upload', 'a', '--limit-rate', '-1'], names: '--limit-rate=VALUE' },
    { argv: ['upload', 'a', '--limit-rate'], names: '--limit-rate' },
    { argv: ['upload', 'a', '--json=yes'], names: '--json' },
    { argv: ['login', '--client-id', 'abc'], names: '--secret-stdin' },
    { argv: ['login', '--secret-stdin'], names: '--client-id' },
    { argv: ['login', '--token-stdin', '--client-id', 'abc'], names: '--token-stdin' },
    { argv: ['logout', 'now'], names: 'now' },
    { argv: ['whoami', 'me'], names: 'me' },
  ])('$argv', async ({ argv, names }) => {
    const said = await Promise.all(
      LANGUAGES.map(async (language) => {
        const failure = await failureOf(() => parseCommand(argv, CLI_TEXTS[language].wrong))
        expect(failure.code).toBe('invalid-argument')
        expect(failure.message).toContain(names)
        return failure.message
      }),
    )
    const [english, chinese] = said
    expect(chinese).not.toBe(english)
    expect(chinese).toMatch(/\p{Script=Han}{2}/u)
  })

  test.each([
    ['login', '--token', 'very-secret'],
    ['login', '--token=very-secret'],
    ['login', '--secret-stdin=very-secret'],
  ])('a secret given as an argument is not repeated: %s %s', async (...argv) => {
    expect(JSON.stringify(await failureOf(() => parsed(argv)))).not.toContain('very-secret')
  })
})

test.each(LANGUAGES)('the usage names every option of an upload: %s', (language) => {
  const options = [
    'to',
    'parent',
    'on-duplicate',
    'exclude',
    'concurrency',
    'limit-rate',
    'single-max',
    'json',
  ]
  for (const option of options) expect(CLI_TEXTS[language].usage).toContain(`--${option}`)
})
