import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, runCli } from '#test/cli'
import { cliWorld } from '#test/cli-world'
import { filesContaining } from '#test/leaks'

/** The built command line and who it uploads for. */
const world = cliWorld()

describe('the account', () => {
  test('whoami says name and space, and neither phone nor mail', async () => {
    const run = await runCli(['whoami', '--json'], { env: world.env() })
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
    const run = await runCli(args, { env: world.env({ PAN123_TOKEN: 'wrong-token-value' }) })
    expect(run.code).toBe(3)
    expect(run.stderr).toMatch(/^pan123: /u)
    expect(run.stderr + run.stdout).not.toContain('wrong-token-value')
  })

  test('a token revoked in the middle ends the run with exit 3 and says what was not done', async () => {
    await writeFile(join(world.folder, 'big.bin'), randomBytes(40 * 1024 ** 2))
    world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'delay', ms: 500 })
    const run = await runCli(['upload', join(world.folder, 'big.bin'), '--json', '--concurrency', '1'], {
      env: world.env(),
      when: { line: /"uploading"/u, then: () => world.emulator.revoke(world.emulator.token) },
    })
    expect(run.code).toBe(3)
    expect(linesOf(run).some(({ event, code }) => event === 'failed' && code === 'unauthorized')).toBe(true)
  })

  test('client id and secret from the environment get a token of their own, and only one', async () => {
    await writeFile(join(world.folder, 'a.txt'), 'x')
    const rest = world.withoutToken()
    const run = await runCli(['upload', join(world.folder, 'a.txt')], {
      env: {
        ...rest,
        PAN123_CLIENT_ID: world.emulator.clientID,
        PAN123_CLIENT_SECRET: world.emulator.clientSecret,
      },
    })
    expect(run.code).toBe(0)
    expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'access_token')).toHaveLength(1)
  })

  test('login keeps the account in the system keychain, logout takes it out', async () => {
    const rest = world.withoutToken()
    const wrong = await runCli(['login', '--token-stdin'], { env: rest, input: 'not-a-token' })
    expect(wrong.code).toBe(3)
    const login = await runCli(['login', '--client-id', world.emulator.clientID, '--secret-stdin'], {
      env: rest,
      input: `${world.emulator.clientSecret}\n`,
    })
    expect(login).toMatchObject({ code: 0, stderr: '' })
    expect(await runCli(['whoami'], { env: rest })).toMatchObject({ code: 0 })
    // A restart uses the token it has: at most three may live.
    expect(world.emulator.requests().filter(({ endpoint }) => endpoint === 'access_token')).toHaveLength(1)
    const logout = await runCli(['logout'], { env: rest })
    expect(logout).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Signed out: .+\n$/u) as string })
    const again = await runCli(['logout'], { env: rest })
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nobody .+\n$/u) as string })
    expect(await runCli(['whoami'], { env: rest })).toMatchObject({ code: 3 })
  })

  test('the token goes to no file of the data folder', async () => {
    const rest = world.withoutToken()
    await writeFile(join(world.folder, 'a.txt'), 'x')
    await runCli(['login', '--token-stdin'], { env: rest, input: world.emulator.token })
    await runCli(['upload', join(world.folder, 'a.txt')], { env: rest })
    expect(await filesContaining(join(world.folder, 'data'), world.emulator.token)).toEqual([])
    await runCli(['logout'], { env: rest })
  })

  test.each([
    { what: 'without encryption', address: 'http://open-api.example.com' },
    { what: 'that is none', address: 'open-api.example.com' },
  ])('a platform address $what is wrong use, before the token is sent', async ({ address }) => {
    const run = await runCli(['whoami'], { env: world.env({ PAN123_API_URL: address }) })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/PAN123_API_URL.+open-api\.example\.com/u)
  })
})
