import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below a folder in which a secret stands, as text or in UTF-16 or base64. */
export async function filesContaining(folder: string, secret: string): Promise<readonly string[]> {
  const forms = [
    Buffer.from(secret),
    Buffer.from(secret, 'utf16le'),
    Buffer.from(Buffer.from(secret).toString('base64').slice(0, -4)),
  ]
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    // Chromium makes files and takes them away again.
    const content = await readFile(path).catch((thrown: unknown) => {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return Buffer.alloc(0)
      throw thrown
    })
    if (forms.some((form) => content.includes(form))) found.push(path)
  }
  return found
}
