import { beforeEach, describe, expect, test } from 'vitest'
import { DriveError } from '#app/errors'
import type { Account } from '#app/session'
import { AccountFacts } from '#main/transfers/account-facts'
import { deferred } from '#test/deferred'
import { failureOf } from '#test/failures'

const HALF_A_MINUTE = 30_000

let now: number
let asked: number
let answer: () => Promise<Account>
let owners: string[]
let facts: AccountFacts

const account = (more: Partial<Account> = {}): Account => ({
  uid: '1',
  nickname: '',
  usedBytes: 40,
  totalBytes: 100,
  vip: false,
  ...more,
})
const says = (more: Partial<Account>) => {
  answer = () => Promise.resolve(account(more))
}
const fails = () => {
  answer = () => Promise.reject(new DriveError('server', 'user_info: HTTP 500'))
}

beforeEach(() => {
  now = 0
  asked = 0
  owners = []
  says({})
  facts = new AccountFacts(
    () => {
      asked++
      return answer()
    },
    'https://api.example',
    () => now,
    (owner) => owners.push(owner),
  )
})

describe('room', () => {
  test('is asked for once for many files that fit', async () => {
    for (let file = 0; file < 10; file++) expect(await facts.missingBytes(60)).toBe(0)
    expect(asked).toBe(1)
  })

  test.each([
    { name: 'what is free', before: () => undefined, missing: 10 },
    { name: 'what is under way', before: () => facts.reserve(25), missing: 35 },
    { name: 'what has arrived since', before: () => facts.reserve(25)(true), missing: 35 },
    { name: 'what did not arrive, which takes none', before: () => facts.reserve(25)(false), missing: 10 },
  ])('counts $name', async ({ before, missing }) => {
    await facts.owner()
    before()
    expect(await facts.missingBytes(70)).toBe(missing)
  })

  test('is not promised twice to those who ask at the same time', async () => {
    const ask = async (): Promise<number> => {
      const missing = await facts.missingBytes(40)
      if (missing === 0) facts.reserve(40)
      return missing
    }
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([0, 20, 20])
  })

  test('of a drive that is more than full is not even there for what it is over', async () => {
    says({ usedBytes: 130 })
    expect(await facts.missingBytes(5)).toBe(35)
  })

  test('is asked for anew before a file is turned away, but not for each of many', async () => {
    await facts.missingBytes(1)
    now += HALF_A_MINUTE + 1
    says({ usedBytes: 0 })
    expect(await facts.missingBytes(70)).toBe(0)
    expect(asked).toBe(2)
    for (let file = 0; file < 10; file++) expect(await facts.missingBytes(101)).toBe(1)
    expect(asked).toBe(2)
  })

  test('that the platform does not know of, or cannot be asked for, keeps nobody waiting', async () => {
    says({ totalBytes: 0 })
    expect(await facts.missingBytes(1e15)).toBe(0)
    facts.forget()
    fails()
    expect(await facts.missingBytes(1e15)).toBe(0)
    facts.forget()
    says({})
    expect(await facts.missingBytes(70)).toBe(10)
    now += HALF_A_MINUTE + 1
    fails()
    expect(await facts.missingBytes(70)).toBe(0)
  })
})

describe('whose drive it is', () => {
  test('is asked once, and not again because the room is', async () => {
    expect([await facts.owner(), await facts.owner()]).toEqual([
      'https://api.example#1',
      'https://api.example#1',
    ])
    facts.forget()
    fails()
    expect(await facts.owner()).toBe('https://api.example#1')
    expect(asked).toBe(1)
    expect(owners).toEqual(['https://api.example#1'])
  })

  test('has to be known: a platform that does not say is asked again by the next one', async () => {
    fails()
    expect((await failureOf(facts.owner())).code).toBe('server')
    says({})
    expect(await facts.owner()).toBe('https://api.example#1')
  })

  test('is not taken from an answer about the one who was signed in before', async () => {
    const first = deferred()
    answer = () => first.promise.then(() => account({ uid: 'first' }))
    const owner = facts.owner()
    facts.forgetOwner()
    says({ uid: 'second' })
    const second = facts.owner()
    first.resolve()
    expect([await owner, await second]).toEqual(['https://api.example#second', 'https://api.example#second'])
    expect(facts.lastOwner).toBe('https://api.example#second')
    expect(owners).toEqual(['https://api.example#second'])
  })
})
