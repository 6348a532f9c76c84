import { setTimeout as sleep } from 'node:timers/promises'
import type { MainWindow } from './main-window.ts'
import { canShowTray, type AppTray } from './tray.ts'

/** The panel of a desktop may come up later than what it starts. */
const PANEL_MS = 10_000
const LOOK_MS = 250

/**
 * Started without a window: an icon that is made before there is a panel is never seen, so the panel comes first. Where none comes the
 * window does, minimised: the program is not to run where nobody can find it.
 */
export async function startHidden(tray: AppTray, window: MainWindow): Promise<void> {
  for (let waited = 0; waited < PANEL_MS && !(await canShowTray()); waited += LOOK_MS) await sleep(LOOK_MS)
  tray.start()
  if (!(await tray.isThere())) window.showMinimised()
}
