import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { identify, openIdentified, sameIdentity } from '#main/workers/file-identity'
import { failureOf } from '#test/failures'
import { asOrdinaryUser } from '#test/ordinary-user'
import { tempFolder, writeTree } from '#test/temp-folder'

const isPosix = process.platform !== 'win32'

function someFile(): string {
  const folder = tempFolder()
  writeTree(folder, { 'a.txt': 'abc' })
  const path = join(folder, 'a.txt')
  // Long ago: what happens now leaves another time.
  utimesSync(path, 1_000_000, 1_000_000)
  return path
}

describe('it is another file, or another version of it, once it', () => {
  test.each<{ name: string; happens: (path: string) => void }>([
    {
      name: 'was appended to',
      happens: (path) => {
        appendFileSync(path, 'd')
      },
    },
    {
      name: 'was written anew with the same content',
      happens: (path) => {
        writeFileSync(path, 'abc')
      },
    },
    {
      name: 'got another time',
      happens: (path) => {
        utimesSync(path, 2_000_000, 2_000_000)
      },
    },
    {
      name: 'was replaced by one of the same size and time',
      happens: (path) => {
        writeFileSync(`${path}.new`, 'xyz')
        utimesSync(`${path}.new`, 1_000_000, 1_000_000)
        renameSync(`${path}.new`, path)
      },
    },
  ])('$name', async ({ happens }) => {
    const path = someFile()
    const identity = await identify(path)
    happens(path)
    expect(sameIdentity(identity, await identify(path))).toBe(false)
    expect((await failureOf(openIdentified(path, identity))).code).toBe('file-changed')
  })
})

test('it is the same one under another name, and untouched it opens', async () => {
  const path = someFile()
  const identity = await identify(path)
  expect(sameIdentity(identity, await identify(path))).toBe(true)
  const handle = await openIdentified(path, identity)
  await handle.close()
  renameSync(path, `${path}.moved`)
  expect(sameIdentity(identity, await identify(`${path}.moved`))).toBe(true)
})

test('times are told apart to less than a millisecond', async () => {
  const path = someFile()
  utimesSync(path, 1_000_000, 1_000_000.0001)
  const one = await identify(path)
  utimesSync(path, 1_000_000, 1_000_000.0002)
  expect(sameIdentity(one, await identify(path))).toBe(false)
})

test('the identity crosses to a thread and to disk', async () => {
  const identity = await identify(someFile())
  expect(JSON.parse(JSON.stringify(identity))).toEqual(identity)
})

describe('no file', () => {
  test('where none is, or where the path leads through one', async () => {
    const path = someFile()
    expect((await failureOf(identify(`${path}.gone`))).code).toBe('file-missing')
    expect((await failureOf(identify(join(path, 'below')))).code).toBe('file-missing')
  })

  test('but a folder', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'in'))
    expect((await failureOf(identify(join(folder, 'in')))).code).toBe('not-a-file')
  })

  test.runIf(isPosix)('but a pipe: it is not opened, which would wait for ever', async () => {
    const folder = tempFolder()
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect((await failureOf(identify(join(folder, 'pipe')))).code).toBe('not-a-file')
  })

  test.runIf(isPosix)('but links in a round: unreadable, with the reason', async () => {
    const folder = tempFolder()
    symlinkSync('loop', join(folder, 'loop'))
    expect(await failureOf(identify(join(folder, 'loop')))).toMatchObject({
      code: 'file-unreadable',
      detail: 'ELOOP',
    })
  })
})

test.runIf(isPosix)('a file that may not be read is unreadable, with the reason', async () => {
  const folder = tempFolder()
  writeTree(folder, { 'a.txt': 'abc' })
  const path = join(folder, 'a.txt')
  chmodSync(path, 0o000)
  const failure = await asOrdinaryUser(folder, async () =>
    failureOf(openIdentified(path, await identify(path))),
  )
  expect(failure).toMatchObject({ code: 'file-unreadable', detail: 'EACCES' })
})
