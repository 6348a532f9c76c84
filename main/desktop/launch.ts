import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'

/** What a start asks for. Imports nothing of weight: a second start reads this, leaves its paths, and ends. */
export interface Launch {
  /** Without a window, in the tray. */
  readonly hidden: boolean
  readonly upload?: Upload
}

export interface Upload {
  /** `ask`: where to, in the window. */
  readonly how: 'at-once' | 'ask'
  readonly paths: readonly string[]
}

const UPLOADS: ReadonlyMap<string, Upload['how']> = new Map([
  ['--upload', 'at-once'],
  ['--upload-to', 'ask'],
])

/**
 * The paths stand behind the option, and are made absolute. Chromium's own switches may stand among them; a name that begins like one
 * is a path only behind `--`.
 */
export function launchOf(argv: readonly string[], workingDirectory: string): Launch {
  const separator = argv.indexOf('--')
  const options = separator < 0 ? argv : argv.slice(0, separator)
  const hidden = options.includes('--hidden')
  const at = options.findIndex((argument) => UPLOADS.has(argument))
  const how = UPLOADS.get(options[at] ?? '')
  if (how === undefined) return { hidden }
  const named = options.slice(at + 1).filter((argument) => !argument.startsWith('--'))
  const paths = [...named, ...argv.slice(options.length + 1)]
    .filter((path) => path !== '')
    .map((path) => (isAbsolute(path) ? path : resolve(workingDirectory, path)))
  return paths.length === 0 ? { hidden } : { hidden, upload: { how, paths } }
}

/**
 * What a second start tells the first one through Electron, whose data is neither whole for every name nor for many of them: only whether
 * the person wants to see the window. Paths go by the folder below.
 */
export interface SecondStart {
  readonly raise: boolean
}

/** Whoever uploads by the file manager's menu stays there; what asks where to raises the window by itself. */
export function secondStart({ hidden, upload }: Launch): SecondStart {
  return { raise: !hidden && upload === undefined }
}

/** One of another version says nothing of it, and is shown the window. */
export function wantsWindow(told: unknown): boolean {
  return !(typeof told === 'object' && told !== null && 'raise' in told && told.raise === false)
}

export function handoverFolder(dataDir: string): string {
  return join(dataDir, 'handover')
}

/** Leaves paths where the running app takes them, in a file of their own, before anybody knows whether there is one. */
export async function leave(dataDir: string, upload: Upload | undefined): Promise<void> {
  if (!upload) return
  const folder = handoverFolder(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // In the order in which they were left.
  const file = join(folder, `${String(Date.now()).padStart(15, '0')}-${randomUUID()}`)
  await writeFile(`${file}.part`, JSON.stringify(upload), { mode: 0o600 })
  // Whole or not there: the app may be looking right now.
  await rename(`${file}.part`, `${file}.json`)
}
