import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { app, dialog, shell, type BrowserWindow, type FileFilter, type OpenDialogOptions } from 'electron'
import { DriveError } from '#app/errors'

/** The system's chooser; empty when the person changed their mind. */
export async function choosePaths(
  window: BrowserWindow | undefined,
  kind: 'files' | 'folders' | 'folder',
): Promise<readonly string[]> {
  const options: OpenDialogOptions = {
    properties:
      kind === 'folder'
        ? ['openDirectory', 'createDirectory']
        : [kind === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
  }
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return filePaths
}

/** Where an exported file goes, named with today's date unless the person says otherwise; undefined when they changed their mind. */
export async function chooseTarget(
  window: BrowserWindow | undefined,
  name: string,
  filter: FileFilter & { extensions: [string] },
): Promise<string | undefined> {
  const day = new Intl.DateTimeFormat('sv-SE').format(Date.now())
  const options = {
    defaultPath: join(app.getPath('documents'), `${name} ${day}.${filter.extensions[0]}`),
    filters: [filter],
  }
  const { filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options))
  return filePath || undefined
}

/** The file manager shows nothing, and says nothing, where there is nothing any more. */
export async function showInFolder(path: string): Promise<void> {
  await access(path).catch(async (cause: unknown) => {
    // A name that is no text cannot be asked for, but the folder that it is in can.
    if (path.includes('\ufffd') && (await shell.openPath(dirname(path))) === '') return
    throw new DriveError('file-missing', `No longer there: ${path}`, { cause })
  })
  shell.showItemInFolder(path)
}
