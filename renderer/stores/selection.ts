import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { TransferId } from '#app/transfer'
import { follow, NOTHING_SELECTED, pick, pickAll, step, type Picking, type Selection } from '../selection.ts'

/** What is selected of the rows that are shown. */
export const useSelection = defineStore('selection', () => {
  const rows = shallowRef<readonly TransferId[]>([])
  const selection = shallowRef<Selection>(NOTHING_SELECTED)

  /** The same set while only the cursor goes: nothing is counted anew. */
  const selected = computed(() => selection.value.ids)
  /** In the order of the rows. */
  const ids = computed(() =>
    selected.value.size === 0 ? [] : rows.value.filter((id) => selected.value.has(id)),
  )
  const cursor = computed(() => selection.value.cursor)

  /** The rows are these now. */
  function show(shown: readonly TransferId[]): void {
    selection.value = follow(selection.value, rows.value, shown)
    rows.value = shown
  }

  return {
    rows,
    ids,
    cursor,
    show,
    has: (id: TransferId) => selection.value.ids.has(id),
    /** A click. */
    pick(id: TransferId, how: Picking) {
      selection.value = pick(selection.value, rows.value, id, how)
    },
    /** An arrow key. */
    step(by: number, how: Picking) {
      selection.value = step(selection.value, rows.value, by, how)
    },
    pickAll() {
      selection.value = pickAll(selection.value, rows.value)
    },
    clear() {
      selection.value = { ...NOTHING_SELECTED, cursor: selection.value.cursor }
    },
  }
})
