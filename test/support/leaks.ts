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
    const content = await readFile(path)
    if (forms.some((form) => content.includes(form))) found.push(path)
  }
  return found
}
