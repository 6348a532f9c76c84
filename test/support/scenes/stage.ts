import { fileURLToPath } from 'node:url'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WebContents } from 'electron'
import type { CDPSession, Locator } from 'playwright-core'
import type { Events, QueueStatus } from '#app/ipc'
import type { Settings } from '#app/settings'
import type { RunningApp } from '../app.ts'
import type { Desk } from '../desk.ts'

/** How the window looks at a moment: all that a picture differs by. */
export interface Look {
  readonly language: 'zh-CN' | 'en'
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly height: number
  /** Device pixels a CSS pixel: 2 is a screen at 200 %. */
  readonly scale: 1 | 2
}

/** A page that a test has closed to some of what main says, and the way that is left. */
interface OnlyTold extends WebContents {
  tell?: WebContents['send']
}

const PICTURES = new URL('../../../out/screenshots/', import.meta.url)

/** The real app, to be put into every state there is and looked at. */
export class Stage {
  readonly desk: Desk
  #look: Look | undefined
  #devtools: CDPSession | undefined

  constructor(desk: Desk) {
    this.desk = desk
  }

  get app(): RunningApp {
    return this.desk.app
  }

  by(testid: string): Locator {
    return this.app.page.locator(`[data-testid="${testid}"]:visible`).first()
  }

  /** Shows it, and resolves when it is drawn so. A menu at the pointer closes when the size changes. */
  async take(look: Look): Promise<void> {
    const { page } = this.app
    const { language, theme, width, height, scale } = look
    if (this.#look?.width !== width || this.#look.height !== height || this.#look.scale !== scale) {
      this.#devtools ??= await page.context().newCDPSession(page)
      await this.#devtools.send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: scale,
        mobile: false,
      })
    }
    this.#look = look
    await this.settings({ language, theme })
    await page.waitForFunction(
      ([lang, inner, dark]) =>
        document.documentElement.lang === lang &&
        window.innerWidth === inner &&
        document.documentElement.classList.contains('dark') === dark,
      [language, width, theme === 'dark'] as const,
    )
  }

  async settings(change: Partial<Settings>): Promise<void> {
    await this.app.page.evaluate((given) => window.drive.call('settings.change', given), change)
  }

  /** Says something to the window as main would: what is rare, or takes long to reach. */
  async tell<E extends keyof Events>(event: E, payload: Events[E]): Promise<void> {
    await this.app.app.evaluate(
      ({ BrowserWindow }, [name, told]) => {
        const contents: OnlyTold | undefined = BrowserWindow.getAllWindows()[0]?.webContents
        const send = contents?.tell ?? contents?.send.bind(contents)
        send?.(name, told)
      },
      [event, payload] as const,
    )
  }

  /** From here on the window hears of this from the test alone: what main says of itself comes when it will. */
  async onlyTold(event: keyof Events): Promise<void> {
    await this.app.app.evaluate(({ BrowserWindow }, name) => {
      const contents: OnlyTold | undefined = BrowserWindow.getAllWindows()[0]?.webContents
      if (!contents) return
      const send = contents.send.bind(contents)
      contents.tell = send
      contents.send = (channel, ...args: readonly unknown[]) => {
        if (channel !== name) send(channel, ...args)
      }
    }, event)
  }

  tellStatus(status: Partial<QueueStatus>): Promise<void> {
    return this.tell('queue.changed', { speed: 0, running: 0, ...status })
  }

  async go(page: 'transfers' | 'sync' | 'issues' | 'history' | 'settings'): Promise<void> {
    await this.by(`nav-${page}`).click()
    await this.app.page.mouse.move(0, 0)
  }

  press(key: string): Promise<void> {
    return this.app.page.keyboard.press(key)
  }

  async gone(selector: string): Promise<void> {
    await this.app.page.locator(selector).waitFor({ state: 'hidden' })
  }

  /** Resolves when nothing moves any more. */
  async still(): Promise<void> {
    await this.app.page.evaluate(async () => {
      await document.fonts.ready
      // What is about to fade in begins a frame later.
      for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
      await Promise.all(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
          .map((animation) => animation.finished.catch(() => undefined)),
      )
    })
  }

  /** `out/screenshots/NAME.png`. */
  async picture(name: string): Promise<void> {
    const path = fileURLToPath(new URL(`${name}.png`, PICTURES))
    await mkdir(dirname(path), { recursive: true })
    if (!this.#devtools || !this.#look) throw new Error('Nothing is shown yet')
    // Playwright's own pictures know nothing of the scale.
    const { data } = await this.#devtools.send('Page.captureScreenshot', { format: 'png' })
    const png = Buffer.from(data, 'base64')
    // Where PNG says how wide it is.
    const width = png.readUInt32BE(16)
    if (width !== this.#look.width * this.#look.scale) throw new Error(`${name} is ${width} pixels wide`)
    await writeFile(path, png)
  }
}

/** `light-zh-1100`, `dark-en-720@2x`. */
export function nameOf({ language, theme, width, scale }: Look): string {
  return `${theme}-${language === 'en' ? 'en' : 'zh'}-${width}${scale === 1 ? '' : '@2x'}`
}
