/**
 * The licences of the software by others that is in the app: what is packaged with it, and what is bundled into it.
 * The main build writes them as licences.json beside the app, which shows them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ROOT } from './support/process.mjs'

/** What the program is made of besides package.json's `dependencies`, which are packaged as they are. */
const BUNDLED = [
  ...['@lucide/vue', '@tanstack/vue-virtual', 'element-plus', 'pinia', 'vue', 'vue-i18n'],
  ...['chokidar', 'csv-stringify', 'electron-store', 'electron-updater', 'env-paths', 'fflate', 'ignore'],
  ...['undici', 'zod'],
]

/** As npm finds them, with or without an ending: `LICENSE`, `license-mit`, `LICENSE.BSD`. */
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/iu

/** @typedef {{ name: string, version: string, licence: string, text: string }} Licence */
/** @typedef {{ name: string, version: string, license?: string, author?: string | { name: string }, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Manifest */

/** In the order of their names. A package that is there in two versions is there twice. @returns {Licence[]} */
export function collectLicences(root = ROOT) {
  const { dependencies = {} } = manifestOf(root)
  /** @type {Map<string, Licence>} */
  const found = new Map()
  /** @type {Set<string>} */
  const seen = new Set()
  /** @param {string} folder */
  const visit = (folder) => {
    if (seen.has(folder)) return
    seen.add(folder)
    const manifest = manifestOf(folder)
    found.set(keyOf(manifest), licenceOf(folder, manifest))
    for (const name of Object.keys(manifest.dependencies ?? {})) visit(find(folder, name))
    // One for another system is not here, and not in the package either.
    for (const name of Object.keys(manifest.optionalDependencies ?? {})) {
      const optional = locate(folder, name)
      if (optional) visit(optional)
    }
  }
  for (const name of [...Object.keys(dependencies), ...BUNDLED]) visit(find(root, name))
  // Its dependencies fetch it; they are not in it.
  const electron = find(root, 'electron')
  found.set('electron', { ...licenceOf(electron, manifestOf(electron)), name: 'Electron' })
  return [...found.values()].sort((one, other) =>
    one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1,
  )
}

/** @returns {import('vite').Plugin} */
export function emitLicences() {
  return {
    name: 'emit-licences',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'licences.json',
        source: JSON.stringify(collectLicences()),
      })
    },
  }
}

/** A package that is bundled and whose licence is not in the list stops the build. @returns {import('vite').Plugin} */
export function refuseUnlicensed() {
  return {
    name: 'refuse-unlicensed',
    generateBundle(_options, bundle) {
      const listed = new Set(collectLicences().map(keyOf))
      const modules = Object.values(bundle).flatMap((output) =>
        output.type === 'chunk' ? Object.entries(output.modules) : [],
      )
      const folders = modules.flatMap(([id, { renderedLength }]) =>
        renderedLength > 0 ? (packageFolder(id) ?? []) : [],
      )
      const bundled = [...new Set(folders)].map((folder) => keyOf(manifestOf(folder)))
      const missing = bundled.find((key) => !listed.has(key))
      if (missing) this.error(`${missing} is bundled, but is not in the list of build/licences.mjs`)
    },
  }
}

/** Of the package that a module is from; undefined for one of ours. @param {string} moduleId @returns {string | undefined} */
export function packageFolder(moduleId) {
  return /[^\0].*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+(?=[/\\])/u.exec(moduleId)?.[0]
}

/** By what it calls itself: it may be installed under another name. @param {{ name: string, version: string }} of */
const keyOf = ({ name, version }) => `${name} ${version}`

/** @param {string} folder @param {Manifest} manifest @returns {Licence} */
function licenceOf(folder, manifest) {
  const { name, version, license: licence = '' } = manifest
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
  const text = texts.length > 0 ? texts.join('\n\n') : standardText(manifest)
  return { name, version, licence, text }
}

/** Some come without the text of the licence that they name. @param {Manifest} manifest */
function standardText({ name, license, author }) {
  const holder = typeof author === 'string' ? author : author?.name
  if (license !== 'MIT') throw new Error(`${name} (${license}) comes without a licence text`)
  return MIT.replace('{holder}', holder?.replace(/\s*<.*$/u, '') ?? `the authors of ${name}`)
}

/** @param {string} folder @returns {Manifest} */
function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** @param {string} from @param {string} name */
function find(from, name) {
  const folder = locate(from, name)
  if (!folder) throw new Error(`${name}, which ${basename(from)} needs, is not installed: run npm ci`)
  return folder
}

/** As Node looks for it. @param {string} from @param {string} name @returns {string | undefined} */
function locate(from, name) {
  const folder = join(from, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return folder
  const up = dirname(from)
  return up === from ? undefined : locate(up, name)
}

const MIT = `MIT License

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`
