import keytar from 'keytar'
import { expect, test } from 'vitest'

/** What every other end-to-end test stands on: when this one fails, look at build/support/desktop-session.sh first. */
test('the session has a keychain that keeps a password', async () => {
  await keytar.setPassword('123pan-sync-test', 'account', 'pässwort')
  try {
    expect(await keytar.getPassword('123pan-sync-test', 'account')).toBe('pässwort')
  } finally {
    await keytar.deletePassword('123pan-sync-test', 'account')
  }
})
