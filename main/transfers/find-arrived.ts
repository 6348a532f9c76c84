import { setTimeout as sleep } from 'node:timers/promises'
import type { RemoteEntry } from '../cloud/client.ts'
import type { TransferContext } from './context.ts'
import type { Sending } from './job.ts'
import type { RemoteIndex } from './remote-index.ts'

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
    const [only, second] = arrivedSince({ ...sending, place }, context.index)
    if (only && !second) return only.fileID
  }
  return undefined
}

/**
 * Files that can only be what we sent: our content, our name (or a suffixed one when both are kept), not there before we began. A name
 * that another file of ours has is that one's: `ab.txt` may hold what `a.txt` holds.
 */
export function arrivedSince(sending: Sending, index: RemoteIndex): readonly RemoteEntry[] {
  const { to, carry, onDuplicate } = sending.job
  const arrived = sameContent(sending).filter(
    ({ name, fileID }) =>
      !carry.before?.has(fileID) &&
      (name === to.name ||
        (onDuplicate === 'keep-both' && isSuffixed(name, to.name) && !index.isAimedAt({ ...to, name }))),
  )
  // Listed and noted, a file stands there twice.
  return [...new Map(arrived.map((entry) => [entry.fileID, entry])).values()]
}

export function sameContent({ identity, hashes, place }: Sending): readonly RemoteEntry[] {
  return place.siblings.filter(
    (entry) => entry.kind === 'file' && entry.size === identity.size && entry.md5 === hashes.md5,
  )
}

/** Keeping both adds a suffix of a form nobody documents (platform-facts 5): same beginning, same extension. */
function isSuffixed(name: string, original: string): boolean {
  const dot = original.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [original.slice(0, dot), original.slice(dot)] : [original, '']
  return name.startsWith(stem) && name.endsWith(extension)
}
