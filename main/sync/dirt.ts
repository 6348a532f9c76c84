/** What may not be as the base has it: all of the root, or some folders of it. */
export class Dirt {
  #all = false
  #folders = new Set<string>()
  #wake: (() => void)[] = []

  get isDirty(): boolean {
    return this.#all || this.#folders.size > 0
  }

  addAll(): void {
    this.#all = true
    this.poke()
  }

  addFolders(folders: Iterable<string>): void {
    for (const folder of folders) this.#folders.add(folder)
    if (this.#folders.size > 0) this.poke()
  }

  /** All of it, which is clean from now on. `folders` are looked at whatever is known of them. */
  take(): { readonly all: boolean; readonly folders: readonly string[] } {
    const taken = { all: this.#all, folders: [...this.#folders] }
    this.#all = false
    this.#folders = new Set()
    return taken
  }

  /** Whoever waits looks again. */
  poke(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }

  /** Resolves at the next poke. */
  poked(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake.push(resolve)
    })
  }
}
