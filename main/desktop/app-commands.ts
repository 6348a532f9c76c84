import { isDeepStrictEqual } from 'node:util'
import { nativeTheme, shell } from 'electron'
import type { Link } from '#app/ipc'
import type { Settings } from '#app/settings'
import type { AccountSession } from '../session/account-session.ts'
import { appInfo, readLicences } from './about.ts'
import type { EngineCalls } from './engine-thread.ts'
import type { CommandHandlers } from './ipc.ts'
import type { Proxies } from './proxies.ts'
import type { SettingsFile } from './settings.ts'

type Handlers<Prefix extends string> = {
  readonly [C in keyof CommandHandlers as C extends `${Prefix}.${string}` ? C : never]: CommandHandlers[C]
}

/** `openExternal` opens these and nothing else. */
const LINKS: Readonly<Record<Link, string>> = {
  'developer-portal': 'https://www.123pan.com/developer',
  website: 'https://www.123pan.com/',
  // macOS: where a login item is allowed.
  'login-items': 'x-apple.systempreferences:com.apple.LoginItems-Settings.extension',
}

export function sessionCommands(session: AccountSession, restored: Promise<unknown>): Handlers<'session'> {
  return {
    'session.get': async () => {
      await restored
      return session.session
    },
    'session.signIn': (credentials, keep) => session.signIn(credentials, keep),
    'session.signOut': async () => {
      await session.signOut()
    },
    'session.reload': () => session.reload(),
  }
}

export interface SettingsCommandOptions {
  readonly settings: SettingsFile
  readonly engine: EngineCalls
  readonly proxies: Proxies
  /** After what the settings set in motion here. */
  readonly onChanged: (settings: Settings) => void
}

/** What a change of the settings sets in motion is here, and in what `onChanged` calls. */
export function settingsCommands({
  settings,
  engine,
  proxies,
  onChanged,
}: SettingsCommandOptions): Handlers<'settings'> {
  const reconnect = (): void => {
    engine.call('reconnect', null).catch(() => undefined)
  }
  return {
    'settings.get': () => settings.get(),
    'settings.change': (change) => {
      const before = settings.get()
      const changed = settings.change(change)
      if (!isDeepStrictEqual(before.proxy, changed.proxy)) reconnect()
      if (!isDeepStrictEqual(before.upLimit, changed.upLimit)) limitUploads(engine, settings)
      if (!isDeepStrictEqual(before.exclude, changed.exclude))
        engine.call('setSyncRules', { rules: changed.exclude }).catch(() => undefined)
      nativeTheme.themeSource = changed.theme
      onChanged(changed)
      return changed
    },
    'settings.setProxyPassword': (password) => proxies.setPassword(password).finally(reconnect),
    'settings.hasProxyPassword': () => proxies.hasPassword(),
  }
}

export function limitUploads(engine: EngineCalls, settings: SettingsFile): void {
  engine.call('setUpLimit', { limit: settings.get().upLimit }).catch(() => undefined)
}

export interface AppFacts {
  readonly dataDir: string
  readonly apiUrl: string
  readonly licences: URL
}

export function appCommands({ dataDir, apiUrl, licences }: AppFacts): Handlers<'app' | 'link'> {
  return {
    'link.open': (link) => shell.openExternal(LINKS[link]),
    'app.info': () => appInfo(dataDir, apiUrl),
    'app.openDataFolder': async () => (await shell.openPath(dataDir)) === '',
    'app.licences': () => readLicences(licences),
  }
}
