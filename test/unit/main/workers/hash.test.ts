import { createHash } from 'node:crypto'
import {
  appendFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
  openSync,
  closeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { identify } from '#main/workers/file-identity'
import { hashFile } from '#main/workers/hash'
import { failureOf } from '#test/failures'
import { tempFolder, writeTree } from '#test/temp-folder'

const md5 = (content: Buffer): string => createHash('md5').update(content).digest('hex')
/** Bytes of which no two ranges are alike. */
const content = (size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 2_654_435_761) >>> 13
  return bytes
}
const forever = new AbortController().signal
const quiet = { signal: forever, report: () => undefined }

describe('the MD5 of the file and of each slice', () => {
  const SLICE = 1000

  test.each([
    { name: 'nothing', size: 0 },
    { name: 'one byte', size: 1 },
    { name: 'a byte less than a slice', size: SLICE - 1 },
    { name: 'exactly one slice', size: SLICE },
    { name: 'a byte more than a slice', size: SLICE + 1 },
    { name: 'exactly three slices', size: 3 * SLICE },
    { name: 'a byte less than three slices', size: 3 * SLICE - 1 },
  ])('of $name', async ({ size }) => {
    const folder = tempFolder()
    const bytes = content(size)
    writeTree(folder, { file: bytes })
    const path = join(folder, 'file')
    const hashes = await hashFile({ path, identity: await identify(path), sliceSize: SLICE }, quiet)
    const slices = Array.from({ length: Math.max(1, Math.ceil(size / SLICE)) }, (_, index) =>
      md5(bytes.subarray(index * SLICE, (index + 1) * SLICE)),
    )
    expect(hashes).toEqual({ md5: md5(bytes), sliceSize: SLICE, sliceMd5s: slices })
  })

  test('of slices that are larger than what is read at once, and end in the midst of it', async () => {
    const folder = tempFolder()
    const bytes = content(3_000_000)
    writeTree(folder, { file: bytes })
    const path = join(folder, 'file')
    const sliceSize = 1_300_000
    const seen: number[] = []
    const hashes = await hashFile(
      { path, identity: await identify(path), sliceSize },
      { signal: forever, report: (progress) => seen.push(progress.bytes) },
    )
    expect(hashes.md5).toBe(md5(bytes))
    expect(hashes.sliceMd5s).toEqual(
      [0, 1, 2].map((no) => md5(bytes.subarray(no * sliceSize, (no + 1) * sliceSize))),
    )
    expect(seen).toEqual(seen.toSorted((one, other) => one - other))
    expect(seen.at(-1)).toBe(3_000_000)
  })
})

describe('while it is being read, the file', () => {
  const SIZE = 4_000_000

  /** Reads a file to which something happens after its first bytes were read. */
  async function hashWhile(happens: (path: string) => void) {
    const folder = tempFolder()
    const path = join(folder, 'file')
    writeTree(folder, { file: content(SIZE) })
    const identity = await identify(path)
    let happened = false
    const report = (): void => {
      if (!happened) happens(path)
      happened = true
    }
    return failureOf(hashFile({ path, identity, sliceSize: 1_000_000 }, { signal: forever, report }))
  }

  test.each<{ name: string; happens: (path: string) => void }>([
    {
      name: 'is written into, in place',
      happens: (path) => {
        const file = openSync(path, 'r+')
        writeSync(file, 'changed', SIZE - 10)
        closeSync(file)
      },
    },
    {
      name: 'grows',
      happens: (path) => {
        appendFileSync(path, 'more')
      },
    },
    {
      name: 'gets shorter',
      happens: (path) => {
        truncateSync(path, SIZE - 1)
      },
    },
    {
      name: 'is emptied',
      happens: (path) => {
        truncateSync(path, 0)
      },
    },
    {
      name: 'is written anew',
      happens: (path) => {
        writeFileSync(path, content(SIZE))
      },
    },
    {
      name: 'is replaced by another one of that name',
      happens: (path) => {
        writeFileSync(`${path}.new`, content(SIZE))
        renameSync(`${path}.new`, path)
      },
    },
  ])('$name: file-changed', async ({ happens }) => {
    expect((await hashWhile(happens)).code).toBe('file-changed')
  })
})

test('a file that was changed since it was looked at is not read at all', async () => {
  const folder = tempFolder()
  writeTree(folder, { file: 'abc' })
  const path = join(folder, 'file')
  const identity = await identify(path)
  appendFileSync(path, 'd')
  let read = 0
  const failure = await failureOf(
    hashFile({ path, identity, sliceSize: 10 }, { signal: forever, report: () => read++ }),
  )
  expect(failure.code).toBe('file-changed')
  expect(read).toBe(0)
})

test('a file that is gone since it was looked at is missing', async () => {
  const folder = tempFolder()
  writeTree(folder, { file: 'abc' })
  const path = join(folder, 'file')
  const identity = await identify(path)
  unlinkSync(path)
  expect((await failureOf(hashFile({ path, identity, sliceSize: 10 }, quiet))).code).toBe('file-missing')
})

test('cancelled, it reads no further', async () => {
  const folder = tempFolder()
  writeTree(folder, { file: content(4_000_000) })
  const path = join(folder, 'file')
  const controller = new AbortController()
  const seen: number[] = []
  const report = ({ bytes }: { readonly bytes: number }): void => {
    seen.push(bytes)
    controller.abort()
  }
  const hashing = hashFile(
    { path, identity: await identify(path), sliceSize: 10_000_000 },
    { signal: controller.signal, report },
  )
  expect((await failureOf(hashing)).code).toBe('cancelled')
  expect(seen).toHaveLength(1)
})
