import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linesOf, runCli } from '#test/cli'
import { cliWorld } from '#test/cli-world'

/** The built command line with a lot to do: whole, and light. */
const world = cliWorld()

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
    const idle = await runCli(['whoami'], { env: world.env() })
    const run = await runCli(['upload', join(source, 'big.bin'), join(source, '三百'), '--json'], {
      env: world.env(),
    })
    expect(run.code).toBe(0)
    expect(linesOf(run).at(-1)).toMatchObject({ finished: 301, failed: 0 })
    const big = world.emulator.files().find(({ path }) => path === '/big.bin')
    expect(big?.md5).toBe(await md5OfFile(join(source, 'big.bin')))
    expect(world.emulator.files()).toHaveLength(301)
    for (const { path, md5 } of world.emulator.files().filter((file) => file.path !== '/big.bin')) {
      expect([path, md5]).toEqual([path, await md5OfFile(join(source, path))])
    }
    const slices = world.emulator.requests().filter(({ endpoint }) => endpoint === 'slice')
    expect(slices).toHaveLength(64)
    expect(world.emulator.violations()).toEqual([])
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
