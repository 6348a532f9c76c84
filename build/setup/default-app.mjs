/**
 * Packed as `default_app.asar` into the Electron of the npm registry, which lacks it: makes `electron [OPTIONS] FOLDER`
 * run the app in FOLDER. The app is awaited at the top level: Electron holds back `ready` until a main module is loaded.
 */
import { app } from 'electron'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Options of Electron whose value is the next word. Playwright loads its helper with `-r`. */
const REQUIRE = new Set(['-r', '--require'])

/** @param {readonly string[]} words */
function parse(words) {
  /** @type {string[]} */
  const required = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (REQUIRE.has(word)) required.push(words[++at] ?? '')
    else if (word.startsWith('--require=')) required.push(word.slice('--require='.length))
    else if (word === '--version' || word === '-v') return { required, version: true, target: undefined }
    else if (!word.startsWith('-')) return { required, version: false, target: word }
  }
  return { required, version: false, target: undefined }
}

const { required, version, target } = parse(process.argv.slice(1))
if (version) {
  console.log(`v${process.versions['electron'] ?? '?'}`)
  process.exit(0)
}
if (target === undefined) {
  console.error('usage: electron [options] FOLDER')
  process.exit(2)
}
// The app can tell by it that FOLDER stands among its arguments.
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
try {
  const folder = resolve(target)
  const require = createRequire(join(folder, 'package.json'))
  for (const name of required) require(name)
  const about = /** @type {Record<'name' | 'productName' | 'version', string | undefined>} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  )
  const name = about.productName ?? about.name
  if (name) app.setName(name)
  // Electron's own default app uses these two; they are not in its types.
  const internal = /** @type {{ setVersion(version: string): void, setAppPath(folder: string): void }} */ (
    /** @type {unknown} */ (app)
  )
  if (about.version) internal.setVersion(about.version)
  internal.setAppPath(folder)
  await import(pathToFileURL(require.resolve(folder)).href)
} catch (error) {
  console.error('The app could not be loaded:', error)
  process.exit(1)
}
