import type { ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, open, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'
import { linesOf, runCli } from '#test/cli'
import { filesContaining } from '#test/leaks'

/** The built command line against the emulator: what a script or a server sees. */
let emulator: Emulator
let folder: string
const env = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PAN123_API_URL: emulator.url,
  PAN123_DATA_DIR: join(folder, 'data'),
  PAN123_TOKEN: emulator.token,
  ...more,
})

const withoutToken = (): Record<string, string> =>
  Object.fromEntries(Object.entries(env()).filter(([name]) => name !== 'PAN123_TOKEN'))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-cli-'))
  emulator = await startEmulator()
})
afterEach(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

describe('upload', () => {
  test('prints one JSON object a line: started, progress, finished, and a summary last', async () => {
    await mkdir(join(folder, '资料/深'), { recursive: true })
    await writeFile(join(folder, '资料/深/小.txt'), 'small')
    const big = randomBytes(20 * 1024 ** 2)
    await writeFile(join(folder, '资料/大.bin'), big)
    const run = await runCli(['upload', join(folder, '资料'), '--to', '/备份', '--json'], { env: env() })
    expect(run.code).toBe(0)
    const lines = linesOf(run)
    expect(
      lines
        .filter(({ event }) => event === 'started')
        .map(({ remotePath }) => remotePath)
        .sort(),
    ).toEqual(['/备份/资料/大.bin', '/备份/资料/深/小.txt'])
    expect(lines.find(({ event, method }) => event === 'finished' && method === 'sliced')).toMatchObject({
      remotePath: '/备份/资料/大.bin',
      size: big.length,
      md5: createHash('md5').update(big).digest('hex'),
      fileID: expect.any(Number) as number,
    })
    expect(lines.some(({ event, phase }) => event === 'progress' && phase === 'uploading')).toBe(true)
    expect(lines.at(-1)).toMatchObject({
      event: 'summary',
      finished: 2,
      failed: 0,
      skipped: 0,
      instant: 0,
      bytes: big.length + 5,
    })
  })

  test('again: all instant, nothing sent, exit 0', async () => {
    await writeFile(join(folder, 'a.txt'), 'hello')
    await runCli(['upload', join(folder, 'a.txt')], { env: env() })
    const again = await runCli(['upload', join(folder, 'a.txt'), '--json'], { env: env() })
    expect(again.code).toBe(0)
    expect(linesOf(again).at(-1)).toMatchObject({ finished: 1, instant: 1, sentBytes: 0 })
  })

  test('some fail: the others arrive, each failure has its code, exit 1', async () => {
    await mkdir(join(folder, 'd'))
    await writeFile(join(folder, 'd/good.txt'), 'good')
    await writeFile(join(folder, 'd/a:b.txt'), 'bad name')
    await symlink('good.txt', join(folder, 'd/link'))
    const run = await runCli(['upload', join(folder, 'd'), join(folder, 'missing'), '--json'], { env: env() })
    expect(run.code).toBe(1)
    const failed = linesOf(run).filter(({ event }) => event === 'failed')
    expect(failed.map(({ code }) => code).sort()).toEqual(['file-missing', 'name-character'])
    expect(linesOf(run).at(-1)).toMatchObject({ finished: 1, failed: 2, skipped: 1 })
    expect(run.stderr).toContain('d/link')
  })

  test('leaves out what is excluded', async () => {
    await mkdir(join(folder, 'd/node_modules'), { recursive: true })
    await writeFile(join(folder, 'd/node_modules/x.js'), 'x')
    await writeFile(join(folder, 'd/a.tmp'), 'x')
    await writeFile(join(folder, 'd/a.txt'), 'x')
    await runCli(['upload', join(folder, 'd'), '--exclude', 'node_modules', '--exclude', '*.tmp'], {
      env: env(),
    })
    expect(emulator.files().map(({ path }) => path)).toEqual(['/d/a.txt'])
  })

  test('keeps to --on-duplicate', async () => {
    await emulator.seed('/a.txt', Buffer.from('older'))
    await writeFile(join(folder, 'a.txt'), 'newer')
    const path = join(folder, 'a.txt')
    const fail = await runCli(['upload', path, '--json'], { env: env() })
    expect(fail.code).toBe(1)
    expect(linesOf(fail).find(({ event }) => event === 'failed')).toMatchObject({ code: 'name-taken' })
    const skip = await runCli(['upload', path, '--on-duplicate', 'skip', '--json'], { env: env() })
    expect(skip.code).toBe(0)
    expect(linesOf(skip).at(-1)).toMatchObject({ skipped: 1, finished: 0, failed: 0 })
    const overwrite = await runCli(['upload', path, '--on-duplicate', 'overwrite'], { env: env() })
    expect(overwrite.code).toBe(0)
    expect(emulator.files().filter(({ trashed }) => !trashed)).toHaveLength(1)
  })

  test('interrupted by Ctrl+C: exit 130, what was under way is said, nothing half is called done', async () => {
    await writeFile(join(folder, 'big.bin'), randomBytes(40 * 1024 ** 2))
    emulator.fault({ on: 'slice', sliceNo: 2, kind: 'hang' })
    const run = await runCli(['upload', join(folder, 'big.bin'), '--json'], {
      env: env(),
      when: { line: /"uploading"/u, then: (child) => child.kill('SIGINT') },
    })
    expect(run.code).toBe(130)
    expect(linesOf(run).some(({ event, code }) => event === 'failed' && code === 'cancelled')).toBe(true)
    expect(linesOf(run).at(-1)).toMatchObject({ event: 'summary', finished: 0, failed: 1 })
    expect(emulator.files()).toEqual([])
  })

  test('a second one in the same data folder is told who holds it', async () => {
    await writeFile(join(folder, 'big.bin'), randomBytes(20 * 1024 ** 2))
    await writeFile(join(folder, 'a.txt'), 'x')
    emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    let second: ReturnType<typeof runCli> | undefined
    const first = await runCli(['upload', join(folder, 'big.bin'), '--json'], {
      env: env(),
      when: {
        line: /"uploading"/u,
        then: (child) => {
          second = runCli(['upload', join(folder, 'a.txt')], { env: env() })
          void second.then(() => child.kill('SIGTERM'))
        },
      },
    })
    const told = await second
    expect(first.code).toBe(130)
    expect(told?.code).toBe(1)
    expect(told?.stderr).toMatch(/pan123 \(.*\d+.*\)/u)
  })
})

describe('what a shell may do', () => {
  test('an empty PATH is a mistake, not the working directory', async () => {
    await writeFile(join(folder, 'private.txt'), 'private')
    expect(await runCli(['upload', ''], { env: env(), cwd: folder })).toMatchObject({ code: 2 })
    expect(emulator.files()).toEqual([])
  })

  test('a file called --help goes up behind --', async () => {
    await writeFile(join(folder, '--help'), 'x')
    expect(await runCli(['upload', '--', '--help'], { env: env(), cwd: folder })).toMatchObject({ code: 0 })
    expect(emulator.files().map(({ path }) => path)).toEqual(['/--help'])
  })

  test('a file whose name is no text is said to have failed', async () => {
    await mkdir(join(folder, 'd'))
    await writeFile(Buffer.concat([Buffer.from(join(folder, 'd/bad')), Buffer.from([0xff])]), 'x')
    await writeFile(join(folder, 'd/good.txt'), 'y')
    const run = await runCli(['upload', 'd', '--json'], { env: env(), cwd: folder })
    expect(run.code).toBe(1)
    expect(linesOf(run).at(-1)).toMatchObject({ finished: 1, failed: 1 })
  })

  test('a reader that leaves does not end the upload, and no stack is shown', async () => {
    await mkdir(join(folder, 'd'))
    for (let index = 0; index < 30; index++)
      await writeFile(join(folder, `d/${index}.txt`), `content ${index}`)
    const run = await runCli(['upload', 'd', '--json'], {
      env: env(),
      cwd: folder,
      when: { line: /started/u, then: (child) => child.stdout?.destroy() },
    })
    expect(run.stderr).not.toMatch(/EPIPE|node:/u)
    expect(emulator.files()).toHaveLength(30)
  })

  test('Ctrl+C while the platform does not answer ends it', async () => {
    await writeFile(join(folder, 'a.txt'), 'x')
    let child: ChildProcess | undefined
    // It takes the question, and never answers.
    const silent = createServer(() => child?.kill('SIGINT'))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const run = await runCli(['upload', 'a.txt', '--json'], {
      env: env({ PAN123_API_URL: `http://127.0.0.1:${port}` }),
      cwd: folder,
      started: (process) => {
        child = process
      },
    })
    expect(run.code).toBe(130)
    silent.closeAllConnections()
    silent.close()
  })

  test('variables that are set to nothing are as if they were not set', async () => {
    await writeFile(join(folder, 'a.txt'), 'x')
    const more = { PAN123_DATA_DIR: '', XDG_DATA_HOME: folder }
    expect(await runCli(['upload', 'a.txt'], { env: env(more), cwd: folder })).toMatchObject({ code: 0 })
  })

  test('a data folder that is none is said in words', async () => {
    await writeFile(join(folder, 'a.txt'), 'x')
    const run = await runCli(['upload', 'a.txt'], {
      env: env({ PAN123_DATA_DIR: join(folder, 'a.txt') }),
      cwd: folder,
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('data-folder-unusable')
  })

  test('half of the credentials are not taken for none', async () => {
    const run = await runCli(['whoami'], { env: { ...withoutToken(), PAN123_CLIENT_ID: 'only' } })
    expect(run.code).toBe(2)
  })

  test('a data folder with a long Chinese name works; one that others use keeps its permissions', async () => {
    await writeFile(join(folder, 'a.txt'), 'x')
    const long = join(folder, '数据 文件夹', 'x'.repeat(200), 'y'.repeat(200))
    const inLong = await runCli(['upload', 'a.txt'], { env: env({ PAN123_DATA_DIR: long }), cwd: folder })
    expect(inLong).toMatchObject({ code: 0 })
    const shared = join(folder, 'shared')
    await mkdir(shared)
    await chmod(shared, 0o1777)
    await runCli(['upload', 'a.txt'], { env: env({ PAN123_DATA_DIR: shared }), cwd: folder })
    expect((await stat(shared)).mode & 0o7777).toBe(0o1777)
  })
})

describe('wrong use is exit 2 with a reason and where to read on', () => {
  const rows: readonly (readonly string[])[] = [
    ['frobnicate'],
    ['upload'],
    ['upload', 'x', '--on-duplicate', 'maybe'],
    ['upload', 'x', '--concurrency', '0'],
    ['upload', 'x', '--single-max', 'lots'],
    ['upload', 'x', '--single-max', '2G'],
    ['upload', 'x', '--parent', '-1'],
    ['upload', 'x', '--to', '/a:b'],
    ['upload', 'x', '--to', '/a/../b'],
    ['login', '--client-id', 'x'],
    ['whoami', 'extra'],
  ]
  test.each(rows.map((row) => [row.join(' '), row] as const))('%s', async (_name, args) => {
    const run = await runCli(args, { env: env() })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/^pan123: .+\nSee: pan123 help\n$/su)
    expect(run.stdout).toBe('')
  })
})

describe('the account', () => {
  test('whoami says name and space, and neither phone nor mail', async () => {
    const run = await runCli(['whoami', '--json'], { env: env() })
    expect(run.code).toBe(0)
    expect(linesOf(run)).toEqual([
      {
        uid: expect.any(String) as string,
        nickname: expect.any(String) as string,
        usedBytes: 0,
        totalBytes: expect.any(Number) as number,
        vip: expect.any(Boolean) as boolean,
        kept: 'environment',
      },
    ])
  })

  test.each([['whoami'], ['upload', '/etc/hostname']])('a bad token is exit 3: %s', async (...args) => {
    const run = await runCli(args, { env: env({ PAN123_TOKEN: 'wrong-token-value' }) })
    expect(run.code).toBe(3)
    expect(run.stderr).toMatch(/^pan123: /u)
    expect(run.stderr + run.stdout).not.toContain('wrong-token-value')
  })

  test('a token revoked in the middle ends the run with exit 3 and says what was not done', async () => {
    await writeFile(join(folder, 'big.bin'), randomBytes(40 * 1024 ** 2))
    emulator.fault({ on: 'slice', sliceNo: 2, kind: 'delay', ms: 500 })
    const run = await runCli(['upload', join(folder, 'big.bin'), '--json', '--concurrency', '1'], {
      env: env(),
      when: { line: /"uploading"/u, then: () => emulator.revoke(emulator.token) },
    })
    expect(run.code).toBe(3)
    expect(linesOf(run).some(({ event, code }) => event === 'failed' && code === 'unauthorized')).toBe(true)
  })

  test('client id and secret from the environment get a token of their own, and only one', async () => {
    await writeFile(join(folder, 'a.txt'), 'x')
    const rest = withoutToken()
    const run = await runCli(['upload', join(folder, 'a.txt')], {
      env: { ...rest, PAN123_CLIENT_ID: emulator.clientID, PAN123_CLIENT_SECRET: emulator.clientSecret },
    })
    expect(run.code).toBe(0)
    expect(emulator.requests().filter(({ endpoint }) => endpoint === 'access_token')).toHaveLength(1)
  })

  test('login keeps the account in the system keychain, logout takes it out', async () => {
    const rest = withoutToken()
    const wrong = await runCli(['login', '--token-stdin'], { env: rest, input: 'not-a-token' })
    expect(wrong.code).toBe(3)
    const login = await runCli(['login', '--client-id', emulator.clientID, '--secret-stdin'], {
      env: rest,
      input: `${emulator.clientSecret}\n`,
    })
    expect(login).toMatchObject({ code: 0, stderr: '' })
    expect(await runCli(['whoami'], { env: rest })).toMatchObject({ code: 0 })
    // A restart uses the token it has: at most three may live.
    expect(emulator.requests().filter(({ endpoint }) => endpoint === 'access_token')).toHaveLength(1)
    expect(await runCli(['logout'], { env: rest })).toMatchObject({ code: 0 })
    expect(await runCli(['whoami'], { env: rest })).toMatchObject({ code: 3 })
  })

  test('the token goes to no file of the data folder', async () => {
    const rest = withoutToken()
    await writeFile(join(folder, 'a.txt'), 'x')
    await runCli(['login', '--token-stdin'], { env: rest, input: emulator.token })
    await runCli(['upload', join(folder, 'a.txt')], { env: rest })
    expect(await filesContaining(join(folder, 'data'), emulator.token)).toEqual([])
    await runCli(['logout'], { env: rest })
  })

  test('a platform address without encryption is refused before the token is sent', async () => {
    const run = await runCli(['whoami'], { env: env({ PAN123_API_URL: 'http://open-api.example.com' }) })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('open-api.example.com')
  })
})

describe('large', () => {
  let source: string
  beforeAll(async () => {
    source = await mkdtemp(join(tmpdir(), 'pan123-large-'))
    await writeFile(join(source, 'big.bin'), '')
    await truncate(join(source, 'big.bin'), 1024 ** 3)
    // Not all zeros: each slice is another one.
    const file = await open(join(source, 'big.bin'), 'r+')
    for (let at = 0; at < 1024 ** 3; at += 16 * 1024 ** 2) await file.write(randomBytes(64), 0, 64, at)
    await file.close()
    await mkdir(join(source, '三百'))
    for (let index = 0; index < 300; index++)
      await writeFile(join(source, `三百/文件 ${index}.txt`), randomBytes(1000 + index * 50))
  })
  afterAll(() => rm(source, { recursive: true, force: true }))

  test('1 GiB and a folder of 300 files arrive whole, with less than 200 MB more memory, no slice twice', async () => {
    const idle = await runCli(['whoami'], { env: env() })
    const run = await runCli(['upload', join(source, 'big.bin'), join(source, '三百'), '--json'], {
      env: env(),
    })
    expect(run.code).toBe(0)
    expect(linesOf(run).at(-1)).toMatchObject({ finished: 301, failed: 0 })
    const big = emulator.files().find(({ path }) => path === '/big.bin')
    expect(big?.md5).toBe(await md5OfFile(join(source, 'big.bin')))
    expect(emulator.files()).toHaveLength(301)
    for (const { path, md5 } of emulator.files().filter((file) => file.path !== '/big.bin')) {
      expect([path, md5]).toEqual([path, await md5OfFile(join(source, path))])
    }
    const slices = emulator.requests().filter(({ endpoint }) => endpoint === 'slice')
    expect(slices).toHaveLength(64)
    expect(emulator.violations()).toEqual([])
    expect((run.peakBytes - idle.peakBytes) / 1024 ** 2).toBeLessThan(200)
    console.log(`memory: idle ${mebibytes(idle.peakBytes)}, uploading ${mebibytes(run.peakBytes)}`)
  })
})

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`

async function md5OfFile(path: string): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}
