import {
  appendFile,
  chmod,
  mkdir,
  readFile,
  rename,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createWorld,
  expected,
  inCloud,
  md5Of,
  outcomeOf,
  POLICIES,
  SLICE,
  type World,
  type WorldOptions,
} from '#test/world'
import { asOrdinaryUser } from '#test/ordinary-user'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

describe('names the cloud does not take fail before a byte is read', () => {
  const names: readonly (readonly [name: string, code: string])[] = [
    ...['"', '\\', ':', '*', '?', '|', '>', '<'].map(
      (character) => [`a${character}b.txt`, 'name-character'] as const,
    ),
    ['a\nb.txt', 'name-character'],
    ['   ', 'name-blank'],
    ['\u3000', 'name-blank'],
  ]
  test.each(names)('%j', async (name, code) => {
    await open()
    await world.write(`d/${name}`, 'x')
    const good = await world.write('d/good.txt', 'good')
    const transfers = await world.upload(['d'])
    expect(transfers.map(outcomeOf).sort()).toEqual(['done single', `failed ${code}`])
    expect(inCloud(world)).toEqual([expected('/d/good.txt', good)])
  })

  test('a folder with such a name fails its files, each with the reason', async () => {
    await open()
    await world.write('d/a:b/x.txt', 'x')
    const [transfer] = await world.upload(['d'])
    expect(outcomeOf(transfer)).toBe('failed name-character')
    expect(transfer?.state).toMatchObject({ failure: { detail: ':' } })
  })
})

describe('files that cannot be uploaded', () => {
  test('one byte more than 10 GiB is refused without being read', async () => {
    await open()
    await world.write('big.bin', '')
    await truncate(join(world.folder, 'big.bin'), 10 * 1024 ** 3 + 1)
    const [transfer] = await world.upload(['big.bin'])
    expect(outcomeOf(transfer)).toBe('failed file-too-large')
    expect(world.emulator.requests()).toEqual([])
  })

  test('a missing path is said at once', async () => {
    await open()
    const report = await world.add(['nowhere.txt'])
    expect(report).toMatchObject({ added: 0, skipped: [{ named: true, failure: { code: 'file-missing' } }] })
  })

  test('a file that goes away before its turn', async () => {
    await open({ tuning: { concurrency: 1 } })
    await world.write('d/a.txt', 'a')
    await world.write('d/b.txt', 'bb')
    world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 300 })
    const done = world.upload(['d'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' || state.status === 'creating'),
    )
    await unlink(join(world.folder, 'd/b.txt'))
    expect((await done).map(outcomeOf).sort()).toEqual(['done single', 'failed file-missing'])
  })

  test('a file without permission', async () => {
    await open()
    const { path } = await world.write('a.txt', 'x')
    await chmod(path, 0)
    const [transfer] = await asOrdinaryUser(world.folder, () => world.upload(['a.txt']))
    expect(outcomeOf(transfer)).toBe('failed file-unreadable')
  })

  test('links inside a folder are passed over and said', async () => {
    await open()
    const file = await world.write('d/a.txt', 'x')
    await symlink('a.txt', join(world.folder, 'd/link'))
    await symlink('..', join(world.folder, 'd/loop'))
    const report = await world.add(['d'])
    expect(report.skipped.map(({ failure, named }) => [failure.code, named])).toEqual([
      ['not-a-file', false],
      ['not-a-file', false],
    ])
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    expect(inCloud(world)).toEqual([expected('/d/a.txt', file)])
  })

  test('a folder swapped in for a file', async () => {
    await open({ tuning: { concurrency: 1 } })
    await world.write('d/a.txt', 'a')
    await world.write('d/b.txt', 'bb')
    world.emulator.fault({ on: 'single_create', kind: 'delay', ms: 300 })
    const done = world.upload(['d'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' || state.status === 'creating'),
    )
    await unlink(join(world.folder, 'd/b.txt'))
    await mkdir(join(world.folder, 'd/b.txt'))
    expect((await done).map(outcomeOf).sort()).toEqual(['done single', 'failed not-a-file'])
  })
})

describe('a file that changes while it goes up is never mixed', () => {
  const changes: readonly (readonly [name: string, change: (path: string) => Promise<unknown>])[] = [
    ['appended to', (path) => appendFile(path, 'more')],
    ['shortened', (path) => truncate(path, 2 * SLICE)],
    ['rewritten in place', (path) => writeFile(path, Buffer.alloc(6 * SLICE, 7))],
    [
      'replaced by another of the same size',
      async (path) => {
        await writeFile(`${path}.new`, Buffer.alloc(6 * SLICE, 9))
        await rename(`${path}.new`, path)
      },
    ],
    ['touched', (path) => utimes(path, new Date(), new Date(1_700_000_000_000))],
  ]
  test.each(changes)('%s: it starts over and arrives as it is now', async (_name, change) => {
    await open({ tuning: { concurrency: 1 } })
    const { path } = await world.write('a.bin', 6 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 3, kind: 'delay', ms: 400 })
    const done = world.upload(['a.bin'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' && state.slicesDone === 2),
    )
    await change(path)
    const [transfer] = await done
    expect(outcomeOf(transfer)).toMatch(/^done/u)
    const now = await readFile(path)
    expect(world.emulator.files().map(({ size }) => size)).toEqual([now.length])
    expect(world.emulator.files()[0]?.md5).toBe(md5Of(now))
  })

  test('a file that never holds still fails as such', async () => {
    await open({ tuning: { concurrency: 1 } })
    const { path } = await world.write('a.bin', 4 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 2, kind: 'delay', ms: 100, times: 100 })
    let touched = -1
    const done = world.upload(['a.bin'])
    const creates = (): number =>
      world.emulator.requests().filter(({ endpoint }) => endpoint === 'create').length
    void world.until((all) => {
      const moving = all.some(({ state }) => state.status === 'uploading' && state.slicesDone > 0)
      if (moving && creates() !== touched) {
        touched = creates()
        void appendFile(path, 'x')
      }
      return false
    })
    expect(outcomeOf((await done)[0])).toBe('failed file-changed')
    expect(world.emulator.files()).toEqual([])
  })
})

describe('a name that is taken', () => {
  const outcomes = {
    fail: 'failed name-taken',
    'keep-both': 'done single',
    overwrite: 'done single',
    skip: 'skipped name-taken',
  } as const
  test.each(POLICIES)('by another file, mode %s', async (onDuplicate) => {
    await open()
    const older = await world.emulator.seed('/a.txt', Buffer.from('older'))
    const file = await world.write('a.txt', 'newer!')
    const [transfer] = await world.upload(['a.txt'], { onDuplicate })
    expect(outcomeOf(transfer)).toBe(outcomes[onDuplicate])
    const live = world.emulator.files().filter(({ trashed }) => !trashed)
    const sums = live.map(({ md5 }) => md5).sort()
    if (onDuplicate === 'fail' || onDuplicate === 'skip') expect(sums).toEqual([older.md5])
    else if (onDuplicate === 'overwrite') expect(live).toMatchObject([{ path: '/a.txt', md5: file.md5 }])
    else expect(sums).toEqual([older.md5, file.md5].sort())
  })

  test.each(POLICIES)('by the same content, mode %s: done, and nothing is sent', async (onDuplicate) => {
    await open()
    await world.emulator.seed('/a.txt', Buffer.from('same'))
    await world.write('a.txt', 'same')
    const [transfer] = await world.upload(['a.txt'], { onDuplicate })
    expect(outcomeOf(transfer)).toBe('done present')
    expect(world.emulator.files()).toHaveLength(1)
    expect(world.emulator.requests().filter(({ endpoint }) => endpoint !== 'list')).toEqual([])
  })

  test('retried with another choice', async () => {
    await open()
    await world.emulator.seed('/a.txt', Buffer.from('older'))
    const file = await world.write('a.txt', 'newer!')
    const [transfer] = await world.upload(['a.txt'])
    if (!transfer) throw new Error('no transfer')
    world.engine.queue.retry([transfer.id], 'overwrite')
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    expect(inCloud(world)).toEqual([expected('/a.txt', file)])
  })

  test('by a file, where a folder is needed', async () => {
    await open()
    await world.emulator.seed('/d', Buffer.from('a file'))
    await world.write('d/a.txt', 'x')
    const [transfer] = await world.upload(['d'])
    expect(outcomeOf(transfer)).toBe('failed name-taken')
  })
})

describe('the account', () => {
  test('a token that is refused for good stops the queue and keeps it', async () => {
    await open()
    await world.write('d/a.txt', 'a')
    await world.write('d/b.bin', 3 * SLICE)
    world.emulator.revoke(world.emulator.token)
    await world.add(['d'])
    await world.until(() => world.statuses.some(({ blocked }) => blocked?.reason === 'signed-out'))
    const waiting = await world.until((all) => all.every(({ state }) => state.status === 'queued'))
    expect(waiting).toHaveLength(2)
  })

  test('one refusal renews the token once for all', async () => {
    await open({ renews: true })
    for (let index = 0; index < 6; index++) await world.write(`d/${index}.txt`, `content ${index}`)
    world.emulator.fault({
      on: 'single_create',
      kind: 'before',
      status: 401,
      code: 401,
      message: 'token is invalid',
    })
    const transfers = await world.upload(['d'])
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done single']))
    expect(world.renewals()).toBe(1)
  })
})

describe('servers without encryption', () => {
  test('are not given the token: https is tried, and the failure names the host', async () => {
    // The address is this machine's own, but not one of the spellings that count as loopback.
    const heard: Buffer[] = []
    const server = createServer((socket) => {
      socket.on('data', (bytes: Buffer) => {
        heard.push(bytes)
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      })
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await open()
    world.emulator.quirks.servers = [`http://[::ffff:127.0.0.1]:${port}`]
    await world.write('a.bin', 3 * SLICE)
    await world.write('b.txt', 'small')
    const transfers = await world.upload(['a.bin', 'b.txt'])
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['failed insecure-server']))
    expect(transfers[0]?.state).toMatchObject({
      failure: { detail: expect.stringContaining(String(port)) as string },
    })
    const all = Buffer.concat(heard)
    expect(all.length).toBeGreaterThan(0)
    expect(all.includes(world.emulator.token)).toBe(false)
    expect(all.toString('latin1')).not.toMatch(/authorization|bearer/iu)
    server.close()
  })
})

describe('cancel and retry', () => {
  test('cancelled in the middle: no more bytes, and a retry sends only what is missing', async () => {
    await open({ tuning: { concurrency: 1 } })
    const file = await world.write('a.bin', 6 * SLICE)
    world.emulator.fault({ on: 'slice', sliceNo: 4, kind: 'hang' })
    const { ids } = await world.add(['a.bin'])
    await world.until((all) =>
      all.some(({ state }) => state.status === 'uploading' && state.slicesDone === 3),
    )
    world.engine.queue.cancel(ids)
    const [cancelled] = await world.until((all) => all.every(({ state }) => state.status === 'cancelled'))
    expect(cancelled?.state.status).toBe('cancelled')
    expect(world.emulator.files()).toEqual([])
    world.engine.queue.retry(ids)
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
    const good = world.emulator.requests().filter(({ endpoint, code }) => endpoint === 'slice' && code === 0)
    expect(good.map(({ sliceNo }) => sliceNo)).toEqual([1, 2, 3, 4, 5, 6])
    expect(inCloud(world)).toEqual([expected('/a.bin', file)])
  })

  test('the same file added twice while it goes up is one transfer', async () => {
    await open()
    await world.write('a.bin', 3 * SLICE)
    const first = await world.add(['a.bin'])
    const second = await world.add(['a.bin'])
    expect(second.ids).toEqual(first.ids)
    await world.until((all) => all.every(({ state }) => state.status === 'done'))
  })

  test('a transfer thread that dies is replaced and its files go on', async () => {
    await open()
    const files = await Promise.all([0, 1, 2].map((index) => world.write(`d/${index}.bin`, 3 * SLICE)))
    world.emulator.fault({ on: 'slice', kind: 'delay', ms: 300, times: 3 })
    const done = world.upload(['d'])
    await world.until((all) => all.some(({ state }) => state.status === 'uploading'))
    await world.killThreads()
    const transfers = await done
    expect(new Set(transfers.map(outcomeOf))).toEqual(new Set(['done sliced']))
    expect(inCloud(world)).toEqual(files.map((file, index) => expected(`/d/${index}.bin`, file)))
  })
})
