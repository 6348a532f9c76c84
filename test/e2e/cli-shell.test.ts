import type { ChildProcess } from 'node:child_process'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, runCli } from '#test/cli'
import { cliWorld } from '#test/cli-world'

/** The built command line as a shell and a script start it: odd arguments, variables, pipes and signals. */
const world = cliWorld()

describe('what a shell may do', () => {
  test('an empty PATH is a mistake, not the working directory', async () => {
    await writeFile(join(world.folder, 'private.txt'), 'private')
    expect(await runCli(['upload', ''], { env: world.env(), cwd: world.folder })).toMatchObject({ code: 2 })
    expect(world.emulator.files()).toEqual([])
  })

  test('a file called --help goes up behind --', async () => {
    await writeFile(join(world.folder, '--help'), 'x')
    expect(await runCli(['upload', '--', '--help'], { env: world.env(), cwd: world.folder })).toMatchObject({
      code: 0,
    })
    expect(world.emulator.files().map(({ path }) => path)).toEqual(['/--help'])
  })

  test('a file whose name is no text is said to have failed', async () => {
    await mkdir(join(world.folder, 'd'))
    await writeFile(Buffer.concat([Buffer.from(join(world.folder, 'd/bad')), Buffer.from([0xff])]), 'x')
    await writeFile(join(world.folder, 'd/good.txt'), 'y')
    const run = await runCli(['upload', 'd', '--json'], { env: world.env(), cwd: world.folder })
    expect(run.code).toBe(1)
    expect(linesOf(run).at(-1)).toMatchObject({ finished: 1, failed: 1 })
  })

  test('a reader that leaves does not end the upload, and no stack is shown', async () => {
    await mkdir(join(world.folder, 'd'))
    for (let index = 0; index < 30; index++)
      await writeFile(join(world.folder, `d/${index}.txt`), `content ${index}`)
    const run = await runCli(['upload', 'd', '--json'], {
      env: world.env(),
      cwd: world.folder,
      when: { line: /started/u, then: (child) => child.stdout?.destroy() },
    })
    expect(run.stderr).not.toMatch(/EPIPE|node:/u)
    expect(world.emulator.files()).toHaveLength(30)
  })

  test('Ctrl+C while the platform does not answer ends it', async () => {
    await writeFile(join(world.folder, 'a.txt'), 'x')
    let child: ChildProcess | undefined
    // It takes the question, and never answers.
    const silent = createServer(() => child?.kill('SIGINT'))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const run = await runCli(['upload', 'a.txt', '--json'], {
      env: world.env({ PAN123_API_URL: `http://127.0.0.1:${port}` }),
      cwd: world.folder,
      started: (process) => {
        child = process
      },
    })
    expect(run.code).toBe(130)
    silent.closeAllConnections()
    silent.close()
  })

  test('variables that are set to nothing are as if they were not set', async () => {
    await writeFile(join(world.folder, 'a.txt'), 'x')
    const more = { PAN123_DATA_DIR: '', XDG_DATA_HOME: world.folder }
    expect(await runCli(['upload', 'a.txt'], { env: world.env(more), cwd: world.folder })).toMatchObject({
      code: 0,
    })
  })

  test('a data folder that is none is said in words', async () => {
    await writeFile(join(world.folder, 'a.txt'), 'x')
    const run = await runCli(['upload', 'a.txt'], {
      env: world.env({ PAN123_DATA_DIR: join(world.folder, 'a.txt') }),
      cwd: world.folder,
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('data-folder-unusable')
  })

  test('half of the credentials are not taken for none', async () => {
    const run = await runCli(['whoami'], { env: { ...world.withoutToken(), PAN123_CLIENT_ID: 'only' } })
    expect(run.code).toBe(2)
  })

  test('a data folder with a long Chinese name works; one that others use keeps its permissions', async () => {
    await writeFile(join(world.folder, 'a.txt'), 'x')
    const long = join(world.folder, '数据 文件夹', 'x'.repeat(200), 'y'.repeat(200))
    const inLong = await runCli(['upload', 'a.txt'], {
      env: world.env({ PAN123_DATA_DIR: long }),
      cwd: world.folder,
    })
    expect(inLong).toMatchObject({ code: 0 })
    const shared = join(world.folder, 'shared')
    await mkdir(shared)
    await chmod(shared, 0o1777)
    await runCli(['upload', 'a.txt'], { env: world.env({ PAN123_DATA_DIR: shared }), cwd: world.folder })
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
    ['upload', 'x', '--limit-rate', '15K'],
    ['upload', 'x', '--single-max', '2G'],
    ['upload', 'x', '--parent', '-1'],
    ['upload', 'x', '--to', '/a:b'],
    ['upload', 'x', '--to', '/a/../b'],
    ['login', '--client-id', 'x'],
    ['whoami', 'extra'],
  ]
  test.each(rows.map((row) => [row.join(' '), row] as const))('%s', async (_name, args) => {
    const run = await runCli(args, { env: world.env() })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/^pan123: .+\nSee: pan123 help\n$/su)
    expect(run.stdout).toBe('')
  })
})

test.each([
  { args: ['help'], says: /上传到 123云盘/u },
  { args: ['--version'], says: /^pan123 \d+\.\d+\.\d+\S*\n$/u },
  { args: ['frobnicate'], says: /^pan123: 没有这个命令：frobnicate\n用法请见：pan123 help\n$/u },
  { args: ['login'], says: /没有终端/u },
  { args: ['whoami'], says: /已用 .+ GB \/ .+ GB/u },
  { args: ['upload', 'a.txt'], says: /直传 +\/a\.txt\n已上传 1 个/u },
  { args: ['upload', 'missing.txt'], says: /找不到这个文件或文件夹.+失败 1 个/su },
])('in Chinese to who speaks it: $args', async ({ args, says }) => {
  await writeFile(join(world.folder, 'a.txt'), 'x')
  const run = await runCli(args, { env: world.env({ LC_ALL: 'zh_CN.UTF-8' }), cwd: world.folder })
  expect(run.stderr + run.stdout).toMatch(says)
})
