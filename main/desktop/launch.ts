import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'

/** The paths behind `--upload` on a command line, made absolute. Chromium's own switches may stand among them. */
export function uploadPaths(argv: readonly string[], workingDirectory: string): readonly string[] {
  const at = argv.indexOf('--upload')
  if (at < 0) return []
  return argv
    .slice(at + 1)
    .filter((argument) => !argument.startsWith('--'))
    .map((path) => (isAbsolute(path) ? path : resolve(workingDirectory, path)))
}

const FOLDER = 'handover'
const note = z.array(z.string().min(1))

/**
 * Leaves paths where the running app takes them: in a file of its own in the data folder. The data that Electron passes to the first
 * instance is neither whole for every name nor for many of them, and the arguments come in another order.
 */
export async function leavePaths(dataDir: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  const folder = join(dataDir, FOLDER)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, randomUUID())
  await writeFile(`${file}.part`, JSON.stringify(paths), { mode: 0o600 })
  // Whole or not there: the app may be looking right now.
  await rename(`${file}.part`, `${file}.json`)
}

/** Takes all that was left, oldest start or not: each path is handed out once. */
export async function takePaths(dataDir: string): Promise<readonly string[]> {
  const folder = join(dataDir, FOLDER)
  const names = await readdir(folder).catch(() => [])
  const paths: string[] = []
  for (const name of names.filter((candidate) => candidate.endsWith('.json'))) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    await unlink(join(folder, name)).catch(() => undefined)
    paths.push(...parse(text))
  }
  return paths
}

function parse(text: string): readonly string[] {
  try {
    return note.parse(JSON.parse(text))
  } catch {
    return []
  }
}
