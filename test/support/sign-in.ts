import type { Emulator } from '#emulator/emulator'
import type { RunningApp } from './app.ts'

/** Signs in by hand with what the emulator's account has, puts off the first folder where it is offered, and waits for the name. */
export async function signIn(
  app: RunningApp,
  emulator: Emulator,
  kind: 'client' | 'token' = 'client',
): Promise<void> {
  await app.by(`signin-tab-${kind}`).click()
  if (kind === 'client') {
    await app.by('signin-client-id').fill(emulator.clientID)
    await app.by('signin-client-secret').fill(emulator.clientSecret)
  } else {
    await app.by('signin-token').fill(emulator.token)
  }
  await app.by('signin-submit').click()
  await signedIn(app)
}

/** The same for one who has just signed in another way. */
export async function signedIn(app: RunningApp): Promise<void> {
  const later = app.by('first-later')
  await later.or(app.by('account-name')).first().waitFor()
  if (await later.isVisible()) await later.click()
  await app.by('account-name').waitFor()
}
