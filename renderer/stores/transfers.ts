import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef } from 'vue'
import type { AddReport, TransfersChange } from '#app/ipc'
import type { Transfer, TransferId } from '#app/transfer'
import { call, listen, pathsOf } from '../api.ts'
import { atMostEvery } from '../at-most-every.ts'
import { Speeds } from '../speeds.ts'
import { applies, possibleActions, type Action } from '../transfer-actions.ts'
import { TransferList, type Tab } from '../transfer-list.ts'

/** As many ids as one call takes, and some room. */
const AT_ONCE = 50_000

/** When rows come and go by the hundred, most that can be seen are drawn anew each time; nobody reads faster than this. */
const REORDER_EVERY_MS = 300

/** A mirror of main's list: it shows and asks, it decides nothing. */
export const useTransfers = defineStore('transfers', () => {
  const speeds = new Speeds()
  /** Triggered at every change. */
  const list = shallowRef(new TransferList())
  /** Triggered only when rows came, went or moved, and not for each: progress does not rebuild lists of 15,000 ids. */
  const order = shallowRef(list.value)
  /** How many questions to the disk (add, choose) are on their way. */
  const adding = shallowRef(0)

  const counts = computed(() => order.value.counts())
  const clearable = computed(() => order.value.clearable)
  const troubled = computed(() => order.value.troubled())
  const failedActions = computed(() => possible(order.value.ids('failed')))
  const paused = computed(() => order.value.paused)
  /** Nothing is left that a pause would hold. */
  const allPaused = computed(() => paused.value > 0 && paused.value === counts.value.active)
  const bytesLeft = computed(() => list.value.bytesLeft)
  const running = computed(() => list.value.running)

  const reorder = atMostEvery(REORDER_EVERY_MS, () => {
    triggerRef(order)
  })

  function apply(change: TransfersChange): void {
    const moved = list.value.apply(change)
    speeds.apply(change, Date.now())
    triggerRef(list)
    if (moved) reorder()
  }

  async function follow(onAdded: (report: AddReport) => void): Promise<void> {
    listen('transfers.changed', apply)
    listen('transfers.added', onAdded)
    await call('transfers.follow')
  }

  async function add(paths: readonly string[]): Promise<AddReport> {
    adding.value += 1
    try {
      return await call('transfers.add', paths)
    } finally {
      adding.value -= 1
    }
  }

  /** The system's chooser; empty when the person changed their mind. */
  const ask = (kind: 'files' | 'folders'): Promise<readonly string[]> => call('dialog.choose', kind)

  /** Undefined when the person changed their mind. */
  async function choose(kind: 'files' | 'folders'): Promise<AddReport | undefined> {
    const paths = await ask(kind)
    return paths.length > 0 ? add(paths) : undefined
  }

  /** Undefined when nothing that was dropped is a file of this machine. */
  async function drop(files: Iterable<File>): Promise<AddReport | undefined> {
    const paths = pathsOf(files)
    return paths.length > 0 ? add(paths) : undefined
  }

  /** What would change something about one of them at least; looked at anew when rows come, go or move. */
  function possible(ids: readonly TransferId[]): ReadonlySet<Action> {
    return possibleActions(ids.flatMap((id) => order.value.get(id)?.state ?? []))
  }

  /** Has it done with those of them that it applies to, in their order. */
  async function act(action: Action, ids: readonly TransferId[]): Promise<void> {
    const those = ids.filter((id) => {
      const state = list.value.get(id)?.state
      return state !== undefined && applies(action, state)
    })
    const batches = Array.from({ length: Math.ceil(those.length / AT_ONCE) }, (_, index) =>
      those.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    )
    // What is put first last, stands first.
    if (action === 'first') batches.reverse()
    for (const batch of batches) await have(action, batch)
  }

  return {
    adding,
    counts,
    troubled,
    clearable,
    failedActions,
    paused,
    allPaused,
    bytesLeft,
    running,
    follow,
    add,
    ask,
    choose,
    drop,
    possible,
    act,
    get: (id: TransferId): Transfer | undefined => list.value.get(id),
    ids: (tab: Tab, search?: string) => order.value.ids(tab, search),
    speedOf: (id: TransferId, now: number) => speeds.of(id, now),
    isSteady: (id: TransferId, now: number) => speeds.isSteady(id, now),
    clearDone: () => act('clear', order.value.clearableIds()),
    showInFolder: (id: TransferId) => call('transfers.showInFolder', id),
  }
})

/** Has main do it. */
function have(action: Action, ids: readonly TransferId[]): Promise<void> {
  switch (action) {
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'clear':
      return call(`transfers.${action}`, ids)
    case 'retry':
      return call('transfers.retry', ids)
    case 'overwrite':
    case 'keep-both':
    case 'skip':
      return call('transfers.retry', ids, action)
    case 'first':
    case 'last':
      return call('transfers.reorder', ids, action)
  }
}
