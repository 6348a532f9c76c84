import { access, readdir, realpath } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Language } from '#app/words/explain'
import { PersonalEntries } from './linux-entries.ts'
import { QuickActions } from './quick-actions.ts'
import type { ShellMenuKind } from './shell-menu.ts'
import { ThunarFile } from './thunar-entries.ts'

export interface Installation {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly execPath: string
  /** Not run from its sources. */
  readonly isPackaged: boolean
  readonly resources: string
  readonly language: () => Language
}

/** By this name a package has the app on everybody's PATH, and the entries of all users call it. */
const PACKAGED_PROGRAM = '/usr/bin/pan123-sync'

export async function shellMenuKind(installation: Installation): Promise<ShellMenuKind> {
  const { platform, env, home, execPath, isPackaged, resources } = installation
  // The file that was started; what runs is mounted in a place of its own each time.
  const appImage = env['APPIMAGE']
  if (!isPackaged && !appImage) return { by: 'nobody' }
  switch (platform) {
    case 'win32':
      return { by: 'installer' }
    case 'darwin':
      return {
        by: 'finder',
        actions: new QuickActions(join(resources, 'quick-actions'), join(home, 'Library', 'Services')),
      }
    case 'linux':
      break
    default:
      return { by: 'nobody' }
  }
  const isFromPackage = !appImage && (await isProgram(PACKAGED_PROGRAM, execPath))
  return {
    by: isFromPackage ? 'package' : 'person',
    program: appImage ?? (isFromPackage ? PACKAGED_PROGRAM : execPath),
    ...linuxPlaces(installation),
  }
}

function linuxPlaces({ env, home, language }: Installation): {
  readonly entries: PersonalEntries
  readonly thunar: ThunarFile
} {
  return {
    entries: new PersonalEntries({
      dataHome: folderOf(env['XDG_DATA_HOME'], join(home, '.local', 'share')),
      language,
      hasNautilusPython,
    }),
    thunar: new ThunarFile({
      configHome: folderOf(env['XDG_CONFIG_HOME'], join(home, '.config')),
      configDirs: (env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(delimiter).filter(isAbsolute),
      isInstalled: () => isOnPath('thunar', env['PATH'] ?? ''),
    }),
  }
}

/** By the rules of XDG one that is not absolute does not count. */
const folderOf = (named: string | undefined, otherwise: string): string =>
  named && isAbsolute(named) ? named : otherwise

async function isProgram(path: string, execPath: string): Promise<boolean> {
  return (await realpath(path).catch(() => undefined)) === (await realpath(execPath).catch(() => execPath))
}

async function isOnPath(program: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter).filter(isAbsolute))
    if (await exists(join(folder, program))) return true
  return false
}

/** `/usr/lib/x86_64-linux-gnu/nautilus/extensions-4/libnautilus-python.so`, or where other distributions have it. */
async function hasNautilusPython(): Promise<boolean> {
  for (const lib of ['/usr/lib64', '/usr/lib', '/usr/local/lib'])
    for (const folder of ['.', ...(await namesIn(lib)).filter((name) => name.endsWith('-linux-gnu'))])
      for (const version of await namesIn(join(lib, folder, 'nautilus')))
        if (await exists(join(lib, folder, 'nautilus', version, 'libnautilus-python.so'))) return true
  return false
}

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => [])

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
