import { describe, expect, test } from 'vitest'
import { credentialsFrom, credentialsSchema, parseSecret, printSecret } from '#main/session/secret'

const CLIENT = { kind: 'client', clientID: 'id', clientSecret: 'secret' } as const
const TOKEN = { kind: 'token', token: 'eyJ.abc' } as const

describe('what the keychain holds', () => {
  test.each([
    { name: 'a pasted token', secret: { credentials: TOKEN } },
    { name: 'an id and secret', secret: { credentials: CLIENT } },
    {
      name: 'an id and secret with the token issued for them',
      secret: { credentials: CLIENT, issued: { token: 'eyJ', expiresAt: 5 } },
    },
  ])('$name comes back as it was kept', ({ secret }) => {
    expect(parseSecret(printSecret(secret))).toMatchObject(secret)
  })

  test.each(['', 'null', '{}', '[]', 'eyJ.abc', '{"version":2,"credentials":{"kind":"token","token":"x"}}'])(
    '%j from another version is nothing',
    (text) => {
      expect(parseSecret(text)).toBeUndefined()
    },
  )
})

describe('what is typed or pasted', () => {
  test('loses the blanks around it', () => {
    expect(credentialsSchema.parse({ kind: 'token', token: ' eyJ.abc\n' })).toEqual(TOKEN)
    expect(credentialsSchema.parse({ kind: 'client', clientID: ' id ', clientSecret: 'secret\t' })).toEqual(
      CLIENT,
    )
  })

  test.each([
    { name: 'an empty token', given: { kind: 'token', token: '  ' } },
    {
      name: 'a token with a line break, which would end a header',
      given: { kind: 'token', token: 'a\r\nX-Evil: 1' },
    },
    { name: 'a token with Chinese in it', given: { kind: 'token', token: '令牌' } },
    { name: 'a token of a book’s length', given: { kind: 'token', token: 'x'.repeat(20_000) } },
    { name: 'an id without a secret', given: { kind: 'client', clientID: 'id', clientSecret: '' } },
    { name: 'neither kind', given: { kind: 'password', token: 'x' } },
  ])('$name is not taken', ({ given }) => {
    expect(credentialsSchema.safeParse(given).success).toBe(false)
  })
})

describe('the environment', () => {
  test.each([
    { name: 'a token', env: { PAN123_TOKEN: 'eyJ.abc' }, is: TOKEN },
    { name: 'an id and secret', env: { PAN123_CLIENT_ID: 'id', PAN123_CLIENT_SECRET: 'secret' }, is: CLIENT },
    {
      name: 'both: the token',
      env: { PAN123_TOKEN: 'eyJ.abc', PAN123_CLIENT_ID: 'id', PAN123_CLIENT_SECRET: 's' },
      is: TOKEN,
    },
    { name: 'empty variables: nobody', env: { PAN123_TOKEN: '', PAN123_CLIENT_ID: '' }, is: undefined },
    { name: 'nothing: nobody', env: {}, is: undefined },
  ])('$name', ({ env, is }) => {
    expect(credentialsFrom(env)).toEqual(is)
  })

  test.each([{ PAN123_CLIENT_ID: 'id' }, { PAN123_CLIENT_SECRET: 'secret' }])(
    'half of it is a mistake: %o',
    (env) => {
      expect(() => credentialsFrom(env)).toThrow('go together')
    },
  )
})
