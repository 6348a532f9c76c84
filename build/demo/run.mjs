/**
 * The demo itself: platform, app, files, and whether they arrived. Started by build/demo.mjs, without a display as
 * a program inside the desktop session: `run.mjs FOLDER [PATH...]`.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { ROOT, Told, interrupted, runMain } from '../support/process.mjs'
import { appFor } from './app.mjs'
import { expectedFrom, md5Of } from './expected.mjs'
import { startPlatform } from './platform.mjs'
import { makeSample } from './sample.mjs'
import { table } from './table.mjs'

const POLL_MS = 250
/** With no arrival for so long, plus the time that the largest missing file takes at this rate, something is stuck. */
const STALL_MS = 60_000
const SLOWEST_BYTES_PER_MS = 2_000

/** @typedef {import('./expected.mjs').Expected} Expected */
/** @typedef {import('./platform.mjs').StoredFile} StoredFile */
/** @typedef {Awaited<ReturnType<typeof startPlatform>>} Platform */

/**
 * @param {string} folder For everything it makes; the caller removes it.
 * @param {readonly string[]} paths What to send; the sample when empty.
 * @param {boolean} attended Is there a person at the screen?
 * @returns {Promise<number>} The exit code: 0 when every file arrived whole.
 */
export async function runDemo(folder, paths, attended) {
  const pictures = join(ROOT, 'out/demo')
  mkdirSync(pictures, { recursive: true })
  const batches = paths.length > 0 ? [[...paths]] : makeSample(makeFolder(folder, 'sample'))
  const expected = batches.map(expectedFrom)
  const platform = await startPlatform(makeFolder(folder, 'platform'))
  const electron = appFor(platform, join(folder, 'data'))
  console.log(`demo: the platform is at ${platform.url}; sending ${expected.flat().length} files.`)
  try {
    const app = await electron.start(batches[0] ?? [], attended)
    try {
      let gone = false
      void app.ended.then(() => (gone = true))
      let arrived = true
      for (const [at, batch] of batches.entries()) {
        if (at > 0) await handOver(electron, batch)
        if (at === 0) await app.photograph(join(pictures, 'uploading.png'))
        arrived &&= await allArrived(platform, expected.slice(0, at + 1).flat(), () => gone)
        if (!arrived) break
      }
      const whole = await report(await platform.files(), expected.flat())
      if (!whole) console.log(`\nThe end of what the app wrote:\n${app.log()}`)
      if (attended && !gone) await untilClosed(app.ended)
      else await photographDone(app, pictures)
      return whole ? 0 : 1
    } finally {
      await app.stop()
    }
  } finally {
    await platform.stop()
  }
}

/** @param {ReturnType<typeof appFor>} electron @param {readonly string[]} paths */
async function handOver(electron, paths) {
  const { code, output } = await electron.uploadMore(paths)
  if (code !== 0) throw new Told(`The app’s second start failed (exit code ${code}):\n${output.trim()}`)
}

/** @param {string} folder @param {string} name */
function makeFolder(folder, name) {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  return path
}

/**
 * Waits until all are there, or nothing has come for long, or the app is gone. Says what is missing.
 * @param {Platform} platform
 * @param {readonly Expected[]} expected
 * @param {() => boolean} isGone
 */
async function allArrived(platform, expected, isGone) {
  let count = -1
  let since = performance.now()
  for (;;) {
    const there = new Set((await platform.files()).map((file) => file.path))
    const missing = expected.filter((file) => !there.has(file.remotePath))
    if (expected.length - missing.length !== count) {
      count = expected.length - missing.length
      since = performance.now()
      console.log(`demo: ${count} of ${expected.length} arrived.`)
    }
    if (missing.length === 0) return true
    const patience = STALL_MS + Math.max(...missing.map((file) => file.size)) / SLOWEST_BYTES_PER_MS
    if (isGone() || performance.now() - since > patience) {
      console.log(isGone() ? 'demo: the app has ended.' : 'demo: nothing arrives any more.')
      return false
    }
    await sleep(POLL_MS, undefined, { signal: interrupted })
  }
}

/**
 * Prints what is there beside the files on the disk, and says whether it is the same: all of them, whole, and nothing else.
 * @param {readonly StoredFile[]} files
 * @param {readonly Expected[]} expected
 */
async function report(files, expected) {
  const rows = [['path', 'size', 'MD5', 'method', '']]
  let wrong = 0
  for (const { file, remotePath } of expected) {
    const [first, ...more] = files.filter((candidate) => candidate.path === remotePath)
    const isWhole =
      first?.size === statSync(file).size && first.md5 === (await md5Of(file)) && more.length === 0
    if (!isWhole) wrong++
    const verdict = !first ? 'MISSING' : isWhole ? 'whole' : 'DIFFERENT'
    rows.push([remotePath, String(first?.size ?? '-'), first?.md5 ?? '-', first?.method ?? '-', verdict])
  }
  console.log(`\n${table(rows, new Set([1]))}\n`)
  const sent = new Set(expected.map((file) => file.remotePath))
  const unasked = files.filter((file) => !sent.has(file.path)).map((file) => file.path)
  if (unasked.length > 0)
    console.log(`demo: nobody asked for ${unasked.length} more: ${unasked.slice(0, 5).join(', ')}`)
  const methods = ['single', 'sliced', 'instant'].map(
    (method) => `${rows.filter((row) => row[3] === method).length} ${method}`,
  )
  const verdict = wrong === 0 ? 'all arrived whole' : `${wrong} of them did NOT arrive whole`
  console.log(`demo: ${expected.length} files (${methods.join(', ')}): ${verdict}.`)
  return wrong === 0 && unasked.length === 0
}

/** @param {Promise<unknown>} ended */
async function untilClosed(ended) {
  console.log('demo: the window is yours; quit the app, or press Ctrl+C here, to end.')
  await ended
}

/** @param {import('./app.mjs').RunningApp} app @param {string} pictures */
async function photographDone(app, pictures) {
  // The window hears of the last arrival a moment after the platform has it.
  await sleep(1_500, undefined, { signal: interrupted })
  const file = join(pictures, 'done.png')
  await app.photograph(file)
  console.log(`demo: the window is in ${file}.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder = '', ...paths] = process.argv.slice(2)
  await runMain(() => runDemo(folder, paths, false))
}
