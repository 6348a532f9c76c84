/** electron-builder's hook once an app is put together, before its fuses are flipped and it is signed. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What Electron brings along for developing; only the Electron of the npm registry has it by then.
 *
 * @param {{ appOutDir: string }} context
 */
export function afterPack({ appOutDir }) {
  rmSync(join(appOutDir, 'resources/default_app.asar'), { force: true })
}
