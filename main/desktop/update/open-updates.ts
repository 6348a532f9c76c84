import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, powerMonitor, shell } from 'electron'
import { z } from 'zod'
import type { Failure } from '#app/errors'
import { installKindOf, type UpdateStatus } from '#app/update'
import { isErrorCode } from '#app/words/explain'
import type { CommandHandlers } from '../ipc.ts'
import type { EngineThread } from '../engine-thread.ts'
import type { Proxies } from '../proxies.ts'
import type { SettingsFile } from '../settings.ts'
import { readUpdateConfig } from './config.ts'
import { Updates, type UpdateMeans, type UpdatesOptions } from './updates.ts'

export interface OpenUpdatesOptions {
  readonly dataDir: string
  readonly settings: SettingsFile
  readonly engine: EngineThread
  readonly proxies: Proxies
  readonly onChange: (status: UpdateStatus) => void
}

export function openUpdates({ dataDir, settings, engine, proxies, onChange }: OpenUpdatesOptions): Updates {
  const folder = join(dataDir, 'updates')
  const updates = new Updates({
    means: () => findMeans(folder, proxies),
    settings: () => settings.get(),
    rememberCheck: (at) => {
      settings.change({ updatesCheckedAt: at })
    },
    isUploading: () => engine.status.running > 0,
    stopUploads: () => engine.stop(),
    resumeUploads: () => engine.restart(),
    quit: () => {
      app.quit()
    },
    now: Date.now,
    random: Math.random,
    onChange,
    leftover: leftoverIn(folder),
  })
  powerMonitor.on('resume', () => {
    updates.woke()
  })
  return updates
}

async function findMeans(folder: string, proxies: Proxies): Promise<UpdateMeans> {
  if (!app.isPackaged) return { reason: 'development' }
  const config = await readUpdateConfig(app.getAppPath())
  if (!config) return { reason: 'not-configured' }
  const packageType = await readFile(join(process.resourcesPath, 'package-type'), 'utf8').catch(
    () => undefined,
  )
  const appImage = process.env['APPIMAGE']
  const kind = installKindOf(process.platform, appImage, packageType)
  return {
    kind,
    page: config.page,
    open: async () => {
      // A library that hardly any start needs.
      const { ElectronUpdateSource } = await import('./source.ts')
      return new ElectronUpdateSource({ config, kind, folder, proxies, appImage })
    },
  }
}

const failureSchema = z.object({ code: z.string().refine(isErrorCode), message: z.string() })

function leftoverIn(folder: string): UpdatesOptions['leftover'] {
  const file = join(folder, 'failure.json')
  return {
    async read() {
      try {
        return failureSchema.parse(JSON.parse(await readFile(file, 'utf8')))
      } catch {
        return undefined
      }
    },
    async write(failure: Failure | undefined) {
      if (!failure) return rm(file, { force: true })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(file, JSON.stringify(failure), { mode: 0o600 })
    },
  }
}

type UpdateCommands = {
  readonly [C in keyof CommandHandlers as C extends `update.${string}` ? C : never]: CommandHandlers[C]
}

export function updateCommands(updates: Updates): UpdateCommands {
  return {
    'update.get': () => updates.status(),
    // They may take until all is downloaded, or the last upload has ended: what comes of it is told.
    'update.check': () => {
      void updates.check('person')
    },
    'update.install': () => {
      void updates.install()
    },
    'update.openPage': async () => {
      const page = await updates.page()
      if (page !== undefined) await shell.openExternal(page)
    },
  }
}
