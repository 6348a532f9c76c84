import { ipcMain } from 'electron'

/** The page may be there before the program that answers it: it waits until that is so (preload/index.ts). */
export class Serving {
  #begin: (() => void) | undefined

  constructor() {
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve
    })
    ipcMain.handle('serving', () => begun)
  }

  begin(): void {
    this.#begin?.()
  }
}
