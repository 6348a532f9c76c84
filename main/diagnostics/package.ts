import { rename, rm, writeFile } from 'node:fs/promises'
import type { Zippable } from 'fflate'
import { DriveError } from '#app/errors'
import { diagnosticsReadme } from '#app/words/diagnostics'
import type { Language } from '#app/words/explain'

export interface PackageContents {
  readonly versions: object
  readonly settings: object
  readonly queue: object
  /** By file name; bounded where they are written. */
  readonly logs: Readonly<Record<string, Uint8Array>>
  readonly crashes: Readonly<Record<string, Uint8Array>>
}

/** Writes it whole or not at all: what is there under that name is replaced once the new one is complete. */
export async function writePackage(
  path: string,
  contents: PackageContents,
  language: Language,
): Promise<void> {
  const part = `${path}.part`
  try {
    // A person's file, for them alone until they send it.
    await writeFile(part, await zipped(contents, language), { mode: 0o600 })
    await rename(part, path)
  } catch (thrown) {
    // Of two failures the first says why.
    await rm(part, { force: true }).catch(() => undefined)
    throw new DriveError('file-unwritable', 'The diagnostics package could not be written', { cause: thrown })
  }
}

async function zipped(
  { versions, settings, queue, logs, crashes }: PackageContents,
  language: Language,
): Promise<Uint8Array> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content)
  const json = (content: object): Uint8Array => text(`${JSON.stringify(content, null, 2)}\n`)
  const files: Zippable = {
    // With its mark: editors on Windows would guess another encoding.
    'README.txt': text(`\uFEFF${diagnosticsReadme(language)}`),
    'versions.json': json(versions),
    'settings.json': json(settings),
    'queue.json': json(queue),
    logs,
    crashes,
  }
  // Needed once in a lifetime, and so few megabytes take a moment. The other builds of it look for their own source, which a bundle has not.
  const { zipSync } = await import('fflate/browser')
  return zipSync(files)
}
