/**
 * A second app beside the packaged one that Playwright can drive: the same files, and the inspector's fuse on. Its name says so, and it
 * is in no package.
 */
import { cpSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'

/** @param {string} unpacked @param {string} name @returns {Promise<string>} The program. */
export async function makeInspectable(unpacked, name) {
  const folder = join(dirname(unpacked), 'inspectable')
  rmSync(folder, { recursive: true, force: true })
  for (const entry of readdirSync(unpacked, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name)
    const to = from.replace(unpacked, folder)
    if (entry.isDirectory()) mkdirSync(to, { recursive: true })
    else if (entry.name !== name) {
      mkdirSync(dirname(to), { recursive: true })
      linkSync(from, to)
    }
  }
  const program = join(folder, `${name}-inspectable`)
  cpSync(join(unpacked, name), program)
  await flipFuses(program, { version: FuseVersion.V1, [FuseV1Options.EnableNodeCliInspectArguments]: true })
  return program
}
