import { expect, test } from 'vitest'
import { DriveError, toFailure } from '#app/errors'
import { isCommand, isEvent } from '#app/ipc'
import { failure } from '#test/builders'

test('a failure crosses to another process and back with everything it says', () => {
  const sent = failure('rate-limited', { detail: 'create', retryAfterMs: 2000, traceId: 'abc' })
  expect(toFailure(DriveError.from(structuredClone(sent)))).toEqual(sent)
})

test('what caused an error does not cross: it may hold a request with its token', () => {
  const cause = Object.assign(new Error('socket'), { headers: { authorization: 'Bearer secret' } })
  expect(JSON.stringify(toFailure(new DriveError('connection-lost', 'broke', { cause })))).not.toContain(
    'secret',
  )
})

test.each([
  { name: 'an Error', thrown: new RangeError('too far'), message: 'too far' },
  { name: 'a string', thrown: 'boom', message: 'boom' },
  { name: 'nothing', thrown: undefined, message: 'undefined' },
])('$name nobody foresaw is internal, with its message for the log', ({ thrown, message }) => {
  expect(toFailure(thrown)).toEqual({ code: 'internal', message })
})

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'session', ''])(
  'the renderer cannot call or hear %j',
  (name) => {
    expect(isCommand(name)).toBe(false)
    expect(isEvent(name)).toBe(false)
  },
)
