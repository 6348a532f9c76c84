import { setTimeout as sleep } from 'node:timers/promises'
import { app, type BrowserWindow } from 'electron'
import { DriveError, toFailure } from '#app/errors'
import type { Settings } from '#app/settings'
import { summarizeSettings } from '#app/summary'
import { diagnosticsWords } from '#app/words/diagnostics'
import type { Language } from '#app/words/explain'
import { DEFAULT_API_URL } from '../cloud/hosts.ts'
import { writePackage } from '../diagnostics/package.ts'
import { systemLabel } from './about.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { EngineCalls } from './engine-thread.ts'
import { chooseTarget, showInFolder } from './files.ts'
import type { CommandHandlers } from './ipc.ts'

export interface DiagnosticsCommandOptions {
  readonly diagnostics: Diagnostics
  readonly engine: EngineCalls
  readonly settings: () => Settings
  readonly apiUrl: string
  readonly window: () => BrowserWindow | undefined
  readonly language: () => Language
}

type DiagnosticsHandlers = {
  readonly [
    C in keyof CommandHandlers as C extends `${'diagnostics' | 'crash'}.${string}` ? C : never
  ]: CommandHandlers[C]
}

/** An engine that does not answer is a reason to export, not to wait. */
const PATIENCE_MS = 5000

export function diagnosticsCommands(options: DiagnosticsCommandOptions): DiagnosticsHandlers {
  const { diagnostics, engine, settings, apiUrl, window, language } = options
  let last: string | undefined
  return {
    'diagnostics.export': async () => {
      const { file } = diagnosticsWords[language()]
      const path = await chooseTarget(window(), file, { name: 'ZIP', extensions: ['zip'] })
      if (path === undefined) return undefined
      const contents = {
        versions: versions(apiUrl),
        settings: summarizeSettings(settings()),
        queue: await queueSummary(engine),
        ...(await diagnostics.files()),
      }
      await writePackage(path, contents, language())
      last = path
      return path
    },
    'diagnostics.showInFolder': async () => {
      if (last !== undefined) await showInFolder(last)
    },
    'crash.get': () => diagnostics.offer(),
    'crash.dismiss': () => {
      diagnostics.dismiss()
    },
  }
}

async function queueSummary(engine: EngineCalls): Promise<object> {
  const late = new DriveError('timeout', 'The engine does not answer')
  try {
    return await Promise.race([
      engine.call('summary', null),
      sleep(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(late)),
    ])
  } catch (thrown) {
    return { unavailable: toFailure(thrown).code }
  }
}

function versions(apiUrl: string): object {
  const { electron, chrome, node } = process.versions
  return {
    app: app.getVersion(),
    electron,
    chromium: chrome,
    node,
    system: systemLabel(),
    packaging: packaging(),
    platform: apiUrl === DEFAULT_API_URL ? 'default' : 'another address',
  }
}

/** In which form the app came here. */
function packaging(): string {
  if (!app.isPackaged) return 'development'
  if (process.env['APPIMAGE']) return 'AppImage'
  if (process.platform !== 'linux') return process.platform === 'win32' ? 'installer' : 'app bundle'
  return /^\/(?:opt|usr)\//u.test(process.execPath) ? 'system package' : 'archive'
}
