import { powerSaveBlocker } from 'electron'

/** Keeps the computer from going to sleep by itself, and the screen does as it likes. */
export class KeepAwake {
  #id: number | undefined

  set(awake: boolean): void {
    if (awake === (this.#id !== undefined)) return
    if (this.#id === undefined) {
      this.#id = powerSaveBlocker.start('prevent-app-suspension')
    } else {
      powerSaveBlocker.stop(this.#id)
      this.#id = undefined
    }
  }
}
