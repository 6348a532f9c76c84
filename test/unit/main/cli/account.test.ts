import { describe, expect, test } from 'vitest'
import type { Session } from '#app/session'
import { logout, whoami } from '#main/cli/account'
import { CLI_TEXTS } from '#main/cli/words'

const LANGUAGES = ['en', 'zh-CN'] as const

describe('logout says what happened', () => {
  test.each(
    LANGUAGES.flatMap((language) => [
      { language, removed: true, environment: false, says: ['signedOut'] as const },
      { language, removed: false, environment: false, says: ['nobodyWasSignedIn'] as const },
      {
        language,
        removed: false,
        environment: true,
        says: ['nobodyWasSignedIn', 'environmentStays'] as const,
      },
    ]),
  )('$language, removed: $removed, environment: $environment', async (row) => {
    const printed: string[] = []
    const texts = CLI_TEXTS[row.language]
    const session = { signOut: () => Promise.resolve(row.removed) }
    await logout(session, row.environment, texts, (text) => printed.push(text))
    expect(printed).toEqual(row.says.map((key) => texts[key]))
  })
})

describe('whoami', () => {
  const account = {
    uid: '18',
    nickname: '小李',
    usedBytes: 1024 ** 3,
    totalBytes: 2048 * 1024 ** 3,
    vip: false,
  }
  const state: Session & { status: 'signed-in' } = {
    status: 'signed-in',
    kept: 'keychain',
    account,
    expiresAt: Date.UTC(2027, 1, 21),
  }
  const said = (language: (typeof LANGUAGES)[number], json = false): string => {
    const printed: string[] = []
    whoami(state, json, CLI_TEXTS[language], (text) => printed.push(text))
    return printed.join('\n')
  }

  test('in both languages', () => {
    expect(said('en')).toBe('小李 (uid 18), 1.0 GB of 2048.0 GB used, until 2027-02-21')
    expect(said('zh-CN')).toBe('小李（uid 18），已用 1.0 GB / 2048.0 GB，凭据有效至 2027-02-21')
  })

  test('for programs the same in both', () => {
    expect(said('zh-CN', true)).toBe(said('en', true))
  })
})
