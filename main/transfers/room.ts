import { DriveError, toFailure } from '#app/errors'
import type { TransferContext } from './context.ts'
import type { Sending } from './job.ts'

/** Sends a file that fits, and promises its room to nobody else meanwhile; one that does not fit is not sent in vain. */
export async function withRoom<T>(
  { job, identity: { size } }: Sending,
  { account }: TransferContext,
  send: () => Promise<T>,
): Promise<T> {
  // What has been begun is ended: the platform may have set its room aside, and its bytes are there.
  const missing = job.carry.upload ? 0 : await account.missingBytes(size)
  if (missing > 0) throw full(missing)
  const release = account.reserve(size)
  try {
    const arrival = await send()
    release(true)
    return arrival
  } catch (thrown) {
    release(false)
    if (toFailure(thrown).code !== 'quota-exceeded') throw thrown
    // Somebody else took the room since we asked.
    account.forget()
    throw full(await account.missingBytes(size), thrown)
  }
}

function full(missing: number, cause?: unknown): DriveError {
  return new DriveError('quota-exceeded', `The drive has ${missing} bytes too few`, {
    ...(missing > 0 ? { detail: gigabytes(missing) } : {}),
    cause,
  })
}

/** Rounded up: freeing that much is enough. */
function gigabytes(bytes: number): string {
  return bytes < 1024 ** 3
    ? `${Math.ceil(bytes / 1024 ** 2)} MB`
    : `${(Math.ceil((bytes / 1024 ** 3) * 10) / 10).toFixed(1)} GB`
}
