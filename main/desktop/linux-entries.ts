import { join } from 'node:path'
import { menuFiles, nautilusScripts, programFile, programOf, type MenuFile } from '#app/shell-menu/linux'
import type { Language } from '#app/words/explain'
import { isExecutable, placeFile, readIfThere, removeFile } from './own-files.ts'

export interface EntryPlaces {
  readonly dataHome: string
  readonly language: () => Language
  /** Whether Nautilus loads extensions in Python; otherwise it gets scripts. */
  readonly hasNautilusPython: () => Promise<boolean>
}

/** The entries of one person's Nautilus, Nemo and Dolphin. They do no harm where there is none of these. */
export class PersonalEntries {
  readonly #places: EntryPlaces

  constructor(places: EntryPlaces) {
    this.#places = places
  }

  /** All are there, whole, and call this program. */
  async areThere(program: string): Promise<boolean> {
    for (const { path, text, executable } of await this.#files(program)) {
      const at = join(this.#places.dataHome, path)
      const there = await readIfThere(at)
      if (there?.toString('utf8') !== text || (executable && !(await isExecutable(at)))) return false
    }
    return true
  }

  /** Which program they call, of whatever version; undefined when there are none. */
  async program(): Promise<string | undefined> {
    const extension = await readIfThere(join(this.#places.dataHome, programFile))
    return extension && programOf(extension.toString('utf8'))
  }

  async add(program: string): Promise<void> {
    const { dataHome } = this.#places
    await this.#removeScripts()
    for (const { path, text, executable } of await this.#files(program))
      await placeFile(dataHome, join(dataHome, path), text, executable ? 0o755 : 0o644)
  }

  async remove(): Promise<void> {
    const { dataHome } = this.#places
    for (const { path } of menuFiles('', dataHome)) await removeFile(dataHome, join(dataHome, path))
    await this.#removeScripts()
  }

  /** Their names are plain words, and another's script may have the same. */
  async #removeScripts(): Promise<void> {
    const { dataHome } = this.#places
    for (const language of ['zh-CN', 'en'] as const)
      for (const { path, text } of nautilusScripts('', language)) {
        const there = await readIfThere(join(dataHome, path))
        if (there && isSameButProgram(there.toString('utf8'), text))
          await removeFile(dataHome, join(dataHome, path))
      }
  }

  async #files(program: string): Promise<readonly MenuFile[]> {
    const { dataHome, language, hasNautilusPython } = this.#places
    const scripts = (await hasNautilusPython()) ? [] : nautilusScripts(program, language())
    return [...menuFiles(program, dataHome), ...scripts]
  }
}

/** `withNone`: written for a program without a name. */
function isSameButProgram(script: string, withNone: string): boolean {
  const [before = '', after = ''] = withNone.split("''", 2)
  return script.startsWith(before) && script.endsWith(after)
}
