import fc from 'fast-check'
import type { ErrorCode } from '#app/errors'
import type { TransferEvent } from '#app/transfer'
import { failure } from './builders.ts'

const code = fc.constantFrom<ErrorCode>(
  'offline',
  'server',
  'rate-limited',
  'timeout',
  'file-changed',
  'integrity',
  'cancelled',
  'quota-exceeded',
)
const now = fc.nat({ max: 1_000_000 })
const slices = fc.nat({ max: 4 })

const forward = fc.constantFrom<TransferEvent>(
  { type: 'started' },
  { type: 'hashed' },
  { type: 'sent-all' },
  { type: 'came-due' },
  { type: 'interrupted' },
  { type: 'retried' },
)
const failed = fc
  .record({ code, now, random: fc.double({ min: 0, max: 0.99, noNaN: true }) })
  .map((given): TransferEvent => ({ type: 'failed', ...given, failure: failure(given.code) }))
const sending = slices.map((slicesDone): TransferEvent => {
  return { type: 'sending', progress: { sent: slicesDone * 25, slicesDone, slices: 4 } }
})
const hashing = fc.nat({ max: 100 }).map((hashed): TransferEvent => ({ type: 'hash-progressed', hashed }))
const end = now.chain((at) =>
  fc.constantFrom<TransferEvent>(
    { type: 'cancelled', now: at },
    { type: 'gave-up', failure: failure('offline'), now: at },
    { type: 'skipped', failure: failure('name-taken'), now: at },
    { type: 'finished', result: { fileID: 7, method: 'sliced', md5: 'abc', sentBytes: 100 }, now: at },
  ),
)

/** Any event, those that bring a transfer forward most of the time. */
export const anyTransferEvent: fc.Arbitrary<TransferEvent> = fc.oneof(
  { weight: 8, arbitrary: forward },
  { weight: 3, arbitrary: failed },
  { weight: 2, arbitrary: sending },
  { weight: 1, arbitrary: hashing },
  { weight: 1, arbitrary: end },
)
