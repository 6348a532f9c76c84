import { DriveError } from '#app/errors'

/** The operating system's safe for one secret text an account. */
export interface Keychain {
  get(account: string): Promise<string | undefined>
  set(account: string, secret: string): Promise<void>
  /** Whether there was one. */
  delete(account: string): Promise<boolean>
}

const SERVICE = '123pan Sync'

/** The real one. The only importer of keytar, and lazily: where its library is missing the program still runs. */
export function systemKeychain(): Keychain {
  const keytar = async () => (await import('keytar')).default
  return {
    get: (account) =>
      guarded(async () => (await (await keytar()).getPassword(SERVICE, account)) ?? undefined),
    set: (account, secret) => guarded(async () => (await keytar()).setPassword(SERVICE, account, secret)),
    delete: (account) => guarded(async () => (await keytar()).deletePassword(SERVICE, account)),
  }
}

async function guarded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new DriveError('keychain-unavailable', `The system keychain does not answer: ${reason}`, {
      cause: thrown,
    })
  }
}
