import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Problem } from '#app/ipc'
import { call, listen } from '../api.ts'
import { issuesOf, paths, transferIds, type Affected } from '../issues.ts'
import type { Action } from '../transfer-actions.ts'
import { usePairs } from './pairs.ts'
import { useQueue } from './queue.ts'
import { useTransfers } from './transfers.ts'

/** What a person should know of or do, by cause. Skipped paths are a mirror of the engine's; the rest follows from transfers and queue. */
export const useIssues = defineStore('issues', () => {
  const transfers = useTransfers()
  const queue = useQueue()
  const pairs = usePairs()
  const problems = shallowRef<readonly Problem[]>([])

  const blocked = computed(() => queue.status.blocked?.reason)
  const issues = computed(() => issuesOf(blocked.value, transfers.troubled, problems.value))
  /** How many things are wrong: files, paths, and what holds up all of them. */
  const count = computed(
    () => issues.value.reduce((sum, { affected }) => sum + Math.max(1, affected.length), 0) + pairs.troubles,
  )

  async function follow(): Promise<void> {
    listen('problems.changed', (all) => (problems.value = all))
    problems.value = await call('problems.get')
  }

  /** As the person wants it for those on the list; paths are looked at again. */
  async function mend(affected: readonly Affected[], action: Action): Promise<void> {
    const skipped = paths(affected)
    await transfers.act(action, transferIds(affected))
    if (skipped.length > 0) await call('problems.retry', skipped)
  }

  /** Off the list and out of the issues; transfers stay in the history. */
  async function dismiss(affected: readonly Affected[]): Promise<void> {
    const skipped = paths(affected)
    await transfers.act('clear', transferIds(affected))
    if (skipped.length > 0) await call('problems.dismiss', skipped)
  }

  return {
    issues,
    count,
    follow,
    mend,
    dismiss,
    showInFolder: (path: string) => call('problems.showInFolder', path),
  }
})
