import { fileURLToPath } from 'node:url'
import { BrowserWindow, nativeTheme, session, type IpcMainInvokeEvent } from 'electron'
import { toFailure } from '#app/errors'
import { redact } from '#app/redact'

/** Where the window's page, preload and icon are, beside the built main file. */
export interface WindowFiles {
  readonly preload: URL
  readonly page: URL
  readonly icon: URL
}

/** The page's own colours, so that nothing flashes before it is drawn. */
const BACKGROUND = { light: '#f5f6f9', dark: '#12141a' }

export function openWindow(files: WindowFiles, title: string, how: 'shown' | 'minimised'): BrowserWindow {
  const window = new BrowserWindow({
    width: 1100,
    height: 720,
    minWidth: 720,
    minHeight: 560,
    title,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: fileURLToPath(files.preload),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (how === 'shown') window.show()
    else if (!window.isVisible()) {
      // One that was never shown can't be found among those that are minimised.
      window.showInactive()
      window.minimize()
    }
    // Elsewhere it is the program file's own. It takes a while to be read, for which the window does not wait.
    if (process.platform === 'linux') window.setIcon(fileURLToPath(files.icon))
  })
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => {
    event.preventDefault()
  })
  window.webContents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  loadPage(window, files)
  return window
}

export function loadPage(window: BrowserWindow, files: WindowFiles): void {
  // A renderer that dies while it loads is the one to be told of, not its page.
  window.loadURL(files.page.href).catch((thrown: unknown) => {
    console.error(`The page did not load: ${redact(toFailure(thrown).message)}`)
  })
}

/** Copying a diagnosis is all that a page of ours may ask for: no camera, no place, no notification. */
export function denyPermissions(): void {
  const allowed = (permission: string): boolean => permission === 'clipboard-sanitized-write'
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(allowed(permission))
  })
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => allowed(permission))
}

/** Only the top frame of our own page may call: not a frame inside it, not another page in it. */
export function isOwnFrame(
  files: WindowFiles,
  window: () => BrowserWindow | undefined,
): (event: IpcMainInvokeEvent) => boolean {
  return ({ senderFrame, sender }) => {
    if (!senderFrame || sender !== window()?.webContents || senderFrame !== sender.mainFrame) return false
    return withoutHash(senderFrame.url) === files.page.href
  }
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0] ?? ''
}
