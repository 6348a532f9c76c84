import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFeed } from '#main/desktop/update/signed-feed'

const SCRIPT = fileURLToPath(new URL('../../../build/sign-feed.mjs', import.meta.url))
const FEED = `version: 2.0.0
files:
  - url: 123pan Sync-2.0.0.AppImage
    sha512: ${Buffer.alloc(64, 7).toString('base64')}
    size: 5
releaseDate: '2026-01-01T00:00:00.000Z'
`
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pan123-sign-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function run(args: readonly string[], key?: string) {
  const env = { ...process.env, PAN123_UPDATE_KEY: key }
  return spawnSync(process.execPath, [SCRIPT, ...args], { env, encoding: 'utf8' })
}

test('a feed that it signs is one that the app opens, with the public key that it has printed', () => {
  const key = join(folder, 'key.pem')
  const publicKey = execFileSync(process.execPath, [SCRIPT, '--new-key', key], { encoding: 'utf8' }).trim()
  expect(statSync(key).mode & 0o777).toBe(0o600)
  writeFileSync(join(folder, 'latest-linux.yml'), FEED)
  writeFileSync(join(folder, 'builder-debug.yml'), 'x64: {}')
  const { status, stdout } = run([folder], key)
  expect({ status, stdout }).toMatchObject({ status: 0 })
  expect(stdout).toContain(publicKey)
  expect(stdout).not.toContain('builder-debug')
  const signature = readFileSync(join(folder, 'latest-linux.yml.sig'), 'utf8')
  const opened = openFeed({
    ...{ text: FEED, signature, publicKey, channel: 'stable', kind: 'appimage', running: '1.0.0' },
  })
  expect(opened).toMatchObject({ version: '2.0.0' })
})

test('it never writes over a key, and signs nothing without one', () => {
  const key = join(folder, 'key.pem')
  writeFileSync(key, 'in use')
  expect(run(['--new-key', key])).toMatchObject({ status: 1 })
  expect(readFileSync(key, 'utf8')).toBe('in use')
  writeFileSync(join(folder, 'latest.yml'), FEED)
  expect(run([folder])).toMatchObject({ status: 1 })
  expect(run([folder], key)).toMatchObject({ status: 1 })
  expect(run([folder], key).stderr).not.toContain('in use')
})
