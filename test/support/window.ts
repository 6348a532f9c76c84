import { expect } from 'vitest'
import type { Args, CommandName } from '#app/ipc'
import type { RunningApp } from './app.ts'

/** What a page of the app would ask; fails where it is refused. */
export async function ask<C extends CommandName>(
  { page }: RunningApp,
  command: C,
  ...args: Args<C>
): Promise<void> {
  const result = await page.evaluate(
    ([name, given]) =>
      // The page's own bridge; this function runs there.
      (globalThis as unknown as { drive: { call: (...all: unknown[]) => Promise<unknown> } }).drive.call(
        name,
        ...given,
      ),
    [command, args] as const,
  )
  expect(result).toMatchObject({ ok: true })
}

/** Nobody looks at it any more. */
export async function hideWindow({ app }: RunningApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.hide()
  })
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.id))
    .toBe(undefined)
}
