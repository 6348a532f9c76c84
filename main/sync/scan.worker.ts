import { parentPort } from 'node:worker_threads'
import { Peer, type NoApi } from '../workers/rpc.ts'
import { lookAtRoot, mark, unmark } from './root.ts'
import { scan } from './scan.ts'
import type { ScanJobs } from './scan-jobs.ts'

if (!parentPort) throw new Error('scan.worker runs only as a worker thread')

/** Batches that are on their way to somebody who may be slower than the disk. */
const MOST_AHEAD = 4

class Ahead {
  #count = 0
  #go: (() => void) | undefined

  /** Resolves when another one may follow. */
  sent(): Promise<void> {
    this.#count++
    if (this.#count < MOST_AHEAD) return Promise.resolve()
    return new Promise((resolve) => {
      this.#go = resolve
    })
  }

  taken(): void {
    this.#count--
    if (this.#count < MOST_AHEAD) this.open()
  }

  open(): void {
    this.#go?.()
    this.#go = undefined
  }
}

const scans = new Map<number, Ahead>()

new Peer<NoApi, ScanJobs>(parentPort, {
  root: ({ root }) => lookAtRoot(root),
  mark: async ({ root, id }) => {
    await mark(root, id)
    return null
  },
  unmark: async ({ root, id }) => {
    await unmark(root, id)
    return null
  },
  scan: async (order, { signal, report }) => {
    const ahead = new Ahead()
    scans.set(order.id, ahead)
    signal.addEventListener('abort', () => {
      ahead.open()
    })
    try {
      return await scan(order, {
        signal,
        report: (folders) => {
          report(folders)
          return ahead.sent()
        },
      })
    } finally {
      scans.delete(order.id)
    }
  },
  taken: ({ id }) => {
    scans.get(id)?.taken()
    return null
  },
})
