import { app } from 'electron'
import type { Autostart } from '#app/autostart'
import { toFailure } from '#app/errors'
import { redact } from '#app/redact'
import { AutostartFile } from './autostart-file.ts'

export interface AutostartSwitch {
  get(): Promise<Autostart> | Autostart
  set(on: boolean): Promise<Autostart> | Autostart
}

/** Where the system has it; nothing is remembered here, so what is shown is what is so. */
export function autostart(): AutostartSwitch {
  const appPath = app.isPackaged ? undefined : app.getAppPath()
  if (process.platform === 'win32') return loginItem(appPath)
  // There an unpacked Electron would start, without us.
  if (process.platform === 'darwin') return appPath === undefined ? loginItem(undefined) : unavailable()
  const file = new AutostartFile({ env: process.env, execPath: process.execPath, appPath })
  file.repair().catch((thrown: unknown) => {
    console.error(`Starting at login can't be mended: ${redact(toFailure(thrown).message)}`)
  })
  return file
}

function loginItem(appPath: string | undefined): AutostartSwitch {
  const ours = { args: [...(appPath === undefined ? [] : [appPath]), '--hidden'] }
  const get = (): Autostart => {
    const { openAtLogin, executableWillLaunchAtLogin, status } = app.getLoginItemSettings(ours)
    if (process.platform === 'darwin' && status === 'requires-approval') return { status: 'needs-approval' }
    if (!openAtLogin) return { status: 'off' }
    // It is written down, and switched off in the Task Manager.
    return process.platform === 'win32' && !executableWillLaunchAtLogin
      ? { status: 'off', why: 'by-system' }
      : { status: 'on' }
  }
  return {
    get,
    set(on) {
      app.setLoginItemSettings({ ...ours, openAtLogin: on, enabled: on })
      return get()
    },
  }
}

function unavailable(): AutostartSwitch {
  const get = (): Autostart => ({ status: 'unavailable', why: 'development' })
  return { get, set: get }
}
