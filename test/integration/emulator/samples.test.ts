import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmulator } from '#emulator/emulator'
import type { Emulator } from '#emulator/types'
import { begin, md5, pollToEnd } from './client.ts'

let emulator: Emulator
let folder: string
beforeEach(async () => {
  emulator = await startEmulator({ quirks: { sliceSize: 70_000 } })
  folder = await mkdtemp(join(tmpdir(), 'emulator-samples-'))
})
afterEach(async () => {
  await emulator.close()
  await rm(folder, { recursive: true })
})

const bytes = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 253))

async function python(sample: string, args: readonly string[]): Promise<unknown> {
  const script = fileURLToPath(new URL(`../../emulator/samples/${sample}`, import.meta.url))
  const env = { ...process.env, TOKEN: emulator.token }
  const { stdout } = await promisify(execFile)('python3', [script, ...args], { env })
  return JSON.parse(stdout)
}

const uploadHost = () => new URL(emulator.uploadUrls[0] ?? '').host

it.each(['新建 文本文档 (4).txt', 'no extension', 'abc.pdf'])(
  'the slice sample of the spec works with %j',
  async (name) => {
    const preuploadID = await begin(emulator, bytes)
    for (const no of [1, 2]) {
      const path = join(folder, name)
      await writeFile(path, bytes.subarray((no - 1) * 70_000, no * 70_000))
      expect(await python('slice.py', [uploadHost(), preuploadID, String(no), path])).toMatchObject({
        code: 0,
        data: null,
      })
    }
    await pollToEnd(emulator, preuploadID)
    expect(emulator.files()).toMatchObject([{ path: '/a.txt', md5: md5(bytes), method: 'sliced' }])
    expect(emulator.violations()).toEqual([])
  },
)

it.each(['abc.pdf', '无扩展名'])('the single-step sample of the spec works with %j', async (name) => {
  const path = join(folder, name)
  await writeFile(path, bytes)
  expect(await python('single.py', [uploadHost(), '0', path])).toMatchObject({
    code: 0,
    data: { completed: true },
  })
  expect(emulator.files()).toMatchObject([{ path: `/${name}`, md5: md5(bytes), method: 'single' }])
  expect(emulator.violations()).toEqual([])
})
