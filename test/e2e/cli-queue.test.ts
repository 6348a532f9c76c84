import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linesOf, runCli } from '#test/cli'
import { cliWorld } from '#test/cli-world'

/** The built command line against the emulator: what an earlier run left, and who goes on with it. */
const world = cliWorld()
const MIB = 1024 ** 2

const run = (...args: readonly string[]) => runCli(args, { env: world.env() })
const listed = async () => linesOf(await run('list', '--json'))
const slicesTaken = (): readonly (number | undefined)[] =>
  world.emulator
    .requests()
    .filter(({ endpoint, code }) => endpoint === 'slice' && code === 0)
    .map(({ sliceNo }) => sliceNo)

/** Four slices of which three have arrived when a signal ends the run. */
async function cutShort(signal: 'SIGINT' | 'SIGKILL') {
  world.emulator.quirks.sliceSize = MIB
  await writeFile(join(world.folder, 'big.bin'), randomBytes(4 * MIB))
  world.emulator.fault({ on: 'slice', kind: 'hang', sliceNo: 4 })
  const args = [
    'upload',
    join(world.folder, 'big.bin'),
    '--single-max',
    '512K',
    '--concurrency',
    '1',
    '--json',
  ]
  const upload = runCli(args, {
    env: world.env(),
    started: (child) => {
      const look = setInterval(() => {
        // The fourth goes out when the third has been acknowledged.
        if (world.emulator.waitingFaults() === 0) {
          clearInterval(look)
          child.kill(signal)
        }
      }, 20)
    },
  })
  return upload
}

test.each(['SIGINT', 'SIGKILL'] as const)(
  'after %s resume sends what is missing, and nothing else',
  async (signal) => {
    const { code } = await cutShort(signal)
    expect(code).toBe(signal === 'SIGINT' ? 130 : null)
    const [left] = await listed()
    expect(left).toMatchObject({ state: 'queued', remotePath: '/big.bin', keptBytes: 3 * MIB })
    const resumed = await run('resume', '--json')
    expect(resumed.code).toBe(0)
    expect(linesOf(resumed).at(-1)).toMatchObject({ event: 'summary', finished: 1, failed: 0 })
    expect(slicesTaken()).toEqual([1, 2, 3, 4])
    expect(world.emulator.files()).toMatchObject([{ path: '/big.bin', size: 4 * MIB }])
    expect(await listed()).toEqual([])
  },
)

test('the same upload asked for again goes on where the first one stopped', async () => {
  await cutShort('SIGINT')
  const again = await run('upload', join(world.folder, 'big.bin'), '--single-max', '512K', '--json')
  expect(again.code).toBe(0)
  expect(slicesTaken()).toEqual([1, 2, 3, 4])
})

test('nothing was left: resume is done at once', async () => {
  const { code, stdout } = await run('resume', '--json')
  expect(code).toBe(0)
  expect(linesOf({ stdout, stderr: '', code, peakBytes: 0 })).toMatchObject([
    { event: 'summary', finished: 0 },
  ])
})

test('another upload leaves alone what an earlier one left', async () => {
  await cutShort('SIGINT')
  await writeFile(join(world.folder, 'a.txt'), 'a')
  expect((await run('upload', join(world.folder, 'a.txt'))).code).toBe(0)
  expect(world.emulator.files().map(({ path }) => path)).toEqual(['/a.txt'])
  expect(await listed()).toMatchObject([{ remotePath: '/big.bin', state: 'queued' }])
})

test('what is queued can be paused, put first, cancelled and cleared while no program runs', async () => {
  await cutShort('SIGINT')
  const [left] = await listed()
  const id = String(left?.['id']).slice(0, 8)
  expect((await run('pause', id)).code).toBe(0)
  expect(await listed()).toMatchObject([{ state: 'paused', keptBytes: 3 * MIB }])
  expect((await run('first', id)).code).toBe(0)
  expect((await run('cancel', id)).code).toBe(0)
  expect(await listed()).toMatchObject([{ state: 'cancelled' }])
  expect((await run('clear', '--all')).code).toBe(0)
  expect(await listed()).toEqual([])
  const unknown = await run('cancel', 'ffff')
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('ffff')
})

test('a run that is under way elsewhere can be paused, looked at and resumed from another shell', async () => {
  world.emulator.quirks.sliceSize = MIB
  await writeFile(join(world.folder, 'big.bin'), randomBytes(6 * MIB))
  const env = world.env()
  let others: Promise<readonly unknown[]> | undefined
  const args = [
    'upload',
    join(world.folder, 'big.bin'),
    '--single-max',
    '512K',
    '--limit-rate',
    '1M',
    '--json',
  ]
  const upload = await runCli(args, {
    env,
    when: {
      line: /"uploading"/u,
      then: () => {
        others = (async () => {
          const paused = await runCli(['pause'], { env })
          const seen = linesOf(await runCli(['list', '--json'], { env }))
          const resumed = await runCli(['resume'], { env })
          return [paused.code, seen.length, resumed.code]
        })()
      },
    },
  })
  expect(await others).toEqual([0, 1, 0])
  expect(upload.code).toBe(0)
  expect(world.emulator.files()).toMatchObject([{ path: '/big.bin', size: 6 * MIB }])
})
