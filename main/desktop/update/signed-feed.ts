import { createPublicKey, verify } from 'node:crypto'
import { parseUpdateInfo } from 'electron-updater/out/providers/Provider.js'
import { z } from 'zod'
import { DriveError } from '#app/errors'
import type { UpdateChannel } from '#app/settings'
import { compareVersions, isPrerelease, isVersion, type InstallKind } from '#app/update'

/** How electron-builder names the two channels; the system and processor follow: `latest-linux.yml`. */
export const CHANNEL_NAMES: Readonly<Record<UpdateChannel, string>> = { stable: 'latest', beta: 'beta' }

/** What each kind installs; `by-hand` installs nothing, and any file shows that there is a version. */
const EXTENSIONS: Readonly<Record<InstallKind, string>> = {
  appimage: '.appimage',
  deb: '.deb',
  nsis: '.exe',
  mac: '.zip',
  'by-hand': '',
}

/** What is used of a feed. All else, such as the parts of a web installer, is left behind. */
const feedSchema = z.object({
  version: z.string().refine(isVersion),
  files: z
    .array(
      z.object({
        url: z.string().min(1).max(2000),
        sha512: z.string().regex(/^[A-Za-z\d+/]{86}==$/u),
        size: z.int().min(0).exactOptional(),
      }),
    )
    .min(1),
  releaseDate: z.coerce.string().default(''),
  releaseNotes: z
    .union([z.string(), z.array(z.object({ version: z.string(), note: z.string().nullable() }))])
    .nullish()
    .catch(undefined),
  stagingPercentage: z.number().exactOptional(),
  minimumSystemVersion: z.string().exactOptional(),
})
export type Feed = z.infer<typeof feedSchema>

export interface FeedToOpen {
  /** The whole file, as it came. */
  readonly text: string
  /** The whole of the file beside it. */
  readonly signature: string
  readonly publicKey: string
  readonly channel: UpdateChannel
  readonly kind: InstallKind
  /** The version that is running. */
  readonly running: string
}

/**
 * What a feed says, once it has been shown to be the publisher's: nothing of it is looked at before. Fails as `update-untrusted`,
 * `update-older`, or `update-unreachable` where it has nothing for this kind of package.
 */
export function openFeed({ text, signature, publicKey, channel, kind, running }: FeedToOpen): Feed {
  if (!isSigned(text, signature, publicKey)) throw untrusted('The feed has no valid signature')
  const feed = parse(text)
  // A feed of the other channel is signed by the same key: put in this one's place it must not pass for it.
  if (channel === 'stable' && isPrerelease(feed.version))
    throw untrusted(`The stable channel offers ${feed.version}`)
  if (compareVersions(feed.version, running) < 0)
    throw new DriveError('update-older', `The feed offers ${feed.version}, ${running} is running`, {
      detail: feed.version,
    })
  const files = feed.files.filter(({ url }) => pathOf(url).endsWith(EXTENSIONS[kind]))
  if (files.length === 0) throw new DriveError('update-unreachable', `The feed has no file for ${kind}`)
  return { ...feed, files }
}

/** Over the very bytes of the file. */
function isSigned(text: string, signature: string, publicKey: string): boolean {
  const bytes = Buffer.from(signature.trim(), 'base64')
  // Node reads past what is no base64.
  if (bytes.length !== 64 || bytes.toString('base64') !== signature.trim()) return false
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text, 'utf8'), key, bytes)
  } catch {
    return false
  }
}

function parse(text: string): Feed {
  try {
    return feedSchema.parse(parseUpdateInfo(text, 'feed', new URL('feed:')))
  } catch (thrown) {
    throw untrusted('The feed is signed, but cannot be read', thrown)
  }
}

const untrusted = (message: string, cause?: unknown): DriveError =>
  new DriveError('update-untrusted', message, { cause })

const pathOf = (url: string): string => url.replace(/[?#].*$/u, '').toLowerCase()

const LONGEST_NOTES = 4000

/** As plain text. */
export function notesOf({ releaseNotes }: Feed): string {
  if (releaseNotes === undefined || releaseNotes === null) return ''
  const text =
    typeof releaseNotes === 'string'
      ? releaseNotes
      : releaseNotes.map(({ version, note }) => `${version}\n${note ?? ''}`).join('\n\n')
  return text.trim().slice(0, LONGEST_NOTES)
}
