import type { Page } from 'playwright-core'

/** Somebody who has a keyboard and nothing else. */
export class Keys {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key)
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text)
  }

  /** Tab, until that has the focus. */
  async tabTo(testid: string, most = 40): Promise<void> {
    for (let pressed = 0; pressed < most; pressed += 1) {
      if ((await this.#focused()) === testid) return
      await this.press('Tab')
    }
    throw new Error(`Tab does not lead to ${testid}, but to ${String(await this.#focused())}`)
  }

  /** Arrow down, until that entry of a menu has the focus. */
  async downTo(testid: string): Promise<void> {
    await this.#page.locator(`[data-testid="${testid}"]`).waitFor()
    for (let pressed = 0; pressed < 15; pressed += 1) {
      if ((await this.#focused()) === testid) return
      await this.press('ArrowDown')
    }
    throw new Error(`Arrow keys do not lead to ${testid}`)
  }

  /** Resolves when that has the focus. */
  focused(testid: string): Promise<void> {
    return this.#page.locator(`[data-testid="${testid}"]:focus`).waitFor({ timeout: 5000 })
  }

  #focused(): Promise<string | null | undefined> {
    return this.#page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
  }
}
