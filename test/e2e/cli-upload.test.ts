import { createHash, randomBytes } from 'node:crypto'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, runCli } from '#test/cli'
import { cliWorld } from '#test/cli-world'

/** The built command line against the emulator: what becomes of the files. */
const world = cliWorld()

describe('upload', () => {
  test('prints one JSON object a line: started, progress, finished, and a summary last', async () => {
    await mkdir(join(world.folder, '资料/深'), { recursive: true })
    await writeFile(join(world.folder, '资料/深/小.txt'), 'small')
    const big = randomBytes(20 * 1024 ** 2)
    await writeFile(join(world.folder, '资料/大.bin'), big)
    const run = await runCli(['upload', join(world.folder, '资料'), '--to', '/备份', '--json'], {
      env: world.env(),
    })
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
    await writeFile(join(world.folder, 'a.txt'), 'hello')
    await runCli(['upload', join(world.folder, 'a.txt')], { env: world.env() })
    const again = await runCli(['upload', join(world.folder, 'a.txt'), '--json'], { env: world.env() })
    expect(again.code).toBe(0)
    expect(linesOf(again).at(-1)).toMatchObject({ finished: 1, instant: 1, sentBytes: 0 })
  })

  test('some fail: the others arrive, each failure has its code, exit 1', async () => {
    await mkdir(join(world.folder, 'd'))
    await writeFile(join(world.folder, 'd/good.txt'), 'good')
    await writeFile(join(world.folder, 'd/a:b.txt'), 'bad name')
    await symlink('good.txt', join(world.folder, 'd/link'))
    const run = await runCli(['upload', join(world.folder, 'd'), join(world.folder, 'missing'), '--json'], {
      env: world.env(),
    })
    expect(run.code).toBe(1)
    const failed = linesOf(run).filter(({ event }) => event === 'failed')
    expect(failed.map(({ code }) => code).sort()).toEqual(['file-missing', 'name-character'])
    expect(linesOf(run).at(-1)).toMatchObject({ finished: 1, failed: 2, skipped: 1 })
    expect(run.stderr).toContain('d/link')
  })

  test('leaves out what is excluded', async () => {
    await mkdir(join(world.folder, 'd/node_modules'), { recursive: true })
    await writeFile(join(world.folder, 'd/node_modules/x.js'), 'x')
    await writeFile(join(world.folder, 'd/a.tmp'), 'x')
    await writeFile(join(world.folder, 'd/a.txt'), 'x')
    await runCli(['upload', join(world.folder, 'd'), '--exclude', 'node_modules', '--exclude', '*.tmp'], {
      env: world.env(),
    })
    expect(world.emulator.files().map(({ path }) => path)).toEqual(['/d/a.txt'])
  })

  test('keeps to --on-duplicate', async () => {
    await world.emulator.seed('/a.txt', Buffer.from('older'))
    await writeFile(join(world.folder, 'a.txt'), 'newer')
    const path = join(world.folder, 'a.txt')
    const fail = await runCli(['upload', path, '--json'], { env: world.env() })
    expect(fail.code).toBe(1)
    expect(linesOf(fail).find(({ event }) => event === 'failed')).toMatchObject({ code: 'name-taken' })
    const skip = await runCli(['upload', path, '--on-duplicate', 'skip', '--json'], { env: world.env() })
    expect(skip.code).toBe(0)
    expect(linesOf(skip).at(-1)).toMatchObject({ skipped: 1, finished: 0, failed: 0 })
    const named = await runCli(['upload', path, '--on-duplicate', 'skip'], { env: world.env() })
    expect(named).toMatchObject({ code: 0, stderr: '' })
    expect(named.stdout).toContain(`skipped ${path}: A file with this name already exists\n`)
    const overwrite = await runCli(['upload', path, '--on-duplicate', 'overwrite'], { env: world.env() })
    expect(overwrite.code).toBe(0)
    expect(world.emulator.files().filter(({ trashed }) => !trashed)).toHaveLength(1)
  })

  test('says when the server asks for a pause, and for how long', async () => {
    await writeFile(join(world.folder, 'a.txt'), 'a')
    world.emulator.fault({
      on: 'single_create',
      kind: 'before',
      status: 429,
      headers: { 'retry-after': '2' },
    })
    const run = await runCli(['upload', join(world.folder, 'a.txt'), '--json'], { env: world.env() })
    expect(linesOf(run).filter(({ event }) => event === 'limited')).toEqual([
      { event: 'limited', seconds: 2 },
    ])
    expect(linesOf(run).at(-1)).toMatchObject({ event: 'summary', finished: 1, failed: 0 })
  })

  test('keeps to --limit-rate', async () => {
    const path = join(world.folder, 'a.bin')
    await writeFile(path, randomBytes(3 * 1024 ** 2))
    const run = await runCli(['upload', path, '--limit-rate', '1M', '--json'], { env: world.env() })
    expect(run.code).toBe(0)
    expect(linesOf(run).at(-1)?.['ms']).toBeGreaterThan(1900)
  })

  test('interrupted by Ctrl+C: exit 130, what was under way is said, nothing half is called done', async () => {
    await writeFile(join(world.folder, 'big.bin'), randomBytes(40 * 1024 ** 2))
    world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'hang' })
    const run = await runCli(['upload', join(world.folder, 'big.bin'), '--json'], {
      env: world.env(),
      when: { line: /"uploading"/u, then: (child) => child.kill('SIGINT') },
    })
    expect(run.code).toBe(130)
    expect(linesOf(run).some(({ event, code }) => event === 'failed' && code === 'cancelled')).toBe(true)
    expect(linesOf(run).at(-1)).toMatchObject({ event: 'summary', finished: 0, failed: 1 })
    expect(world.emulator.files()).toEqual([])
  })

  test('a second one in the same data folder is told who holds it', async () => {
    await writeFile(join(world.folder, 'big.bin'), randomBytes(20 * 1024 ** 2))
    await writeFile(join(world.folder, 'a.txt'), 'x')
    world.emulator.fault({ on: 'slice', sliceNo: 1, kind: 'hang' })
    let second: ReturnType<typeof runCli> | undefined
    const first = await runCli(['upload', join(world.folder, 'big.bin'), '--json'], {
      env: world.env(),
      when: {
        line: /"uploading"/u,
        then: (child) => {
          second = runCli(['upload', join(world.folder, 'a.txt')], { env: world.env() })
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
