/** What packages there are, and which of them this host can make. */
import { spawnSync } from 'node:child_process'

/** @typedef {'dir' | 'tar.gz' | 'deb' | 'AppImage' | 'nsis' | 'zip' | 'dmg'} Target */

/** By the platform that makes them. @type {Partial<Record<string, readonly Target[]>>} */
export const TARGETS = {
  linux: ['dir', 'tar.gz', 'deb', 'AppImage'],
  win32: ['nsis', 'zip'],
  darwin: ['dmg', 'zip'],
}

/** How long to wait for a sign of life from the server that has electron-builder's tools. */
const PROBE_MS = 8_000

/** @param {Target} target @returns {Promise<string | undefined>} Why it can't be made here. */
export async function whyNot(target) {
  switch (target) {
    case 'tar.gz':
      return missing('tar')
    case 'deb':
      return missing('dpkg-deb')
    case 'AppImage':
      return unreachable()
    default:
      return undefined
  }
}

/** @param {string} program */
function missing(program) {
  return spawnSync(program, ['--version']).status === 0 ? undefined : `there is no ${program} here.`
}

/** What it is made with electron-builder downloads, unless it is given. */
async function unreachable() {
  const { APPIMAGE_TOOLS_PATH: tools, ELECTRON_BUILDER_BINARIES_MIRROR: mirror } = process.env
  if (tools || mirror) return undefined
  try {
    await fetch('https://github.com/electron-userland/electron-builder-binaries', {
      method: 'HEAD',
      signal: AbortSignal.timeout(PROBE_MS),
    })
    return undefined
  } catch {
    return (
      'its tools are on github.com, which cannot be reached from here; please name them in APPIMAGE_TOOLS_PATH, or a mirror in ' +
      'ELECTRON_BUILDER_BINARIES_MIRROR.'
    )
  }
}
