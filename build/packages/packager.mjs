/** Runs electron-builder, and says in a sentence why it failed. */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { electronDist, electronVersion } from '../setup/electron.mjs'
import { packagingFailure, withoutStack } from './failure.mjs'
import { ROOT, Told, start } from '../support/process.mjs'

/**
 * @param {readonly string[]} targets Its own words, e.g. `--linux dir`.
 * @param {{ prepackaged?: string }} [options] The folder of an app that is put together already.
 */
export async function runPackager(targets, { prepackaged } = {}) {
  const program = join(ROOT, 'node_modules/electron-builder/cli.js')
  const args = [program, ...targets, '--publish', 'never', ...overrides()]
  if (prepackaged) args.push('--prepackaged', prepackaged)
  const { child, ended } = start(process.execPath, args, { capture: true })
  /** @type {string[]} */
  const lines = []
  for (const input of [child.stdout, child.stderr])
    if (input)
      createInterface({ input }).on('line', (line) => {
        lines.push(line)
        const shown = withoutStack(line)
        if (shown !== undefined) console.log(shown)
      })
  const code = await ended
  if (code !== 0) throw new Told(packagingFailure(lines, code))
}

/** What of the configuration is known only here and now. */
function overrides() {
  const words = []
  const dist = electronDist()
  if (dist) words.push(`--config.electronDist=${dist}`, `--config.electronVersion=${electronVersion()}`)
  // A keychain that gives out by program would give to whoever starts ours as Node.
  if (process.platform === 'darwin') words.push('--config.electronFuses.runAsNode=false')
  for (const [name, value] of Object.entries(updates() ?? {}))
    words.push(`--config.extraMetadata.updates.${name}=${value}`)
  return words
}

/**
 * Where the packaged app looks for newer versions, and whom it believes: main/desktop/update/config.ts reads it.
 * @returns {{ feed: string, publicKey: string, page?: string } | undefined}
 */
export function updates() {
  const {
    PAN123_UPDATE_FEED: feed,
    PAN123_UPDATE_PUBLIC_KEY: publicKey,
    PAN123_UPDATE_PAGE: page,
  } = process.env
  if (!feed && !publicKey) return undefined
  if (!feed || !publicKey)
    throw new Told(
      'dist: PAN123_UPDATE_FEED and PAN123_UPDATE_PUBLIC_KEY go together: one of them is missing.',
    )
  return { feed, publicKey, ...(page ? { page } : {}) }
}
