import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, runCli } from '#test/cli'
import { cliWorld } from '#test/cli-world'

const MB = 1024 ** 2
const world = cliWorld()

describe('a drive that is full', () => {
  test.each([
    { locale: 'C.UTF-8', says: '123pan is full: 10 MB short' },
    { locale: 'zh_CN.UTF-8', says: '云盘空间不足，还差 10 MB' },
  ])('is said with what is missing, and what fits goes up: $locale', async ({ locale, says }) => {
    const folder = join(world.folder, 'd')
    await mkdir(folder)
    await writeFile(join(folder, 'big.bin'), randomBytes(20 * MB))
    world.emulator.quirks.spaceBytes = 10 * MB
    const args = ['upload', join(folder, 'big.bin')]
    const run = await runCli(args, { env: world.env({ LC_ALL: locale }) })
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(says) as string })
    expect(world.emulator.requests().some(({ endpoint }) => endpoint === 'create')).toBe(false)
    await writeFile(join(folder, 'small.txt'), 'small')
    const json = await runCli(['upload', folder, '--json'], { env: world.env() })
    expect(json.code).toBe(1)
    expect(linesOf(json).find(({ event }) => event === 'failed')).toMatchObject({ code: 'quota-exceeded' })
    expect(world.emulator.files().map(({ path }) => path)).toEqual(['/d/small.txt'])
    world.emulator.quirks.spaceBytes = 50 * MB
    expect(await runCli(['resume'], { env: world.env() })).toMatchObject({ code: 0 })
    expect(world.emulator.files()).toHaveLength(3)
  })
})

test('a token that ends several times during a run is renewed each time, once', async () => {
  const lifetimeMs = 800
  world.emulator.quirks.tokenLifetimeMs = lifetimeMs
  const folder = join(world.folder, 'd')
  await mkdir(folder)
  for (let no = 0; no < 30; no++) await writeFile(join(folder, `${no}.txt`), `content ${no}`)
  world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 250, times: 999 })
  const env = {
    ...world.withoutToken(),
    PAN123_CLIENT_ID: world.emulator.clientID,
    PAN123_CLIENT_SECRET: world.emulator.clientSecret,
  }
  expect(await runCli(['upload', folder], { env })).toMatchObject({ code: 0 })
  expect(world.emulator.files()).toHaveLength(30)
  const times = world.emulator
    .requests()
    .flatMap(({ endpoint, at }) => (endpoint === 'access_token' ? [at] : []))
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  expect(gaps.length).toBeGreaterThan(1)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(lifetimeMs * 0.7)
})
