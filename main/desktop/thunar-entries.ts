import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import type { ThunarEntries } from '#app/shell-menu/state'
import {
  NO_ACTIONS,
  thunarState,
  withThunarEntries,
  withoutThunarEntries,
  type ThunarState,
} from '#app/shell-menu/thunar'
import { isLink, placeFile, readIfThere, removeFile } from './own-files.ts'

export interface ThunarPlaces {
  readonly configHome: string
  /** Where Thunar looks for as long as the person has no file: in that order. */
  readonly configDirs: readonly string[]
  readonly isInstalled: () => Promise<boolean>
}

const FILE = join('Thunar', 'uca.xml')

/** Our entries in the person's file of custom actions. */
export class ThunarFile {
  readonly #places: ThunarPlaces
  readonly #path: string

  constructor(places: ThunarPlaces) {
    this.#places = places
    this.#path = join(places.configHome, FILE)
  }

  /** Entries that call another program are not there for this one. */
  async state(program: string): Promise<ThunarEntries> {
    const found = await this.#state(program)
    return found === 'other' ? 'off' : found
  }

  async #state(program: string): Promise<ThunarEntries | ThunarState> {
    if (await isLink(this.#path)) return 'linked'
    const own = await this.#read(this.#path)
    if (own === undefined) return (await this.#places.isInstalled()) ? 'off' : 'none'
    return thunarState(own, program)
  }

  /** Nothing happens where there is no Thunar, or its file is not one that we can change. */
  async add(program: string): Promise<void> {
    const state = await this.#state(program)
    if (state !== 'off' && state !== 'other') return
    const before = (await this.#read(this.#path)) ?? (await this.#systemFile())
    const xml = withThunarEntries(before, program) ?? withThunarEntries(NO_ACTIONS, program)
    if (xml !== undefined) await placeFile(this.#places.configHome, this.#path, xml, 0o644)
  }

  /** Makes entries of ours that call another program call this one. */
  async renew(program: string): Promise<void> {
    if ((await this.#state(program)) === 'other') await this.add(program)
  }

  async remove(): Promise<void> {
    if (await isLink(this.#path)) return
    const xml = await this.#read(this.#path)
    const rest = xml === undefined ? undefined : withoutThunarEntries(xml)
    if (rest === undefined || rest === xml) return
    // It was made for our entries alone: the system's counts again.
    if (rest === (await this.#systemFile())) await removeFile(this.#places.configHome, this.#path)
    else await placeFile(this.#places.configHome, this.#path, rest, 0o644)
  }

  /** What is no UTF-8 is damaged as well. */
  async #read(path: string): Promise<string | undefined> {
    const bytes = await readIfThere(path)
    if (bytes === undefined) return undefined
    return isUtf8(bytes) ? bytes.toString('utf8') : ''
  }

  async #systemFile(): Promise<string> {
    for (const folder of this.#places.configDirs) {
      const found = await this.#read(join(folder, FILE))
      if (found !== undefined && withoutThunarEntries(found) !== undefined) return found
    }
    return NO_ACTIONS
  }
}
