import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogEntry } from '#app/log'
import { redactForLog } from '#app/redact-log'

export interface LogFileOptions {
  readonly folder: string
  /** Of one file; there are `files` of them. */
  readonly maxBytes?: number
  readonly files?: number
  /** Names of the person that must not stand in it. */
  readonly known: readonly string[]
  readonly now: () => number
}

const MB = 1024 ** 2
/** Lines that wait for the disk; more than that are counted. */
const MOST_WAITING = 1000

/**
 * The app's log: `app.log`, and before it `app.1.log` and on. A line of JSON an entry, redacted whatever it is. Whoever writes does not
 * wait, and never hears of a disk that takes nothing: what it was about matters more.
 */
export class LogFile {
  readonly #options: Required<LogFileOptions>
  #waiting: string[] = []
  #lost = 0
  #writing: Promise<void> | undefined
  /** Of the file that is written to; unknown until it has been looked at, and after a failure. */
  #bytes: number | undefined

  constructor(options: LogFileOptions) {
    this.#options = { maxBytes: MB, files: 3, ...options }
  }

  write({ level, part, text }: LogEntry): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#lost += 1
      return
    }
    const { now, known } = this.#options
    const entry = { time: new Date(now()).toISOString(), level, part, text: redactForLog(text, known) }
    this.#waiting.push(`${JSON.stringify(entry)}\n`)
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined
    })
  }

  /** Resolves when all that was written until now is on disk, or has failed to be. */
  async flush(): Promise<void> {
    await this.#writing
  }

  /** What there is of it, by file name, the newest first. */
  async read(): Promise<Readonly<Record<string, Uint8Array>>> {
    await this.flush()
    const found: Record<string, Uint8Array> = {}
    for (let age = 0; age < this.#options.files; age++) {
      const content = await readFile(this.#path(age)).catch(() => undefined)
      if (content) found[nameOf(age)] = content
    }
    return found
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting
      this.#waiting = []
      if (this.#lost > 0) {
        lines.push(`${JSON.stringify({ level: 'warn', part: 'app', text: `${this.#lost} more` })}\n`)
        this.#lost = 0
      }
      try {
        for (const some of this.#portions(lines)) await this.#append(some)
      } catch {
        this.#bytes = undefined
      }
    }
  }

  /** No more than a file takes. */
  #portions(lines: readonly string[]): readonly string[] {
    const portions: string[] = []
    let last = ''
    for (const line of lines) {
      if (last !== '' && Buffer.byteLength(last) + Buffer.byteLength(line) > this.#options.maxBytes) {
        portions.push(last)
        last = ''
      }
      last += line
    }
    return [...portions, last]
  }

  async #append(text: string): Promise<void> {
    const { folder, maxBytes } = this.#options
    if (this.#bytes === undefined) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      this.#bytes = await stat(this.#path(0)).then(
        ({ size }) => size,
        () => 0,
      )
    }
    if (this.#bytes > 0 && this.#bytes + Buffer.byteLength(text) > maxBytes) {
      await this.#rotate()
      this.#bytes = 0
    }
    await appendFile(this.#path(0), text, { mode: 0o600 })
    this.#bytes += Buffer.byteLength(text)
  }

  /** The oldest is written over. */
  async #rotate(): Promise<void> {
    for (let age = this.#options.files - 1; age > 0; age--)
      await rename(this.#path(age - 1), this.#path(age)).catch(ignoreMissing)
  }

  #path(age: number): string {
    return join(this.#options.folder, nameOf(age))
  }
}

const nameOf = (age: number): string => (age === 0 ? 'app.log' : `app.${age}.log`)

function ignoreMissing(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
}
