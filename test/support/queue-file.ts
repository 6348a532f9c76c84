import { mkdir } from 'node:fs/promises'
import type { Transfer } from '#app/transfer'
import { openStore } from '#main/store/open-store'
import { newCarry } from '#main/transfers/job'
import type { StoredTransfer } from '#main/transfers/queue-store'
import { destination } from './builders.ts'

/** What is left out of a transfer in a data folder is as of one that has just been added. */
export type Written = Pick<StoredTransfer, 'transfer'> & Partial<Pick<StoredTransfer, 'carry'>>

/** Puts transfers into the queue of a data folder that nobody has open; those in `history` are off the list. */
export async function writeQueue(
  data: string,
  written: readonly Written[],
  {
    paused = false,
    history = [],
  }: { readonly paused?: boolean; readonly history?: readonly Transfer[] } = {},
): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  const { store } = openStore(data)
  store.save({
    transfers: written.map(({ transfer, carry = newCarry() }) => ({
      transfer,
      to: destination(transfer.remotePath),
      onDuplicate: 'fail',
      askedAt: transfer.addedAt,
      carry,
    })),
    slices: written.flatMap(({ transfer: { id }, carry }) =>
      [...(carry?.upload?.done ?? [])].map((no) => ({ id, upload: carry?.upload?.preuploadID ?? '', no })),
    ),
    unlisted: history.map(({ id }) => id),
    facts: paused ? [['paused', '']] : [],
  })
  store.close()
}
