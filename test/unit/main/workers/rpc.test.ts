import { MessageChannel } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DriveError } from '#app/errors'
import { Peer, type Handlers, type NoApi } from '#main/workers/rpc'
import { deferred } from '#test/deferred'
import { failureOf } from '#test/failures'

type Sums = {
  add: { input: readonly number[]; progress: { readonly sum: number }; output: number }
}
interface News {
  readonly said: string
}
type Client = Peer<Sums, NoApi, News>
type Server = Peer<NoApi, Sums, object, News>

function connect(add: Handlers<Sums>['add']): {
  readonly client: Client
  readonly server: Server
  readonly wire: unknown[]
} {
  const { port1, port2 } = new MessageChannel()
  const wire: unknown[] = []
  port1.on('message', (message: unknown) => wire.push(message))
  const client: Client = new Peer(port1, {})
  const server: Server = new Peer(port2, { add })
  onTestFinished(() => {
    port1.close()
  })
  return { client, server, wire }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('torn down'))
    })
  })

test('an answer comes back, after all that was reported on the way', async () => {
  const { client } = connect((numbers, { report }) => {
    for (let end = 1; end < numbers.length; end++) report({ sum: sum(numbers.slice(0, end)) })
    return sum(numbers)
  })
  const heard: number[] = []
  const answer = await client.call('add', [1, 2, 3], { onProgress: (progress) => heard.push(progress.sum) })
  expect([...heard, answer]).toEqual([1, 3, 6])
})

test('answers find their calls, in whatever order they come', async () => {
  const first = deferred()
  const { client } = connect(async (numbers) => {
    if (numbers[0] === 1) await first.promise
    else first.resolve()
    return sum(numbers)
  })
  expect(await Promise.all([client.call('add', [1]), client.call('add', [2])])).toEqual([1, 2])
  expect(client.inFlight).toBe(0)
})

describe('a failure crosses', () => {
  test('with all that it says, and nothing more', async () => {
    const { client, wire } = connect(() => {
      const cause = { headers: { authorization: 'Bearer secret' } }
      throw new DriveError('rate-limited', 'slowly', { retryAfterMs: 500, detail: 'create', cause })
    })
    expect(await failureOf(client.call('add', []))).toEqual({
      code: 'rate-limited',
      message: 'slowly',
      retryAfterMs: 500,
      detail: 'create',
    })
    expect(JSON.stringify(wire)).not.toContain('secret')
  })

  test('as internal when nobody foresaw it', async () => {
    const { client } = connect(() => {
      throw new TypeError('oops')
    })
    expect(await failureOf(client.call('add', []))).toEqual({ code: 'internal', message: 'oops' })
  })

  test('as internal when the answer cannot be sent', async () => {
    const { client } = connect(() => (() => 1) as unknown as number) // What must not happen happens.
    expect((await failureOf(client.call('add', []))).code).toBe('internal')
  })

  test('when nobody answers to the name', async () => {
    const { client } = connect(sum)
    const calls = client as unknown as Peer<Record<string, Sums['add']>> // As another version might call.
    for (const name of ['subtract', 'constructor', 'toString'])
      expect((await failureOf(calls.call(name, []))).code).toBe('internal')
  })
})

describe('cancelling', () => {
  test('tells the one who works on it, and the call ends as cancelled whatever that one throws', async () => {
    const controller = new AbortController()
    const { client } = connect((_numbers, { signal, report }) => {
      report({ sum: 0 })
      return untilAborted(signal)
    })
    const call = client.call('add', [], {
      signal: controller.signal,
      onProgress: () => {
        controller.abort()
      },
    })
    expect((await failureOf(call)).code).toBe('cancelled')
    expect(client.inFlight).toBe(0)
  })

  test('before the call keeps it from being made', async () => {
    let asked = 0
    const { client } = connect(() => ++asked)
    expect((await failureOf(client.call('add', [], { signal: AbortSignal.abort() }))).code).toBe('cancelled')
    await client.call('add', [])
    expect(asked).toBe(1)
  })

  test('one leaves the others alone', async () => {
    const controller = new AbortController()
    const { client } = connect((numbers, { signal }) =>
      numbers.length === 0 ? untilAborted(signal) : sum(numbers),
    )
    const cancelled = failureOf(client.call('add', [], { signal: controller.signal }))
    const other = client.call('add', [4])
    controller.abort()
    expect((await cancelled).code).toBe('cancelled')
    expect(await other).toBe(4)
  })

  test('after the end is not heard of any more', async () => {
    const controller = new AbortController()
    const { client, wire } = connect(sum)
    await client.call('add', [1], { signal: controller.signal })
    controller.abort()
    await client.call('add', [1])
    expect(wire).toHaveLength(2)
  })

  test('what is nevertheless done counts as done', async () => {
    const controller = new AbortController()
    const { client } = connect(async (numbers, { signal, report }) => {
      report({ sum: 0 })
      await untilAborted(signal).catch(() => undefined)
      return sum(numbers)
    })
    const options = {
      signal: controller.signal,
      onProgress: () => {
        controller.abort()
      },
    }
    expect(await client.call('add', [5], options)).toBe(5)
  })
})

describe('when the other side is gone', () => {
  test('every call in flight fails, with the reason, and so does every later one', async () => {
    const { client } = connect((_numbers, { signal }) => untilAborted(signal))
    const calls = [1, 2, 3].map((one) => failureOf(client.call('add', [one])))
    client.close('The thread ended with 1')
    for (const failure of [...(await Promise.all(calls)), await failureOf(client.call('add', []))])
      expect(failure).toEqual({ code: 'interrupted', message: 'The thread ended with 1' })
    expect(client.inFlight).toBe(0)
  })

  test('what was being done for it stops, and nothing is sent to it any more', async () => {
    const stopped = deferred()
    const { client, server, wire } = connect(async (_numbers, { signal, report }) => {
      report({ sum: 0 })
      await untilAborted(signal).catch(() => undefined)
      report({ sum: 1 })
      stopped.resolve()
      return 0
    })
    const begun = deferred()
    client
      .call('add', [], {
        onProgress: () => {
          begun.resolve()
        },
      })
      .catch(() => undefined)
    await begun.promise
    server.close('gone')
    await stopped.promise
    server.emit('said', 'anybody there?')
    await new Promise(setImmediate)
    expect(wire).toHaveLength(1)
  })
})

test('an event reaches its listener, and one without a listener harms nobody', async () => {
  const { client, server } = connect(sum)
  server.emit('said', 'too early')
  const heard = deferred<string>()
  await client.call('add', [])
  client.on('said', heard.resolve)
  server.emit('said', 'hello')
  expect(await heard.promise).toBe('hello')
})
