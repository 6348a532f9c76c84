import { shallowRef, watch, type ShallowRef } from 'vue'
import type { TransferDetails } from '#app/details'
import type { TransferId } from '#app/transfer'
import { call } from '../api.ts'
import { atMostEvery } from '../at-most-every.ts'
import { useTransfers } from './transfers.ts'

/** Nobody reads numbers faster. */
const ASK_EVERY_MS = 500

/** What is known of one transfer, on the list or in the history; asked for again whenever its row changes. */
export function useDetails(id: () => TransferId | undefined): ShallowRef<TransferDetails | undefined> {
  const transfers = useTransfers()
  const details = shallowRef<TransferDetails>()

  async function ask(): Promise<void> {
    const wanted = id()
    if (!wanted) return
    // What can't be had just now is asked for again with the next change of the row, which says more than a failure of this.
    const answer = await call('transfers.details', wanted).catch(() => undefined)
    // Another one may be looked at by now; one that left the list and the history stays as it was.
    if (answer && wanted === id()) details.value = answer
  }

  const askSoon = atMostEvery(ASK_EVERY_MS, () => void ask())
  watch(
    id,
    (wanted) => {
      if (wanted !== details.value?.transfer.id) details.value = undefined
      void ask()
    },
    { immediate: true },
  )
  watch(() => {
    const wanted = id()
    return wanted && transfers.get(wanted)
  }, askSoon)
  return details
}
