import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef } from 'vue'
import type { AddReport, TransfersChange } from '#app/ipc'
import { isRetriable, type DuplicatePolicy, type Transfer, type TransferId } from '#app/transfer'
import { call, listen, pathsOf } from '../api.ts'
import { Speeds } from '../speeds.ts'
import { inOrder, TransferList, type Tab } from '../transfer-list.ts'

/** A mirror of main's list: it shows and asks, it decides nothing. */
export const useTransfers = defineStore('transfers', () => {
  const speeds = new Speeds()
  /** Triggered at every change. */
  const list = shallowRef(new TransferList())
  /** Triggered only when rows came, went or moved: progress does not rebuild lists of 15,000 ids. */
  const order = shallowRef(list.value)
  /** How many questions to the disk (add, choose) are on their way. */
  const adding = shallowRef(0)

  const counts = computed(() => order.value.counts())
  const clearable = computed(() => order.value.clearable)
  const canRetry = computed(() =>
    order.value.ids('failed').some((id) => {
      const state = order.value.get(id)?.state
      return state !== undefined && isRetriable(state)
    }),
  )
  const bytesLeft = computed(() => list.value.bytesLeft)
  const running = computed(() => list.value.running)

  function apply(change: TransfersChange): void {
    const moved = list.value.apply(change)
    speeds.apply(change, Date.now())
    triggerRef(list)
    if (moved) triggerRef(order)
  }

  async function follow(onAdded: (report: AddReport) => void): Promise<void> {
    listen('transfers.changed', apply)
    listen('transfers.added', onAdded)
    apply({ changed: inOrder(await call('transfers.list')), removed: [] })
  }

  async function add(paths: readonly string[]): Promise<AddReport> {
    adding.value += 1
    try {
      return await call('transfers.add', paths)
    } finally {
      adding.value -= 1
    }
  }

  /** Undefined when the person changed their mind. */
  async function choose(kind: 'files' | 'folders'): Promise<AddReport | undefined> {
    const paths = await call('dialog.choose', kind)
    return paths.length > 0 ? add(paths) : undefined
  }

  /** Undefined when nothing that was dropped is a file of this machine. */
  async function drop(files: Iterable<File>): Promise<AddReport | undefined> {
    const paths = pathsOf(files)
    return paths.length > 0 ? add(paths) : undefined
  }

  function retry(ids: readonly TransferId[], onDuplicate?: DuplicatePolicy): Promise<void> {
    return onDuplicate ? call('transfers.retry', ids, onDuplicate) : call('transfers.retry', ids)
  }

  return {
    adding,
    counts,
    clearable,
    canRetry,
    bytesLeft,
    running,
    follow,
    choose,
    drop,
    retry,
    get: (id: TransferId): Transfer | undefined => list.value.get(id),
    ids: (tab: Tab, search?: string) => order.value.ids(tab, search),
    speedOf: (id: TransferId, now: number) => speeds.of(id, now),
    isSteady: (id: TransferId, now: number) => speeds.isSteady(id, now),
    retryFailed: () => retry(order.value.ids('failed')),
    cancel: (id: TransferId) => call('transfers.cancel', [id]),
    clearDone: () => call('transfers.clear', order.value.clearableIds()),
    clear: (ids: readonly TransferId[]) => call('transfers.clear', ids),
    showInFolder: (id: TransferId) => call('transfers.showInFolder', id),
  }
})
