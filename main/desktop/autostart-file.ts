import { mkdir, readFile, realpath, rename, unlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import {
  desktopEntry,
  ENTRY_FILE,
  readEntry,
  startCommand,
  stateOf,
  type Autostart,
  type StartEntry,
} from '#app/autostart'
import { DriveError } from '#app/errors'

/** What the Debian package puts on the path. */
const LAUNCHER = '/usr/bin/pan123-sync'

export interface AutostartOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly execPath: string
  /** Of a program that is not packed. */
  readonly appPath: string | undefined
}

/** Starting at login, where a desktop keeps to XDG: one file, read whenever it is asked for. */
export class AutostartFile {
  readonly #options: AutostartOptions

  constructor(options: AutostartOptions) {
    this.#options = options
  }

  async get(): Promise<Autostart> {
    const entry = await this.#read()
    return stateOf(entry, entry !== undefined && (await this.#starts(entry)))
  }

  async set(on: boolean): Promise<Autostart> {
    try {
      if (on) await this.#write()
      else await unlink(this.#file)
    } catch (cause) {
      // Off is off, whoever took it away.
      if (on || !isMissing(cause))
        throw new DriveError('file-unwritable', `Not written: ${this.#file}`, { cause, detail: this.#file })
    }
    return this.get()
  }

  /** A program that was moved or renamed starts at the next login all the same, if it was to start. */
  async repair(): Promise<void> {
    const entry = await this.#read()
    const [program] = entry?.argv ?? []
    if (!entry?.enabled || program === undefined) return
    // One that is still there may be another installation, which is the person's to choose.
    if (isAbsolute(program) && (await resolved(program)) === undefined) await this.set(true)
  }

  get #file(): string {
    const { XDG_CONFIG_HOME: chosen, HOME: home = homedir() } = this.#options.env
    // A relative one is to be taken for none.
    const folder = chosen && isAbsolute(chosen) ? chosen : join(home, '.config')
    return join(folder, 'autostart', ENTRY_FILE)
  }

  async #read(): Promise<StartEntry | undefined> {
    const text = await readFile(this.#file, 'utf8').catch(() => undefined)
    return text === undefined ? undefined : readEntry(text)
  }

  async #starts({ argv }: StartEntry): Promise<boolean> {
    const wanted = await this.#command()
    const [program = '', ...rest] = argv
    const [ours = '', ...more] = wanted
    const target = isAbsolute(program) ? await resolved(program) : undefined
    if (target === undefined || target !== (await resolved(ours))) return false
    // Electron alone is not this program.
    return this.#options.appPath === undefined || rest[0] === more[0]
  }

  /** Whole or as it was: a session may be starting. */
  async #write(): Promise<void> {
    const file = this.#file
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
    await writeFile(`${file}.part`, desktopEntry(await this.#command()), { mode: 0o644 })
    await rename(`${file}.part`, file)
  }

  async #command(): Promise<readonly string[]> {
    const { env, execPath, appPath } = this.#options
    const { APPIMAGE: image, APPDIR: mounted } = env
    const target = await resolved(LAUNCHER)
    const itself = (await resolved(execPath)) ?? execPath
    return startCommand({
      execPath: itself,
      launcher: target === undefined ? undefined : { path: LAUNCHER, target },
      // Both may have come down from another program that is an AppImage.
      appImage: image && mounted && isInside(itself, await resolved(mounted)) ? image : undefined,
      appPath,
    })
  }
}

/** Undefined where there is nothing. */
function resolved(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined)
}

function isInside(path: string, folder: string | undefined): boolean {
  return folder !== undefined && path.startsWith(`${folder}/`)
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}
