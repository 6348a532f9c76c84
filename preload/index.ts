import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { isCommand, isEvent, type Bridge } from '#app/ipc'

/** Resolves when commands are served (main/desktop/serving.ts): they come after the window. */
let serving: Promise<unknown> | undefined

const bridge: Bridge = {
  call(command, ...args) {
    if (!isCommand(command)) throw new Error(`Unknown command: ${String(command)}`)
    serving ??= ipcRenderer.invoke('serving')
    return serving.then(() => ipcRenderer.invoke(command, ...args))
  },
  on(event, listener) {
    if (!isEvent(event)) throw new Error(`Unknown event: ${String(event)}`)
    // Electron's event object carries the sender: the page must not see it.
    const relay = (_: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload)
    ipcRenderer.on(event, relay)
    return () => void ipcRenderer.off(event, relay)
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
}

contextBridge.exposeInMainWorld('drive', bridge)
