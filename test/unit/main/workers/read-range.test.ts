import { truncateSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRange } from '#main/workers/read-range'
import { failureOf } from '#test/failures'
import { tempFolder, writeTree } from '#test/temp-folder'

const SIZE = 1_500_000
const BYTES = Buffer.from(Uint32Array.from({ length: SIZE / 4 }, (_, index) => index).buffer)

async function fileOf(content: Buffer) {
  const folder = tempFolder()
  writeTree(folder, { file: content })
  const path = join(folder, 'file')
  return { path, handle: await open(path, 'r') }
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

test('any range gives exactly its bytes, whatever lies around it', async () => {
  const { path, handle } = await fileOf(BYTES)
  const edges = fc.oneof(fc.nat({ max: SIZE }), fc.constantFrom(0, 1, 524_287, 524_288, 524_289, SIZE))
  await fc.assert(
    fc.asyncProperty(edges, edges, async (one, other) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)]
      const read = await collect(readRange(handle, path, start, end))
      expect(read.equals(BYTES.subarray(start, end))).toBe(true)
    }),
    { numRuns: 50 },
  )
  await handle.close()
})

test('a file that got shorter has changed, and what was read of it before was right', async () => {
  const { path, handle } = await fileOf(BYTES)
  truncateSync(path, 600_000)
  const read: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of readRange(handle, path, 0, SIZE)) read.push(chunk)
  })()
  expect((await failureOf(reading)).code).toBe('file-changed')
  expect(Buffer.concat(read).equals(BYTES.subarray(0, 600_000))).toBe(true)
  await handle.close()
})

test('left early it is through with the file: closing it harms nobody', async () => {
  const { path, handle } = await fileOf(BYTES)
  for await (const chunk of readRange(handle, path, 0, SIZE)) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
  await expect(handle.close()).resolves.toBeUndefined()
})
