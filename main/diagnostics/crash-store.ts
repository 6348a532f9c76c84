import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { CrashKind, CrashReport } from '#app/crash'

/** More are not kept: the newest say the most. */
const MOST = 10
const OFFERED = 'offered'
const names = z.array(z.string())
const KINDS = [
  'ended',
  'ended-with-system',
  'ended-with-session',
  'uncaught-exception',
  'unhandled-rejection',
  'engine-died',
  'thread-died',
  'renderer-gone',
  'child-gone',
] as const satisfies readonly CrashKind[]
const written = z.object({ kind: z.enum(KINDS) })

/**
 * Crashes, a file each in `crashes/`, as `2026-11-26T20-04-11-123Z.json`. There are no minidumps beside them, on purpose: those hold the
 * process's memory, and with it the token. `offered` names the ones that a person has been told of.
 */
export class CrashStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async write(report: CrashReport): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const there = await this.#names()
    await this.#put(freeName(report.at, there), `${JSON.stringify(report, null, 2)}\n`)
    const surplus = (await this.#names()).slice(0, -MOST)
    for (const name of surplus) await unlink(join(this.#folder, name)).catch(() => undefined)
  }

  /** By file name, the oldest first. */
  async read(): Promise<Readonly<Record<string, Uint8Array>>> {
    const found: Record<string, Uint8Array> = {}
    for (const name of await this.#names()) {
      const content = await readFile(join(this.#folder, name)).catch(() => undefined)
      if (content) found[name] = content
    }
    return found
  }

  /** What nobody has been told of yet; from now on they have. */
  async takeUntold(): Promise<readonly CrashKind[]> {
    const told = await this.#told()
    const all = await this.read()
    const untold = Object.entries(all).filter(([name]) => !told.includes(name))
    // Who can't write it down is told again at every start: better than never.
    if (untold.length > 0) await this.#put(OFFERED, JSON.stringify(Object.keys(all))).catch(() => undefined)
    return untold.flatMap(([, content]) => kindOf(Buffer.from(content).toString('utf8')))
  }

  async #told(): Promise<readonly string[]> {
    try {
      return names.parse(JSON.parse(await readFile(join(this.#folder, OFFERED), 'utf8')))
    } catch {
      return []
    }
  }

  async #names(): Promise<readonly string[]> {
    const all = await readdir(this.#folder).catch(() => [])
    return all.filter((name) => name.endsWith('.json')).sort()
  }

  async #put(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name)
    await writeFile(`${path}.part`, text, { mode: 0o600 })
    await rename(`${path}.part`, path)
  }
}

function freeName(at: string, there: readonly string[]): string {
  const stem = at.replace(/[:.]/gu, '-')
  for (let no = 1; ; no++) {
    const name = no === 1 ? `${stem}.json` : `${stem}_${no}.json`
    if (!there.includes(name)) return name
  }
}

function kindOf(text: string): readonly CrashKind[] {
  try {
    return [written.parse(JSON.parse(text)).kind]
  } catch {
    return []
  }
}
