import { app } from 'electron'
import type { Language } from '#app/words/explain'
import { redact } from '#app/redact'
import type { CommandHandlers } from './ipc.ts'
import type { SettingsFile } from './settings.ts'
import { ShellMenu } from './shell-menu.ts'
import { shellMenuKind } from './shell-menu-kind.ts'

/** Looks after the entries at once, beside all else that starts. */
export function openShellMenu(language: () => Language, settings: SettingsFile): Promise<ShellMenu> {
  const opened = openedBy(language)
  void opened
    .then((menu) =>
      menu.start({
        was: () => settings.get().offeredThunar,
        remember: () => settings.change({ offeredThunar: true }),
      }),
    )
    // A file manager without our entries is no reason to disturb anybody: the settings say how it is.
    .catch((thrown: unknown) => {
      console.error(`Entries of the file manager: ${redact(String(thrown))}`)
    })
  return opened
}

async function openedBy(language: () => Language): Promise<ShellMenu> {
  const kind = await shellMenuKind({
    platform: process.platform,
    env: process.env,
    home: app.getPath('home'),
    execPath: process.execPath,
    isPackaged: app.isPackaged,
    resources: process.resourcesPath,
    language,
  })
  return new ShellMenu(kind)
}

export function shellMenuCommands(
  menu: Promise<ShellMenu>,
): Pick<CommandHandlers, 'shellMenu.get' | 'shellMenu.set'> {
  return {
    'shellMenu.get': async () => (await menu).get(),
    'shellMenu.set': async (on) => (await menu).set(on),
  }
}
