import type { Deletions } from './pair.ts'
import type { Removal } from './plan.ts'
import type { NodeId } from './tree.ts'

/** Deleting more than this goes to the bin only after a yes (design 5). */
const MOST_FILES = 1000
const MOST_SHARE = 0.5
const EXAMPLES = 50

export interface Gate {
  /** These may go now. */
  readonly allowed: readonly Removal[]
  /** These wait for a yes. */
  readonly held: Deletions | undefined
}

/** `total`: files in the base, those about to go included. `approved`: rows a person has said yes to. */
export function gateRemovals(
  removals: readonly Removal[],
  total: number,
  approved: ReadonlySet<NodeId>,
): Gate {
  const asked = removals.filter(({ node }) => !approved.has(node))
  const files = asked.reduce((sum, removal) => sum + removal.files, 0)
  // One file that is the whole of a small folder is an ordinary day.
  const isMass = files > MOST_FILES || (files > 1 && files > total * MOST_SHARE)
  if (!isMass) return { allowed: removals, held: undefined }
  const examples = asked.slice(0, EXAMPLES).map(({ path }) => path.join('/'))
  return {
    allowed: removals.filter(({ node }) => approved.has(node)),
    held: { files, total, examples },
  }
}

/** What is known of a pair's local root: from the store, and from a look at it just now. */
export interface RootSeen {
  readonly dev: string
  readonly ino: string
  /** Ids of the pairs that its marker names; undefined when it has none. */
  readonly marks: readonly string[] | undefined
  readonly isEmpty: boolean
}

export type RootVerdict = 'same' | 'root-replaced' | 'root-emptied'

/**
 * Whether the folder is the one the pair was made for (pitfalls 1). The marker decides, as numbers of disks change when they are
 * plugged in anew; without it the numbers do. `entries`: how many the base has directly in the root.
 */
export function judgeRoot(
  known: { readonly dev: string; readonly ino: string },
  seen: RootSeen,
  pairId: string,
  entries: number,
): RootVerdict {
  const isMarked = seen.marks?.includes(pairId) === true
  const isSameInode = known.dev === seen.dev && known.ino === seen.ino
  if (!isMarked && !isSameInode) return 'root-replaced'
  // Two at least: one file that was the only one is an ordinary day.
  return seen.isEmpty && entries > 1 ? 'root-emptied' : 'same'
}
