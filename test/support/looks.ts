import { expect } from 'vitest'
import type { Events } from '#app/ipc'
import type { Settings } from '#app/settings'
import type { Desk } from './desk.ts'

/** Both languages, both themes, the window as it opens and as small as it gets. */
const LOOKS = [
  { language: 'zh-CN', theme: 'light', width: 1100, height: 720 },
  { language: 'en', theme: 'dark', width: 1100, height: 720 },
  { language: 'zh-CN', theme: 'dark', width: 720, height: 560 },
  { language: 'en', theme: 'light', width: 720, height: 560 },
] as const

/** What main would tell the window. */
export async function tell<E extends keyof Events>(desk: Desk, event: E, payload: Events[E]): Promise<void> {
  await desk.app.app.evaluate(
    ({ BrowserWindow }, [name, told]) => {
      BrowserWindow.getAllWindows()[0]?.webContents.send(name, told)
    },
    [event, payload] as const,
  )
}

export async function changeSettings(desk: Desk, change: Partial<Settings>): Promise<void> {
  await desk.app.page.evaluate((given) => window.drive.call('settings.change', given), change)
}

/** Buttons, chips and lines of words that are cut off, or that reach out of the window. */
const cutOff = (desk: Desk): Promise<readonly string[]> =>
  desk.app.page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'button, .chip, .words, .numbers > *, .text, .note, .label, .count, .between span, select, input',
      ),
    ]
      .filter(
        (element) =>
          element.checkVisibility({ visibilityProperty: true }) &&
          !element.matches('.name, .destination *, .entry'),
      )
      .filter((element) => {
        const { right, left } = element.getBoundingClientRect()
        const from = element.closest('main')?.getBoundingClientRect().left ?? 0
        const { left: to = window.innerWidth } =
          element.closest('.row')?.querySelector('.actions')?.getBoundingClientRect() ?? {}
        if (element.matches('.numbers *') && right > to) return true
        return (
          right > window.innerWidth ||
          left < from ||
          (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
        )
      })
      .map((element) => `${element.className}: ${element.textContent}`),
  )

/** Brings the window there in each look: all can be read, and a picture is kept. */
export async function inEachLook(
  desk: Desk,
  name: string,
  prepare: () => Promise<void>,
  undo: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const { language, theme, width, height } of LOOKS) {
    await changeSettings(desk, { language, theme })
    await desk.app.app.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1])
      },
      [width, height] as const,
    )
    await desk.app.page.waitForFunction(
      ([lang, inner, dark]) =>
        document.documentElement.lang === lang &&
        window.innerWidth === inner &&
        document.documentElement.classList.contains('dark') === dark,
      [language, width, theme === 'dark'] as const,
    )
    await prepare()
    expect(await cutOff(desk)).toEqual([])
    // The list scrolls, the page never does.
    expect(
      await desk.app.page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight),
    ).toBe(0)
    await desk.app.picture(`${name}-${language === 'en' ? 'en' : 'zh'}-${theme}-${width}`)
    await undo()
  }
}
