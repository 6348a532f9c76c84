import { cp, readdir, rename, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DriveError } from '#app/errors'
import { readIfThere } from './own-files.ts'

/** The Finder's quick actions: bundles of the app's (build/mac), copied to where the person's services are. */
export class QuickActions {
  readonly #source: string
  readonly #services: string

  /** `source`: the bundles in the app; `services`: `~/Library/Services`. */
  constructor(source: string, services: string) {
    this.#source = source
    this.#services = services
  }

  /** All are there, whole. They name the app by its id, wherever it is. */
  async areThere(): Promise<boolean> {
    const bundles = await this.#bundles()
    for (const bundle of bundles)
      for (const entry of await readdir(join(this.#source, bundle), {
        recursive: true,
        withFileTypes: true,
      })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const there = await readIfThere(join(this.#services, path.slice(this.#source.length)))
        if (!there || !(await readIfThere(path))?.equals(there)) return false
      }
    return bundles.length > 0
  }

  async add(): Promise<void> {
    for (const bundle of await this.#bundles()) {
      const part = join(this.#services, `${bundle}.${randomUUID()}.part`)
      try {
        await cp(join(this.#source, bundle), part, { recursive: true })
        await rm(join(this.#services, bundle), { recursive: true, force: true })
        await rename(part, join(this.#services, bundle))
      } catch (cause) {
        await rm(part, { recursive: true, force: true }).catch(() => undefined)
        throw new DriveError('file-unwritable', `Cannot write ${bundle}`, { cause })
      }
    }
  }

  async remove(): Promise<void> {
    for (const bundle of await this.#bundles())
      await rm(join(this.#services, bundle), { recursive: true, force: true }).catch((cause: unknown) => {
        throw new DriveError('file-unwritable', `Cannot remove ${bundle}`, { cause })
      })
  }

  async #bundles(): Promise<readonly string[]> {
    const names = await readdir(this.#source).catch(() => [])
    return names.filter((name) => name.endsWith('.workflow'))
  }
}
