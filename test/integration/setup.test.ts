import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** What `npm run setup` shows of the programs that it runs. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pan123-setup-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A line of ours, run by a Node of its own: all that lands on its terminal. */
function shown(code: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '-e', code],
      { cwd: ROOT, env: { ...process.env, ...env } },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    )
  })
}

describe('npm', () => {
  const project = { name: 'p', version: '1.0.0', engines: { node: '>=99' } }
  const lock = { name: 'p', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': project } }
  const install = (): Promise<string> =>
    shown(
      `import { INSTALL, npm } from './build/setup/npm-packages.mjs'
       await npm(INSTALL, { cwd: ${JSON.stringify(folder)} })`,
    )

  test('does not frighten with warnings about engines, and says what it did', async () => {
    await writeFile(join(folder, 'package.json'), JSON.stringify(project))
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock))
    const said = await install()
    expect(said).not.toMatch(/EBADENGINE|warn/iu)
    expect(said).toContain('up to date')
  })

  test('still shows its errors', async () => {
    const dependencies = { 'not-in-the-lock': '1.0.0' }
    await writeFile(join(folder, 'package.json'), JSON.stringify({ ...project, dependencies }))
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock))
    expect(await install()).toMatch(/npm (?:error|ERR!).+not-in-the-lock/su)
  })
})

describe('apt-get', () => {
  const run = async (code: number): Promise<string> => {
    const fake = join(folder, 'apt-get')
    await writeFile(fake, `#!/bin/sh\necho "Unpacking libnss3 ..."\nexit ${code}\n`)
    await chmod(fake, 0o755)
    return shown(`import { apt } from './build/setup/debian.mjs'\nawait apt([], ['install', 'libnss3'])`, {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    })
  }

  test('is named, and its steps are not shown', async () => {
    expect(await run(0)).toBe('system: env DEBIAN_FRONTEND=noninteractive apt-get install libnss3\n')
  })

  test('that fails shows all', async () => {
    const said = await run(100)
    expect(said).toContain('Unpacking libnss3')
    expect(said).toContain('system: apt-get ended with 100.')
  })
})
