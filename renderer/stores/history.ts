import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { HistoryFilter } from '#app/history'
import { isFinal } from '#app/transfer'
import { call, listen } from '../api.ts'
import { atMostEvery } from '../at-most-every.ts'
import { PAGE_ROWS, pagesFor, rowAt, withPage, type Pages } from '../history-pages.ts'
import { useNotices } from './notices.ts'

/** Files end by the dozen a second; nobody reads faster than this. */
const ASK_EVERY_MS = 1000

/** What has come to an end, as far as somebody is looking at it: the engine's store has all of it. */
export const useHistory = defineStore('history', () => {
  const notices = useNotices()
  const filter = shallowRef<HistoryFilter>({ text: '', outcome: 'any' })
  /** Undefined until the first answer is here. */
  const total = shallowRef<number>()
  const pages = shallowRef<Pages>(new Map())
  /** The rows that are to be seen; nothing is asked for while there is nobody who looks. */
  let wanted: { readonly first: number; readonly last: number } | undefined
  /** Answers to older questions are dropped. */
  let question = 0
  const underWay = new Set<number>()

  const isEmpty = computed(() => total.value === 0)
  const isNarrowed = computed(() => filter.value.text.trim() !== '' || filter.value.outcome !== 'any')

  async function load(no: number): Promise<void> {
    if (underWay.has(no)) return
    underWay.add(no)
    const asked = question
    const query = { ...filter.value, offset: no * PAGE_ROWS, limit: PAGE_ROWS }
    const page = await notices.guard(call('history.find', query))
    if (asked !== question) return
    underWay.delete(no)
    if (!page) return
    total.value = page.total
    pages.value = withPage(pages.value, no, page)
  }

  /** Somebody looks at these rows. */
  function show(first: number, last: number): void {
    wanted = { first, last }
    for (const no of pagesFor(first, last)) if (!pages.value.has(no)) void load(no)
  }

  function hide(): void {
    wanted = undefined
  }

  /** What is shown stays until the new is here. */
  function reload(): void {
    if (!wanted) return
    question += 1
    underWay.clear()
    const seen = pagesFor(wanted.first, wanted.last)
    pages.value = new Map([...pages.value].filter(([no]) => seen.includes(no)))
    for (const no of seen) void load(no)
  }

  const reloadSoon = atMostEvery(ASK_EVERY_MS, reload)

  function narrow(change: Partial<HistoryFilter>): void {
    filter.value = { ...filter.value, ...change }
    question += 1
    underWay.clear()
    pages.value = new Map()
    wanted = { first: 0, last: 0 }
    void load(0)
  }

  /** For as long as the window lives. */
  function follow(): void {
    listen('transfers.changed', ({ changed, removed }) => {
      if (wanted && (removed.length > 0 || changed.some(({ state }) => isFinal(state)))) reloadSoon()
    })
  }

  return {
    filter,
    total,
    isEmpty,
    isNarrowed,
    show,
    hide,
    reload,
    narrow,
    follow,
    rowAt: (index: number) => rowAt(pages.value, index),
    exportAll: () => call('history.export', filter.value),
  }
})
