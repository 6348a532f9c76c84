import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ElectronApplication } from 'playwright-core'

const SCRIPT = fileURLToPath(new URL('./complaints.cjs', import.meta.url))

/** Arguments that have an app complain as complaints.cjs says. */
export const COMPLAINING: readonly string[] = ['-r', SCRIPT]

/** The same for a packed app, which loads no script before its own. */
export async function complainFromNowOn(app: ElectronApplication): Promise<void> {
  const source = readFileSync(SCRIPT, 'utf8')
  const listen = (): Promise<void> =>
    app.evaluate((electron, given) => {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- it is run in another program
      new Function('require', given)(() => electron)
    }, source)
  await listen().catch((thrown: unknown) => {
    // While the program starts, the inspector now and then loses what it was to answer.
    if (!String(thrown).includes('promise was garbage collected')) throw thrown
    return listen()
  })
}

/** What an app's pages complained of, out of what the app wrote to its terminal. */
export class Complaints {
  readonly #provoked: RegExp[] = []
  readonly #waiting = new Set<() => void>()
  #text = ''

  hear(text: string): void {
    this.#text += text
    for (const look of this.#waiting) look()
  }

  get all(): readonly string[] {
    return [...this.#text.matchAll(/^COMPLAINT (.*)$/gmu)]
      .map(([, text = '""']) => JSON.parse(text) as string)
      .filter((text) => !this.#provoked.some((pattern) => pattern.test(text)))
  }

  /** The test has given cause for it: resolves when it has come, which it must, and it counts no more. */
  async provoked(pattern: RegExp): Promise<void> {
    const came = (): boolean => this.all.some((text) => pattern.test(text))
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!came()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
    this.#provoked.push(pattern)
  }

  /** Fails with them, if there are any. */
  async check(): Promise<void> {
    // What was written last is read after the end of the process is heard of.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    if (this.all.length > 0) throw new Error(`The app’s pages complained:\n${this.all.join('\n')}`)
  }
}
