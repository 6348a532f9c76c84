/** What must be on the platform when all is done, from the files themselves. */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Told, interrupted } from '../support/process.mjs'

/** @typedef {{ file: string, remotePath: string, size: number }} Expected */

/** Names that the platform takes no file or folder under, as app/naming.ts has them. The last is for bytes that are no text. */
const REFUSED = /["\\/:*?|><\n\r\ufffd]|^\s*$/u
const MAX_NAME_CHARACTERS = 255

/**
 * A folder keeps its name, as in the app; links and devices are not sent, nor what has a name that the platform refuses: that is told.
 * @param {readonly string[]} paths
 * @returns {Expected[]}
 */
export function expectedFrom(paths) {
  const names = paths.map((path) => basename(resolve(path)))
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Told(`Two of the paths are named ${twice}: please give one at a time.`)
  return paths.flatMap((path, at) => walk(resolve(path), `/${names[at] ?? ''}`))
}

/** @param {string} file @param {string} remotePath @returns {Expected[]} */
function walk(file, remotePath) {
  const name = basename(file)
  if (REFUSED.test(name) || [...name].length > MAX_NAME_CHARACTERS) {
    console.log(`demo: left out, as the platform takes no such name: ${JSON.stringify(remotePath)}`)
    return []
  }
  const status = lstatSync(file, { throwIfNoEntry: false })
  if (!status) throw new Told(`There is no ${file}.`)
  if (status.isFile()) return [{ file, remotePath, size: status.size }]
  if (!status.isDirectory()) return []
  return readdirSync(file)
    .sort()
    .flatMap((name) => walk(join(file, name), `${remotePath}/${name}`))
}

/** @param {string} file */
export async function md5Of(file) {
  const hash = createHash('md5')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal: interrupted })
  return hash.digest('hex')
}
