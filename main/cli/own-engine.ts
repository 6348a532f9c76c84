import type { QueueStatus, SetAside, TransfersChange } from '#app/ipc'
import { openDataFolder } from '../data-folder.ts'
import type { Engine, EngineOptions } from '../engine/engine.ts'
import { serveTransfers, socketPathOf } from '../engine/socket.ts'
import { openStore, type OpenedStore } from '../store/open-store.ts'
import type { Tuning } from '../transfers/context.ts'
import type { AccountSession } from '../session/account-session.ts'
import { openEngine, type CliSetup } from './setup.ts'

/** An engine in this process, which holds the data folder. */
export interface OwnEngine {
  readonly engine: Engine
  /** An earlier queue that could not be used. */
  readonly setAside: SetAside | undefined
  close(): Promise<void>
}

export interface OwnEngineOptions {
  readonly session: AccountSession
  readonly tuning: Partial<Tuning>
  /** `hold`: what is left waits until somebody says so; `edit`: nothing runs at all. */
  readonly takeUp: 'hold' | 'edit'
  readonly onChange: (change: TransfersChange) => void
  readonly onStatus: (status: QueueStatus) => void
  readonly onPairs?: EngineOptions['onPairs']
  readonly onSyncEvents?: EngineOptions['onSyncEvents']
}

/** Fails as `data-folder-held` when another process works on the folder. */
export async function openOwnEngine(setup: CliSetup, options: OwnEngineOptions): Promise<OwnEngine> {
  const { session, tuning, takeUp, onChange, onStatus, onPairs, onSyncEvents } = options
  await openDataFolder(setup.dataDir)
  let serve: ((engine: Engine) => void) | undefined
  const ready = new Promise<Engine>((resolve) => {
    serve = resolve
  })
  const server = await serveTransfers(socketPathOf(setup.dataDir), 'cli', () => ready)
  let opened: OpenedStore
  try {
    opened = openStore(setup.dataDir)
  } catch (thrown) {
    await server.close()
    throw thrown
  }
  const engine = openEngine(setup, session, tuning, {
    ...opened,
    onChange,
    onStatus,
    ...(onPairs ? { onPairs } : {}),
    ...(onSyncEvents ? { onSyncEvents } : {}),
  })
  await engine.takeUp(takeUp)
  serve?.(engine)
  return {
    engine,
    setAside: opened.setAside,
    async close() {
      await server.close()
      await engine.stop()
      opened.store.close()
    },
  }
}
