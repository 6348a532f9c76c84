import { readFile } from 'node:fs/promises'
import { app } from 'electron'
import { z } from 'zod'
import type { AppInfo, Licence } from '#app/about'

const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'macOS',
  linux: 'Linux',
  win32: 'Windows',
}

/** Its name, version and processor. */
export function systemLabel(): string {
  const { platform, arch } = process
  return `${SYSTEMS[platform] ?? platform} ${process.getSystemVersion()} ${arch}`
}

export function appInfo(dataFolder: string, apiUrl: string): AppInfo {
  const { versions, platform } = process
  return {
    version: app.getVersion(),
    electron: versions.electron,
    chromium: versions.chrome,
    node: versions.node,
    system: systemLabel(),
    platform,
    dataFolder,
    home: app.getPath('home'),
    apiUrl,
  }
}

const licences = z.array(
  z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }),
) satisfies z.ZodType<readonly Licence[]>

/** Read when somebody asks: hardly anybody does. build/licences.mjs writes it. */
export async function readLicences(file: URL): Promise<readonly Licence[]> {
  return licences.parse(JSON.parse(await readFile(file, 'utf8')))
}
