import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, Menu, nativeTheme, type BrowserWindow } from 'electron'
import { dataFolder, openDataFolder } from './data-folder.ts'
import { fetchNoDictionaries } from './desktop/chromium.ts'
import { launchOf, leave, secondStart, wantsWindow } from './desktop/launch.ts'
import { Serving } from './desktop/serving.ts'
import { denyPermissions, openWindow, type WindowFiles } from './desktop/window.ts'

/**
 * Where Electron begins. What is to be uploaded waits in the data folder before the lock is asked for: if another one has it, that one
 * takes it, and this one ends without having loaded the rest of the program.
 * The window opens before that too: while its page is read in a process of its own, this one reads the program that answers it.
 * What has to be done before Electron is ready belongs here: the rest may come later than that.
 */

const FILES: WindowFiles = {
  preload: new URL('../preload/index.cjs', import.meta.url),
  icon: new URL('icon.png', import.meta.url),
  page: developmentPage() ?? new URL('../renderer/index.html', import.meta.url),
}

/** Credentials in the environment. Nothing that is started from here on inherits them, no page is told of them. */
const SECRETS = ['PAN123_TOKEN', 'PAN123_CLIENT_ID', 'PAN123_CLIENT_SECRET']
/** As electron-builder.yml has it: Windows groups windows by it, from the first one on, and shows the notifications of no other. */
const APP_ID = 'io.github.pan123sync'

const dataDir = dataFolder(process.env)
app.setPath('userData', dataDir)
if (process.platform === 'win32' && app.isPackaged) app.setAppUserModelId(APP_ID)
// Electron would make one of its own.
if (process.platform !== 'darwin') Menu.setApplicationMenu(null)

start().catch(async (thrown: unknown) => {
  const { fatal } = await import('./index.ts')
  await fatal(thrown)
})

async function start(): Promise<void> {
  const secrets = takeSecrets()
  const launch = launchOf(process.argv, process.cwd())
  await openDataFolder(dataDir)
  await leave(dataDir, launch.upload)
  if (!app.requestSingleInstanceLock(secondStart(launch))) {
    app.quit()
    return
  }
  const since = { wanted: false, quitting: false }
  app.on('second-instance', (_event, _argv, _folder, told) => {
    since.wanted ||= wantsWindow(told)
  })
  app.on('activate', () => {
    since.wanted = true
  })
  app.once('before-quit', () => {
    since.quitting = true
  })
  await app.whenReady()
  const serving = new Serving()
  denyPermissions()
  fetchNoDictionaries()
  const window = launch.hidden ? undefined : openFirstWindow()
  const { run } = await import('./index.ts')
  if (since.quitting) return
  await run({ dataDir, launch, secrets, files: FILES, window, isWanted: () => since.wanted, serving })
}

function takeSecrets(): NodeJS.ProcessEnv {
  const taken = Object.fromEntries(SECRETS.map((name) => [name, process.env[name]]))
  for (const name of SECRETS) Reflect.deleteProperty(process.env, name)
  return taken
}

/** In the colours of the settings, which are read as they should be later. */
function openFirstWindow(): BrowserWindow {
  nativeTheme.themeSource = themeIn(join(dataDir, 'settings.json'))
  return openWindow(FILES, app.name, 'shown')
}

function themeIn(file: string): 'light' | 'dark' | 'system' {
  try {
    const { theme } = JSON.parse(readFileSync(file, 'utf8')) as { theme?: unknown } // Whatever else is there is not looked at.
    return theme === 'light' || theme === 'dark' ? theme : 'system'
  } catch {
    return 'system'
  }
}

/** What `npm run dev` serves, with live reload. The packaged app has its own page and no other. */
function developmentPage(): URL | undefined {
  const served = process.env['ELECTRON_RENDERER_URL']
  return served && !app.isPackaged ? new URL(served) : undefined
}
