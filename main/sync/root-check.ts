import { toFailure } from '#app/errors'
import type { HaltReason, SyncPair } from '#app/sync/pair'
import { judgeRoot } from '#app/sync/safety'
import type { PairFacts } from '../store/sync-store.ts'
import type { DriveKind } from './scan-jobs.ts'
import type { SyncContext } from './sync-context.ts'

export type RootCheck =
  | { readonly kind: 'halt'; readonly reason: HaltReason }
  | {
      readonly kind: 'fine'
      readonly ino: string
      readonly drive: DriveKind
      /** Set when they are not what was known. */
      readonly facts: { readonly dev: string; readonly ino: string } | undefined
    }

/** Before each plan: that the local root is the folder the pair was made for (pitfalls 1). `entries`: of the base, directly in it. */
export async function checkRoot(
  { id, localPath }: SyncPair,
  { root: known }: PairFacts,
  entries: number,
  { scanner }: SyncContext,
  signal: AbortSignal,
): Promise<RootCheck> {
  let seen
  try {
    seen = await scanner.root(localPath, signal)
  } catch (thrown) {
    switch (toFailure(thrown).code) {
      case 'file-missing':
      case 'not-a-file':
        return { kind: 'halt', reason: 'root-missing' }
      case 'folder-unreadable':
      case 'file-unreadable':
        return { kind: 'halt', reason: 'root-unreadable' }
      default:
        throw thrown
    }
  }
  const { dev, ino, drive } = seen
  const verdict = judgeRoot(known ?? { dev, ino }, seen, id, entries)
  if (verdict !== 'same') return { kind: 'halt', reason: verdict }
  if (!seen.marks?.includes(id)) await scanner.mark(localPath, id, 'mark', signal)
  const isKnown = known?.dev === dev && known.ino === ino
  return { kind: 'fine', ino, drive, facts: isKnown ? undefined : { dev, ino } }
}
