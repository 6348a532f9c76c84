import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createWorld, outcomeOf, SLICE, type World, type WorldOptions } from '#test/world'

let world: World
afterEach(() => world.close())

async function open(options?: WorldOptions): Promise<World> {
  world = await createWorld(options)
  return world
}

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
