import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { DriveError } from '#app/errors'

const run = promisify(execFile)

/** The file that has been downloaded, and what the signed feed says of it. */
export interface Downloaded {
  readonly path: string
  /** In base64. */
  readonly sha512: string
}

/** It has lain on the disk since it was downloaded. */
export async function checkDownloaded({ path, sha512 }: Downloaded): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(path), hash)
  if (hash.digest('base64') !== sha512)
    throw new DriveError('update-untrusted', 'The downloaded file is not the one that was signed')
}

/**
 * Puts the new AppImage beside the old one, whole and checked, so that all that is left to do is to rename it: a disk that fills up, or
 * power that fails, leaves the old one as it was. Returns its path.
 */
export async function stageAppImage(downloaded: Downloaded, appImage: string): Promise<string> {
  const staged = join(dirname(appImage), `.${basename(appImage)}.update`)
  try {
    const { mode } = await stat(appImage)
    await copyFile(downloaded.path, staged)
    await chmod(staged, (mode & 0o777) | 0o500)
    const file = await open(staged, 'r')
    await file.sync().finally(() => file.close())
    await checkDownloaded({ path: staged, sha512: downloaded.sha512 })
    return staged
  } catch (thrown) {
    await rm(staged, { force: true })
    throw thrown
  }
}

/** Under the same name as before: shortcuts, the right-click menu and autostart go on finding it. */
export async function swapAppImage(staged: string, appImage: string): Promise<void> {
  await rename(staged, appImage)
}

/**
 * apt takes all of it or nothing, with what the new version depends on. The system asks for the password in a window of its own, which
 * takes as long as it takes.
 */
export async function installDeb(path: string): Promise<void> {
  const apt = ['apt-get', 'install', '--yes', path]
  const [program = '', ...args] = process.getuid?.() === 0 ? apt : ['pkexec', ...apt]
  try {
    await run(program, args)
  } catch (thrown) {
    const { code } = thrown as { code?: string | number } // As execFile fails: no such program, or its exit code.
    throw new DriveError('update-not-installed', `${program} failed: ${code ?? 'killed'}`, { cause: thrown })
  }
}
