import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import envPaths from 'env-paths'
import { DriveError } from '#app/errors'

/** `PAN123_DATA_DIR`, or the app's own data folder: the desktop app and the command line share it (design 6). */
export function dataFolder(env: NodeJS.ProcessEnv): string {
  // Set to nothing, as an env file may, is not set.
  return resolve(env['PAN123_DATA_DIR'] || envPaths('123pan-sync', { suffix: '' }).data)
}

/** Makes it, for its owner alone (design 8). One that is there already keeps its permissions: it may be shared with others. */
export async function openDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.W_OK)
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? ''
    throw new DriveError('data-folder-unusable', `Cannot use the data folder (${code}): ${path}`, {
      cause: thrown,
    })
  }
}
