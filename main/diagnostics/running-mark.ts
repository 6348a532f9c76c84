import { unlinkSync, writeFileSync } from 'node:fs'
import { readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { z } from 'zod'
import type { Load } from '#app/crash'

const mark = z.object({
  startedAt: z.number(),
  /** Linux gives every start of the system an id; elsewhere the time of it has to do. */
  boot: z.string(),
  bootedAt: z.number(),
  /** The person's session by names of the system's own, where it tells sessions apart. */
  session: z.record(z.string(), z.string()).default({}),
  /** It was about to quit: by the person's will, or asked to by the system. */
  quitting: z.boolean().default(false),
  version: z.string(),
  load: z.object({ unfinished: z.number(), running: z.number(), pairs: z.number() }),
})
export type Mark = z.infer<typeof mark>

/** Clocks are set, and sleep is counted or not: the same start of the system, but for so much. */
const CLOCK_MS = 5 * 60_000

/**
 * A file that is there while the app runs, and taken away when the process ends by its own will. Only who has the single-instance lock
 * may have one: another start would take the mark of the one that runs.
 */
export class RunningMark {
  readonly #path: string
  #mine: Mark | undefined
  #writing: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Sets it. What an earlier run has left, if it did not end as it should. */
  async set(version: string, now: number): Promise<Mark | undefined> {
    const left = await readFile(this.#path, 'utf8').then(parse, () => undefined)
    const load = { unfinished: 0, running: 0, pairs: 0 }
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    this.#mine = {
      startedAt: now,
      boot: boot.trim(),
      bootedAt: now - uptime() * 1000,
      session: sessionOf(process.env),
      quitting: false,
      version,
      load,
    }
    await this.#write(this.#mine)
    return left
  }

  /** What is under way, for the day it is asked after. */
  note(load: Load): void {
    if (!this.#mine) return
    this.#mine = { ...this.#mine, load }
    void this.#write(this.#mine)
  }

  /** At once: a session that ends does not wait long. */
  quit(): void {
    if (!this.#mine) return
    this.#mine = { ...this.#mine, quitting: true }
    try {
      writeFileSync(this.#path, JSON.stringify(this.#mine), { mode: 0o600 })
    } catch {
      // The next start says that this one ended unexpectedly: wrong, and harmless.
    }
    // One that is being written may come after it.
    void this.#write(this.#mine)
  }

  /**
   * Whether it may be that run was only ended: while it was quitting, or with its session, in which Linux does not ask programs first but
   * takes their screen away.
   */
  wasEnded(left: Mark): boolean {
    const here = this.#mine?.session ?? {}
    const isOther = Object.entries(left.session).some(([name, id]) => (here[name] ?? id) !== id)
    return left.quitting || (this.isOfThisBoot(left) && isOther)
  }

  /** Whether the system has been running since that mark was made. */
  isOfThisBoot(left: Mark): boolean {
    const mine = this.#mine
    if (!mine) return false
    return left.boot !== '' && mine.boot !== ''
      ? left.boot === mine.boot
      : Math.abs(left.bootedAt - mine.bootedAt) < CLOCK_MS
  }

  /** At the very end, where nothing is waited for any more. */
  clear(): void {
    if (!this.#mine) return
    this.#mine = undefined
    try {
      unlinkSync(this.#path)
    } catch {
      // The next start says that this one ended unexpectedly: wrong, and harmless.
    }
  }

  /** One after another, so that the last one stays. */
  #write(wanted: Mark): Promise<void> {
    const written = this.#writing.then(async () => {
      try {
        await writeFile(`${this.#path}.part`, JSON.stringify(wanted), { mode: 0o600 })
        // It may have ended meanwhile, or be quitting: what is newer is there, or comes.
        await (this.#mine === wanted
          ? rename(`${this.#path}.part`, this.#path)
          : unlink(`${this.#path}.part`))
      } catch {
        // Without a mark a crash is not noticed; nothing else depends on it.
      }
    })
    this.#writing = written
    return written
  }
}

function parse(text: string): Mark | undefined {
  try {
    return mark.parse(JSON.parse(text))
  } catch {
    // Cut off in the middle: there was one.
    const load = { unfinished: 0, running: 0, pairs: 0 }
    return { startedAt: 0, boot: '', bootedAt: 0, session: {}, quitting: false, version: '', load }
  }
}

/** logind's number of it, and its message bus, whose address holds an id where each session has one of its own. */
function sessionOf(env: NodeJS.ProcessEnv): Mark['session'] {
  const { XDG_SESSION_ID: login, DBUS_SESSION_BUS_ADDRESS: bus } = env
  return { ...(login ? { login } : {}), ...(bus ? { bus } : {}) }
}
