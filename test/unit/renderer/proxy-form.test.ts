import { expect, test } from 'vitest'
import { formOf, parseProxy, problemsIn, type ProxyForm } from '../../../renderer/proxy-form.ts'

const GOOD: ProxyForm = { protocol: 'socks5', host: '127.0.0.1', port: '1080', username: '' }

test('what is typed is what is set, and back', () => {
  const proxy = { kind: 'manual', protocol: 'socks5', host: '127.0.0.1', port: 1080 } as const
  expect(parseProxy(GOOD)).toEqual(proxy)
  expect(formOf(proxy)).toEqual(GOOD)
  expect(parseProxy({ ...GOOD, username: '李' })).toEqual({ ...proxy, username: '李' })
  expect(formOf({ ...proxy, username: '李' }).username).toBe('李')
  expect(formOf({ kind: 'system' })).toMatchObject({ host: '', port: '' })
})

test('an address may come with the spaces and brackets it was copied with', () => {
  expect(parseProxy({ ...GOOD, host: ' [fd00::1] ', port: ' 80 ' })).toMatchObject({
    host: 'fd00::1',
    port: 80,
  })
})

test.each<[Partial<ProxyForm>, string]>([
  [{ host: '' }, 'host'],
  [{ host: 'http://p' }, 'host'],
  [{ host: 'p:1080' }, 'host'],
  [{ host: 'user@p' }, 'host'],
  [{ port: '' }, 'port'],
  [{ port: '0' }, 'port'],
  [{ port: '65536' }, 'port'],
  [{ port: '80a' }, 'port'],
  [{ username: 'li:secret' }, 'username'],
  [{ username: 'li\n' }, 'username'],
])('%o', (change, field) => {
  expect(Object.keys(problemsIn({ ...GOOD, ...change }))).toEqual([field])
  expect(parseProxy({ ...GOOD, ...change })).toBeUndefined()
})
