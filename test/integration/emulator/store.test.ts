import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startEmulator } from '#emulator/emulator'
import { type Emulator } from '#emulator/types'
import { begin, completeCall, getCall, md5, pollToEnd, send, sendSlices, singleCall } from './client.ts'

const bytes = Buffer.from('0123456789')
let store: string
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'emulator-store-'))
})
afterEach(() => rm(store, { recursive: true, force: true }))

describe('a store that is opened again', () => {
  it('knows files, folders, tokens, hosts and open uploads', async () => {
    const before = await startEmulator({ store, quirks: { sliceSize: 5 } })
    await before.seed('/d/old.txt', Buffer.from('old'))
    await before.seed('/d/old.txt', Buffer.from('new'))
    const preuploadID = await begin(before, bytes, { filename: 'big', duplicate: 1 })
    await sendSlices(before, preuploadID, bytes, [2])
    await before.close()

    const after = await startEmulator({ store })
    const { token, clientID, clientSecret, url, uploadUrls } = before
    expect(after).toMatchObject({ token, clientID, clientSecret, url, uploadUrls })
    expect(after.folders()).toEqual(['/d'])
    expect(after.files()).toEqual(before.files())
    after.quirks.sliceSize = 5
    await sendSlices(after, preuploadID, bytes, [1])
    await pollToEnd(after, preuploadID)
    expect(after.files().at(-1)).toMatchObject({ path: '/big', md5: md5(bytes), method: 'sliced' })
    await after.close()
  })

  it('knows what is in the bin, what is below it, and the room that is left', async () => {
    const before = await startEmulator({ store })
    for (const path of ['/a/b/c.txt', '/a/d.txt', '/e.txt']) await before.seed(path, bytes)
    for (const path of ['/a/b', '/a']) before.remove(path)
    before.moveTo('/e.txt', '/f.txt')
    const used = async (emulator: Emulator) =>
      (await send(getCall(emulator, '/api/v1/user/info'))).data['spaceUsed']
    expect(await used(before)).toBe(10)
    await before.close()

    const after = await startEmulator({ store })
    expect(after.tree()).toEqual(before.tree())
    expect(after.files()).toEqual(before.files())
    expect(await used(after)).toBe(10)
    await after.close()
  })

  it('takes other ports when the old ones are in use', async () => {
    const first = await startEmulator({ store })
    const second = await startEmulator({ store })
    expect(new Set([first.url, ...first.uploadUrls, second.url, ...second.uploadUrls]).size).toBe(6)
    expect(await send(getCall(second, '/upload/v2/file/domain'))).toMatchObject({ code: 0 })
    await Promise.all([first.close(), second.close()])
  })
})

const lineSchema = z.object({ url: z.string(), token: z.string(), uploadUrls: z.array(z.string()) })
type Line = z.infer<typeof lineSchema>

describe('npm run emulator', () => {
  let child: ChildProcess
  const lines: string[] = []

  async function start(): Promise<Line> {
    lines.length = 0
    const main = fileURLToPath(new URL('../../emulator/main.ts', import.meta.url))
    child = spawn(
      process.execPath,
      ['--import', 'tsx', main, '--port', '0', '--token', 'T', '--store', store],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    if (!child.stdout) throw new Error('No stdout')
    createInterface(child.stdout).on('line', (line) => lines.push(line))
    await expect.poll(() => lines.length, { timeout: 20_000 }).toBe(1)
    return lineSchema.parse(JSON.parse(lines[0] ?? ''))
  }

  /** As far as the calls need it. */
  const emulatorAt = (line: Line) => line as unknown as Emulator // the calls only read url, uploadUrls and token
  const control = (line: Line, path: string, body?: unknown) =>
    send({
      url: `${line.url}/_emulator/${path}`,
      method: body === undefined ? 'GET' : 'POST',
      headers: {},
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    })

  afterEach(() => {
    child.kill('SIGKILL')
  })

  it('prints one line, serves, is controlled from outside, and ends on SIGTERM', async () => {
    const line = await start()
    expect(line.token).toBe('T')
    const emulator = emulatorAt(line)
    expect(await control(line, 'quirks', { sliceSize: 5, servers: ['http://x.example'] })).toMatchObject({
      status: 200,
    })
    expect((await send(getCall(emulator, '/upload/v2/file/domain'))).list).toEqual(['http://x.example'])
    expect(await control(line, 'fault', { on: 'single_create', kind: 'before', status: 503 })).toMatchObject({
      status: 200,
    })
    expect(await send(singleCall(emulator, bytes))).toMatchObject({ status: 503 })
    expect(await send(singleCall(emulator, bytes))).toMatchObject({ code: 0 })
    expect(await control(line, 'fault', { on: 'nowhere', kind: 'before' })).toMatchObject({ status: 400 })
    expect(await control(line, 'quirks', { sliceSize: '5' })).toMatchObject({ status: 400 })
    expect(JSON.parse((await control(line, 'files')).body)).toMatchObject([
      { path: '/a.txt', md5: md5(bytes) },
    ])
    expect(JSON.parse((await control(line, 'requests')).body)).toMatchObject([
      { endpoint: 'domain' },
      { status: 503 },
      { status: 200 },
    ])
    expect(JSON.parse((await control(line, 'violations')).body)).toEqual([])
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(lines).toHaveLength(1)
  })

  it('has lost nothing that it acknowledged before it was killed', async () => {
    const line = await start()
    await control(line, 'quirks', { completion: { kind: 'completed-false', times: 0 } })
    await send(singleCall(emulatorAt(line), bytes))
    const big = Buffer.alloc(600_000, 'b')
    const preuploadID = await begin(emulatorAt(line), big, { filename: 'big' })
    await sendSlices(
      { ...emulatorAt(line), quirks: { sliceSize: 16 * 1024 ** 2 } as Emulator['quirks'] },
      preuploadID,
      big,
    ) // only that one is read
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const again = await start()
    expect(again).toMatchObject({ url: line.url, uploadUrls: line.uploadUrls })
    expect(JSON.parse((await control(again, 'files')).body)).toMatchObject([
      { path: '/a.txt', md5: md5(bytes) },
    ])
    await control(again, 'quirks', { completion: { kind: 'completed-false', times: 0 } })
    expect((await send(completeCall(emulatorAt(again), preuploadID))).data).toMatchObject({ completed: true })
  })
})

it('serves no control unless asked to', async () => {
  const emulator = await startEmulator()
  expect(await send(getCall(emulator, '/_emulator/files'))).toMatchObject({ status: 404 })
  await emulator.close()
})
