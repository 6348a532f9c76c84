import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { NewPair, PairChange, PairId, PairStatus, SyncAnswer } from '#app/sync/pair'
import { isFinal, type Transfer } from '#app/transfer'
import { call, listen } from '../api.ts'
import type { Uploading } from '../pair-words.ts'
import type { PairTab } from '../pair-tabs.ts'
import { splitPath } from '../transfer-list.ts'
import { useTransfers } from './transfers.ts'

/** A mirror of main's folder pairs: it shows and asks, it decides nothing. */
export const usePairs = defineStore('pairs', () => {
  const transfers = useTransfers()
  const pairs = shallowRef<readonly PairStatus[]>([])
  /** The most there was to upload since a pair began to: what is left of it is its progress. */
  const most = shallowRef<ReadonlyMap<PairId, number>>(new Map())

  /** Looked at closely. */
  const shown = shallowRef<{ readonly id: PairId; readonly tab: PairTab }>()

  const halted = computed(() => pairs.value.filter(({ state }) => state.status === 'halted'))
  const allPaused = computed(
    () => pairs.value.length > 0 && pairs.value.every(({ state }) => state.status === 'paused'),
  )
  /** Those in which a person has to look at something. */
  const troubled = computed(() =>
    pairs.value.filter(({ state, problems }) => problems > 0 || state.status === 'halted'),
  )
  const troubles = computed(
    () => pairs.value.reduce((sum, { problems }) => sum + problems, 0) + halted.value.length,
  )

  function take(all: readonly PairStatus[]): void {
    pairs.value = all
    const peaks = new Map<PairId, number>()
    for (const { pair, state } of all)
      if (state.status === 'syncing')
        peaks.set(pair.id, Math.max(state.left.upload, most.value.get(pair.id) ?? 0))
    most.value = peaks
  }

  async function follow(): Promise<void> {
    listen('sync.changed', take)
    take(await call('sync.list'))
  }

  /** When it is done the list has it: what follows shows no page without folders. */
  async function add(wanted: NewPair): Promise<PairId> {
    const id = await call('sync.add', wanted)
    // Main tells of it in any case, a moment later.
    await call('sync.list').then(take, () => undefined)
    return id
  }

  /** 0 to 1; undefined where nothing goes up. */
  function progress({ pair, state }: PairStatus): number | undefined {
    const all = most.value.get(pair.id) ?? 0
    return state.status === 'syncing' && state.left.upload > 0 && all > 0
      ? 1 - state.left.upload / all
      : undefined
  }

  /** The files of the pair that are under way. */
  function uploading({ pair }: PairStatus): Uploading | undefined {
    const names: string[] = []
    for (const id of transfers.ids('active')) {
      const transfer = transfers.get(id)
      if (!transfer || !isOf(transfer, pair.localPath)) continue
      names.push(splitPath(transfer.path).name)
      if (names.length > 1) break
    }
    const [name] = names
    return name === undefined ? undefined : { name, several: names.length > 1 }
  }

  return {
    pairs,
    halted,
    allPaused,
    troubled,
    troubles,
    shown,
    follow,
    progress,
    uploading,
    add,
    change: (id: PairId, change: PairChange) => call('sync.change', id, change),
    remove: (id: PairId) => call('sync.remove', id),
    now: (which: PairId | 'all', what: 'changes' | 'everything') => call('sync.now', which, what),
    /** For a while, or until somebody resumes. */
    pause: (which: PairId | 'all', forMs?: number) =>
      forMs === undefined ? call('sync.pause', which) : call('sync.pause', which, forMs),
    resume: (which: PairId | 'all') => call('sync.resume', which),
    answer: (id: PairId, answer: SyncAnswer) => call('sync.answer', id, answer),
    events: (id: PairId) => call('sync.events', id),
    problems: (id: PairId) => call('sync.problems', id),
    ignored: (id: PairId) => call('sync.ignored', id),
    showInFolder: (id: PairId, path?: string) =>
      path === undefined ? call('sync.showInFolder', id) : call('sync.showInFolder', id, path),
  }
})

/** Sent for a pair with that folder, and at work. */
function isOf({ source, path, state }: Transfer, localPath: string): boolean {
  if (source !== 'sync' || isFinal(state) || state.status === 'queued') return false
  return path.startsWith(localPath) && /[\\/]/u.test(path.charAt(localPath.length) || localPath.slice(-1))
}
