import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readUpdateConfig } from '#main/desktop/update/config'
import { updateFailure } from '#main/desktop/update/failures'
import { stageAppImage, swapAppImage } from '#main/desktop/update/install'
import { DriveError } from '#app/errors'
import { tempFolder, writeTree } from '#test/temp-folder'

const sha512 = (content: string): string => createHash('sha512').update(content).digest('base64')

function prepared() {
  const folder = tempFolder()
  writeTree(folder, { 'new.AppImage': 'new', 'programs/我的 App.AppImage': 'old' })
  return {
    programs: join(folder, 'programs'),
    appImage: join(folder, 'programs/我的 App.AppImage'),
    downloaded: { path: join(folder, 'new.AppImage'), sha512: sha512('new') },
  }
}

test('a new AppImage takes the place of the old one, with its name and its permissions', async () => {
  const { programs, appImage, downloaded } = prepared()
  await chmod(appImage, 0o711)
  const staged = await stageAppImage(downloaded, appImage)
  expect(readFileSync(appImage, 'utf8')).toBe('old')
  await swapAppImage(staged, appImage)
  expect(readFileSync(appImage, 'utf8')).toBe('new')
  expect(statSync(appImage).mode & 0o777).toBe(0o711)
  expect(readdirSync(programs)).toEqual(['我的 App.AppImage'])
})

test('one that changed since it was downloaded is refused, and leaves nothing behind', async () => {
  const { programs, appImage, downloaded } = prepared()
  writeTree(programs, { '../new.AppImage': 'evil' })
  await expect(stageAppImage(downloaded, appImage)).rejects.toMatchObject({ code: 'update-untrusted' })
  expect(readFileSync(appImage, 'utf8')).toBe('old')
  expect(readdirSync(programs)).toEqual(['我的 App.AppImage'])
})

test('where the new one cannot be written, the old one stays', async () => {
  const { programs, appImage, downloaded } = prepared()
  mkdirSync(join(programs, '.我的 App.AppImage.update'))
  await expect(stageAppImage(downloaded, appImage)).rejects.toThrow()
  expect(readFileSync(appImage, 'utf8')).toBe('old')
})

const coded = (code: string): Error => Object.assign(new Error(`${code}: no`), { code })
test.each([
  ['check', new Error('net::ERR_CONNECTION_REFUSED'), 'update-unreachable'],
  ['check', new DriveError('proxy-failed', 'no way'), 'update-unreachable'],
  ['check', new DriveError('update-older', ''), 'update-older'],
  ['download', new Error('net::ERR_CONTENT_LENGTH_MISMATCH'), 'update-cut'],
  ['download', coded('ERR_CHECKSUM_MISMATCH'), 'update-untrusted'],
  ['download', coded('ENOSPC'), 'update-unwritable'],
  ['install', coded('EACCES'), 'update-unwritable'],
  ['install', coded('ERR_UPDATER_INVALID_SIGNATURE'), 'update-untrusted'],
  ['install', new Error('what'), 'update-not-installed'],
] as const)('%s that fails with %s is %s', (step, thrown, code) => {
  expect(updateFailure(thrown, step).code).toBe(code)
})

test('of a server’s answer only the first line is kept, and no query', () => {
  const { message } = updateFailure(new Error('404 https://a.b/c?token=geheim\nData: geheim'), 'check')
  expect(message).not.toContain('geheim')
})

test.each<readonly [string, unknown, unknown]>([
  ['https', { feed: 'https://a.b/c', publicKey: 'AAAA' }, { feed: 'https://a.b/c/', publicKey: 'AAAA' }],
  [
    'loopback',
    { feed: 'http://127.0.0.1:1/', publicKey: 'AAAA' },
    { feed: 'http://127.0.0.1:1/', publicKey: 'AAAA' },
  ],
  ['a network in the clear', { feed: 'http://a.b/', publicKey: 'AAAA' }, undefined],
  ['no web', { feed: 'file:///etc/', publicKey: 'AAAA' }, undefined],
  ['no key', { feed: 'https://a.b/' }, undefined],
  ['a page in the clear', { feed: 'https://a.b/', publicKey: 'AAAA', page: 'http://a.b/' }, undefined],
  ['nothing', undefined, undefined],
])('a program that was packaged with %s', async (_name, updates, config) => {
  const folder = tempFolder()
  writeTree(folder, { 'package.json': JSON.stringify({ updates }) })
  expect(await readUpdateConfig(folder)).toEqual(config)
})
