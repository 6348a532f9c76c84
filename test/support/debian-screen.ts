import { readFileSync } from 'node:fs'
import { mkdir, copyFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { DebianMachine } from './debian-machine.ts'

const PICTURES = new URL('../../out/screenshots/', import.meta.url)
/** A picture made small: what a person would call a change is more than so many of its pixels, a caret is not. */
const [WIDTH, HEIGHT] = [350, 225]
const FEW = 40
const DIFFERENT = 12
/** A dialog shows its button pressed for a while before it goes. */
const REST_MS = 600
const PATIENCE_MS = 30_000

/** The screen of a machine's person, with their keyboard and mouse; xdotool does it. */
export class DebianScreen {
  readonly #machine: DebianMachine

  constructor(machine: DebianMachine) {
    this.#machine = machine
  }

  /** Does something (a script) and waits until it is seen: until the screen is another one, and stays so. */
  async after(script: string): Promise<void> {
    const before = await this.#look()
    const started = Date.now()
    await this.#machine.asPerson(script)
    let last = before
    let since = started
    for (;;) {
      const now = await this.#look()
      if (differs(now, last)) since = Date.now()
      else if (differs(now, before) && Date.now() - since >= REST_MS) return
      if (Date.now() - started > PATIENCE_MS) {
        await this.picture('debian-stuck')
        throw new Error(`Nothing changed on the screen, or it never came to rest: ${script}`)
      }
      last = now
    }
  }

  /** Keeps a picture of it in out/screenshots. */
  async picture(name: string): Promise<void> {
    await this.#machine.asPerson('import -window root /tmp/picture.png')
    await mkdir(PICTURES, { recursive: true })
    await copyFile(`${this.#machine.root}/tmp/picture.png`, fileURLToPath(new URL(`${name}.png`, PICTURES)))
  }

  async #look(): Promise<Buffer> {
    const shrunk = `-resize ${WIDTH}x${HEIGHT}! -colorspace gray -depth 8 gray:/tmp/look`
    await this.#machine.asPerson(`import -window root ${shrunk}`)
    return readFileSync(`${this.#machine.root}/tmp/look`)
  }
}

function differs(one: Buffer, other: Buffer): boolean {
  let count = 0
  for (const [at, value] of one.entries()) if (Math.abs(value - (other[at] ?? 0)) > DIFFERENT) count += 1
  return count > FEW
}
