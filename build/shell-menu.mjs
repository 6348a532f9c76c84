/**
 * Writes the entries for the file managers' menus that a Linux package has for all users: Nautilus, Nemo, Dolphin. Thunar has none for
 * all users but a file that the person's replaces as a whole; the app adds those itself.
 *
 *   node build/shell-menu.mjs FOLDER PROGRAM     e.g. dist/deb /usr/bin/pan123-sync
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tsImport } from 'tsx/esm/api'
import { Told, runMain } from './support/process.mjs'

/** What of app/shell-menu/linux.ts is used here. @typedef {{ path: string, text: string, executable: boolean }} MenuFile */

/**
 * @param {string} folder What becomes `/` when the package is installed.
 * @param {string} program Its path then.
 * @returns {Promise<void>}
 */
export async function writeShellMenu(folder, program) {
  const { menuFiles } =
    /** @type {{ menuFiles: (program: string, dataFolder: string) => readonly MenuFile[] }} */ (
      await tsImport('../app/shell-menu/linux.ts', import.meta.url)
    )
  for (const { path, text, executable } of menuFiles(program, '/usr/share')) {
    const file = join(folder, 'usr/share', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    // Whatever the umask of who packs.
    await chmod(file, executable ? 0o755 : 0o644)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const [folder, program] = process.argv.slice(2)
    if (!folder || !program) throw new Told('Usage: node build/shell-menu.mjs FOLDER PROGRAM')
    await writeShellMenu(folder, program)
    return 0
  })
}
