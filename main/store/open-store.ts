import { join } from 'node:path'
import type { SetAside } from '#app/ipc'
import { openDatabase } from './database.ts'
import { TransferHistory } from './history.ts'
import { ProblemStore } from './problem-store.ts'
import { MIGRATIONS } from './schema.ts'
import { SyncStore } from './sync-store.ts'
import { TransferStore } from './transfer-store.ts'

export interface OpenedStore {
  readonly store: TransferStore
  readonly history: TransferHistory
  readonly problems: ProblemStore
  readonly pairs: SyncStore
  /** An earlier queue that could not be used. */
  readonly setAside: SetAside | undefined
}

/** The queue of a data folder. Whoever calls it holds the folder (engine/socket.ts). */
export function openStore(dataDir: string): OpenedStore {
  const { db, setAside } = openDatabase(join(dataDir, 'queue.db'), MIGRATIONS, new Date())
  const store = new TransferStore(db, (id, why) => {
    console.error(`A transfer of an earlier run can't be read and is left where it is: ${id} (${why})`)
  })
  return {
    store,
    history: new TransferHistory(db),
    problems: new ProblemStore(db),
    pairs: new SyncStore(db),
    setAside,
  }
}
