import { parentPort } from 'node:worker_threads'
import { connections } from '../cloud/requests.ts'
import { hashFile } from './hash.ts'
import type { TransferJobs } from './jobs.ts'
import { Peer, type NoApi } from './rpc.ts'
import { sendSingle, sendSlice } from './send.ts'

if (!parentPort) throw new Error('transfer.worker runs only as a worker thread')

/** More often than a window is repainted would only cost. */
const REPORT_EVERY_MS = 100

new Peer<NoApi, TransferJobs>(parentPort, {
  hash: (input, context) => sparsely(context, (sparse) => hashFile(input, sparse)),
  slice: (input, context) => sparsely(context, (sparse) => sendSlice(input, sparse)),
  single: (input, context) => sparsely(context, (sparse) => sendSingle(input, sparse)),
  forgetConnections: () => {
    connections.forget()
    return null
  },
})

interface Context {
  readonly signal: AbortSignal
  readonly report: (progress: { bytes: number }) => void
}

/** Passes progress on now and then, and the last of it when the job fails: what was sent in vain is counted too. */
async function sparsely<T>({ signal, report }: Context, job: (context: Context) => Promise<T>): Promise<T> {
  let last: { bytes: number } | undefined
  let next = performance.now() + REPORT_EVERY_MS
  const sparse = (progress: { bytes: number }): void => {
    last = progress
    const now = performance.now()
    if (now < next) return
    next = now + REPORT_EVERY_MS
    report(progress)
  }
  try {
    return await job({ signal, report: sparse })
  } catch (thrown) {
    if (last) report(last)
    throw thrown
  }
}
