import type { Worker } from 'node:worker_threads'
import { Pool } from '../workers/pool.ts'
import type { RootLook, ScanEnd, ScanJobs, ScannedFolder, ScanOrder } from './scan-jobs.ts'

/** The scanner's thread, seen from the engine. One that dies is replaced, and its scans fail as `interrupted`. */
export class Scanner {
  readonly #pool: Pool<ScanJobs>
  #lastId = 0

  constructor(startThread: () => Worker, onDeath?: (reason: string) => void) {
    // One: two would only make a disk seek.
    this.#pool = new Pool(startThread, 1, onDeath)
  }

  root(root: string, signal: AbortSignal): Promise<RootLook> {
    return this.#pool.run('root', { root }, { signal })
  }

  async mark(root: string, id: string, how: 'mark' | 'unmark', signal: AbortSignal): Promise<void> {
    await this.#pool.run(how, { root, id }, { signal })
  }

  scan(
    order: Omit<ScanOrder, 'id'>,
    onFolder: (folder: ScannedFolder) => void,
    signal: AbortSignal,
  ): Promise<ScanEnd> {
    const id = ++this.#lastId
    return this.#pool.run(
      'scan',
      { ...order, id },
      {
        signal,
        onProgress: (folders) => {
          for (const folder of folders) onFolder(folder)
          this.#pool.tellAll('taken', { id })
        },
      },
    )
  }

  stop(): Promise<void> {
    return this.#pool.stop()
  }
}
