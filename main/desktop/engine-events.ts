import type { WebContents } from 'electron'
import type { AccountSession } from '../session/account-session.ts'
import type { Comforts } from './comforts.ts'
import type { EngineThreadOptions } from './engine-thread.ts'
import { emit } from './ipc.ts'
import type { AppTray } from './tray.ts'
import type { Updates } from './update/updates.ts'

type Told = 'onChange' | 'onStatus' | 'onProblems' | 'onPairs' | 'onBack'

/** Who hears of what the engine tells; they are made after it. */
export interface Listeners {
  readonly page: WebContents | undefined
  readonly comforts: Comforts
  readonly updates: Updates
  readonly tray: AppTray
  readonly session: AccountSession
}

/** Passes on what the engine tells. */
export function engineEvents(listeners: () => Listeners): Pick<EngineThreadOptions, Told> {
  let busy = false
  return {
    onChange: (change) => {
      const { page, comforts, tray } = listeners()
      emit(page, 'transfers.changed', change)
      comforts.hearTransfers(change)
      tray.update()
    },
    onStatus: (status) => {
      const { page, comforts, updates, tray, session } = listeners()
      emit(page, 'queue.changed', status)
      comforts.hearStatus(status)
      updates.queueChanged()
      tray.update()
      // A batch is through: the space it took shows.
      if (busy && status.running === 0 && !status.blocked) void session.reload()
      busy = status.running > 0
    },
    onProblems: (problems) => {
      const { page, comforts, tray } = listeners()
      emit(page, 'problems.changed', problems)
      comforts.hearProblems(problems)
      tray.update()
    },
    onPairs: (pairs) => {
      const { page, comforts, tray } = listeners()
      emit(page, 'sync.changed', pairs)
      comforts.hearPairs(pairs)
      tray.update()
    },
    onBack: () => {
      const { session } = listeners()
      if (session.session.status === 'signed-in' && session.session.problem) void session.reload()
    },
  }
}
