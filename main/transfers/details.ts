import type { SliceMap, TransferDetails } from '#app/details'
import { rangesOf, sliceCount } from '#app/slices'
import type { StoredTransfer } from './queue-store.ts'

/** What whoever looks closer at a transfer is told of it. */
export function detailsOf({ transfer, carry }: Pick<StoredTransfer, 'transfer' | 'carry'>): TransferDetails {
  const { state } = transfer
  const md5 = state.status === 'done' ? state.md5 : carry.hashes?.md5
  const slices = sliceMap({ transfer, carry })
  const { lastFailure } = carry
  return {
    transfer,
    failures: lastFailure?.times ?? 0,
    sentBytes: state.status === 'done' ? state.sentBytes : carry.sentBytes,
    ...(md5 === undefined ? {} : { md5 }),
    ...(slices ? { slices } : {}),
    ...(lastFailure ? { lastFailure: { failure: lastFailure.failure, at: lastFailure.at } } : {}),
  }
}

function sliceMap({ transfer, carry }: Pick<StoredTransfer, 'transfer' | 'carry'>): SliceMap | undefined {
  const { upload, completedSliceSize, identity } = carry
  if (upload) {
    const count = sliceCount(identity?.size ?? transfer.size, upload.sliceSize)
    return { sizeBytes: upload.sliceSize, count, done: rangesOf(upload.done) }
  }
  if (completedSliceSize === undefined) return undefined
  const count = sliceCount(transfer.size, completedSliceSize)
  return { sizeBytes: completedSliceSize, count, done: [{ from: 1, end: count + 1 }] }
}
