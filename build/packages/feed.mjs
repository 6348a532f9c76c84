/** The feed by which installed apps on Linux learn of this version: electron-builder writes none for packages that it did not make. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Writes `latest-linux.yml`, `beta-linux.yml` and the like, which is to be signed (build/sign-feed.mjs). JSON is YAML.
 *
 * @param {string} out
 * @param {{ version: string, arch: string }} facts
 * @param {readonly string[]} files Those that an app can be updated by: AppImage, deb.
 */
export function writeLinuxFeed(out, { version, arch }, files) {
  const entries = files.map((file) => {
    const bytes = readFileSync(file)
    return {
      url: basename(file),
      sha512: createHash('sha512').update(bytes).digest('base64'),
      size: bytes.length,
    }
  })
  const [first] = entries
  if (!first) return
  const feed = {
    version,
    files: entries,
    path: first.url,
    sha512: first.sha512,
    releaseDate: new Date().toISOString(),
  }
  const channel = /-([a-z]+)/u.exec(version)?.[1] ?? 'latest'
  const name = `${channel}-linux${arch === 'x64' ? '' : `-${arch}`}.yml`
  writeFileSync(join(out, name), `${JSON.stringify(feed, null, 2)}\n`)
}
