/**
 * `npm run dist`: builds the app and packages it into dist/: what this host can, and in plain words what it leaves out.
 *
 *   npm run dist [-- [--quick] [TARGET]...]      TARGET: dir, tar.gz, deb, AppImage; Windows: nsis, zip; macOS: dmg, zip
 *
 * `--quick` hardly compresses, for tests. Beside `dir` there is always one for them, whose inspector is on and whose name says so.
 */
import { rmSync, statSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeInspectable } from './packages/inspectable.mjs'
import { writeIcons } from './packages/icons.mjs'
import { makeArchive, makeDeb } from './packages/linux.mjs'
import { writeLinuxFeed } from './packages/feed.mjs'
import { runPackager, updates } from './packages/packager.mjs'
import { TARGETS, whyNot } from './packages/targets.mjs'
import { describeElectron } from './setup/electron.mjs'
import { buildApp } from './support/build-app.mjs'
import { ROOT, Told, runMain } from './support/process.mjs'
import { manifest } from './support/manifest.mjs'

/** @typedef {import('./packages/targets.mjs').Target} Target */

const OUT = join(ROOT, 'dist')

/** @type {string[]} */
const left = []

/** @param {readonly Target[]} wanted @param {boolean} quick */
async function onLinux(wanted, quick) {
  const { name, version } = manifest()
  const arch = process.arch
  await runPackager(['--linux', 'dir'])
  const unpacked = join(OUT, arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`)
  await makeInspectable(unpacked, name)
  const order = { name, version, arch, unpacked, out: OUT, quick }
  /** @type {string[]} */
  const updating = []
  if (wanted.includes('tar.gz')) await makeArchive(order)
  if (wanted.includes('deb')) updating.push(await makeDeb(order))
  if (wanted.includes('AppImage')) {
    await runPackager(['--linux', 'AppImage'], { prepackaged: unpacked })
    updating.push(
      ...readdirSync(OUT)
        .filter((file) => file.endsWith('.AppImage'))
        .map((file) => join(OUT, file)),
    )
  }
  if (updates()) writeLinuxFeed(OUT, order, updating)
}

/** @param {readonly string[]} words */
async function choose(words) {
  const here = TARGETS[process.platform] ?? []
  const unknown = words.find((word) => !here.some((target) => target === word))
  if (unknown !== undefined)
    throw new Told(
      `dist: ${unknown} is nothing that can be built on ${process.platform}: ${here.join(', ')}.`,
    )
  /** @type {Target[]} */
  const wanted = []
  for (const target of words.length > 0 ? here.filter((one) => words.includes(one)) : here) {
    const reason = await whyNot(target)
    if (reason) left.push(`${target}: ${reason}`)
    else wanted.push(target)
  }
  for (const [platform, targets = []] of Object.entries(TARGETS))
    if (platform !== process.platform && words.length === 0)
      left.push(
        `${targets.join(', ')}: built on ${NAMES[platform] ?? platform} only, with its own Electron and tools.`,
      )
  return wanted
}

/** @type {Record<string, string>} */
const NAMES = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' }

/** Each file, and each folder as a whole. */
function tell() {
  for (const entry of readdirSync(OUT, { withFileTypes: true })) {
    if (entry.name.endsWith('.yml') || entry.name === 'inspectable') continue
    const bytes = sizeOf(join(OUT, entry.name))
    console.log(`dist: ${entry.name.padEnd(44)} ${(bytes / 1024 ** 2).toFixed(1).padStart(7)} MiB`)
  }
  for (const line of left) console.log(`dist: left out: ${line}`)
}

/** @param {string} path @returns {number} */
function sizeOf(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

await runMain(async () => {
  const words = process.argv.slice(2)
  const quick = words.includes('--quick')
  const wanted = await choose(words.filter((word) => word !== '--quick'))
  if (wanted.length === 0) throw new Told(`dist: nothing is left to build. ${left.join(' ')}`)
  console.log(describeElectron())
  if (!(await buildApp())) throw new Told('dist: the app could not be built: see the messages above.')
  rmSync(OUT, { recursive: true, force: true })
  writeIcons()
  if (process.platform === 'linux') await onLinux(wanted, quick)
  else await runPackager([process.platform === 'win32' ? '--win' : '--mac', ...wanted])
  tell()
  return 0
})
