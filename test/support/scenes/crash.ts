import type { CrashOffer } from '#app/crash'
import { busy, stopMoving } from './moving.ts'
import type { Group, Scene } from './scene.ts'
import { seedUsed } from './seed.ts'
import type { Stage } from './stage.ts'
import { usedGroup } from './used.ts'

/** The start after a crash. The queue is the one of a window in use; what the last run died of is told. */

const KINDS = ['ended', 'ended-with-system', 'fault'] as const satisfies readonly CrashOffer['kind'][]

/** The page asks for it once: it comes again, and is told this. */
async function crashed(stage: Stage, kind: CrashOffer['kind']): Promise<void> {
  const { app, page } = stage.app
  await app.evaluate(({ ipcMain }, told) => {
    ipcMain.removeHandler('crash.get')
    ipcMain.handle('crash.get', () => ({ ok: true, value: { kind: told } }))
  }, kind)
  await page.reload()
  await page.locator(`[data-testid="crash-offer"][data-kind="${kind}"]`).waitFor()
}

const offered = (kind: CrashOffer['kind'], arrange: (stage: Stage) => Promise<void>): Scene => ({
  name: `crash-${kind}`,
  arrange: async (stage) => {
    if ((await stage.app.page.locator(`[data-testid="crash-offer"][data-kind="${kind}"]`).count()) === 0)
      await crashed(stage, kind)
    await arrange(stage)
  },
})

export const crashGroup: Group = {
  name: 'crash',
  data: ['测试用户', ...(usedGroup.data ?? [])],
  open: async (desk) => {
    await seedUsed(desk.data, Date.now())
    await desk.open()
    await desk.app.by('account-name').waitFor()
  },
  scenes: [
    ...KINDS.map((kind) => offered(kind, kind === 'ended' ? busy : () => Promise.resolve())),
    {
      name: 'crash-with-banner',
      arrange: async (stage) => {
        await stopMoving(stage)
        await stage.tellStatus({ blocked: { reason: 'offline' } })
        await stage.by('banner').waitFor()
      },
    },
  ],
}
