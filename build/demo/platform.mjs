/** The emulated platform as a process of its own, which is what the app talks to in the demo. */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT, Told, start } from '../support/process.mjs'

/** @typedef {{ fileID: number, path: string, size: number, md5: string, method: string, trashed: boolean }} StoredFile */

/** @param {string} store Folder for what it receives. */
export async function startPlatform(store) {
  const { child, stop, ended } = start(
    process.execPath,
    [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'test/emulator/main.ts', '--port', '0', '--store', store],
    { capture: true },
  )
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaints += text))
  const firstLine = new Promise((resolve) => {
    if (child.stdout) createInterface(child.stdout).once('line', resolve)
  })
  const line = await Promise.race([firstLine, ended])
  if (typeof line !== 'string') throw new Told(`The emulator did not start:\n${complaints}`)
  const { url, token } = /** @type {{ url: string, token: string }} */ (JSON.parse(line))
  return {
    url,
    token,
    /** What it holds now, without what is in the recycle bin. */
    files: async () => {
      const answer = await fetch(`${url}/_emulator/files`)
      const files = /** @type {StoredFile[]} */ (await answer.json())
      return files.filter((file) => !file.trashed)
    },
    stop: async () => {
      stop()
      await ended
    },
  }
}
