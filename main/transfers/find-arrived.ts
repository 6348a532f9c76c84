import { setTimeout as sleep } from 'node:timers/promises'
import { DriveError } from '#app/errors'
import { isSuffixed } from '#app/naming'
import type { RemoteEntry } from '#app/sync/tree'
import type { TransferContext } from './context.ts'
import type { Sending } from './job.ts'

/** A listing may lag a little behind. */
const LOOKS = 3

/**
 * The platform says the file is there but not under which id (platform-facts 3.1): the one file of that name, size and MD5 in the
 * folder, if there is exactly one that was not there before.
 */
export async function findArrived(sending: Sending, context: TransferContext): Promise<number | undefined> {
  const { to, signal } = sending.job
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await sleep(context.tuning.pollMs, undefined, { signal })
    const place = await context.index.locate(to, context.now())
    const [only, second] = arrivedSince({ ...sending, place }, context)
    if (second) throw ambiguous(sending)
    if (only) return only.fileID
  }
  return undefined
}

/** More than one file could be the one we sent: a person must look. */
export function ambiguous({ job }: Sending): DriveError {
  return new DriveError('ambiguous', 'More than one file there could be this one', { detail: job.to.name })
}

/**
 * Files that can only be what we sent: our content, our name (or a suffixed one when both are kept), not there before we began. What
 * another transfer sent, or sends, is that one's: `a_2.txt` may hold what `a.txt` holds.
 */
export function arrivedSince(sending: Sending, { isOfAnother }: TransferContext): readonly RemoteEntry[] {
  const { to, carry, onDuplicate } = sending.job
  const { before } = carry
  if (!before) return []
  const arrived = sameContent(sending).filter(
    ({ name, fileID }) =>
      !before.has(fileID) &&
      (name === to.name ||
        (onDuplicate === 'keep-both' && isSuffixed(name, to.name) && !isOfAnother({ ...to, name }, fileID))),
  )
  // Listed and noted, a file stands there twice.
  return [...new Map(arrived.map((entry) => [entry.fileID, entry])).values()]
}

export function sameContent({ identity, hashes, place }: Sending): readonly RemoteEntry[] {
  return place.siblings.filter(
    (entry) => entry.kind === 'file' && entry.size === identity.size && entry.md5 === hashes.md5,
  )
}
