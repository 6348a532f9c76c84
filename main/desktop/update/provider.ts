import {
  type CancellationToken,
  Provider,
  type ResolvedUpdateFileInfo,
  type UpdateInfo,
} from 'electron-updater'
import { resolveFiles, type ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js'
import { DriveError } from '#app/errors'
import { isTrustedAddress } from './config.ts'
import { CHANNEL_NAMES, notesOf, openFeed, type Feed, type FeedToOpen } from './signed-feed.ts'

/** What electron-updater makes a provider with; `cancellation` ends the requests for the feed. */
export interface SignedFeedOptions extends Omit<FeedToOpen, 'text' | 'signature'> {
  readonly provider: 'custom'
  readonly updateProvider: typeof SignedProvider
  readonly feed: string
  readonly cancellation: CancellationToken
}

type SignedInfo = UpdateInfo & Omit<Feed, 'releaseNotes'>

/** electron-updater's generic feed, which is believed only with the publisher's signature beside it: NAME.yml and NAME.yml.sig. */
export class SignedProvider extends Provider<SignedInfo> {
  readonly #options: SignedFeedOptions

  constructor(options: SignedFeedOptions, _updater: unknown, runtimeOptions: ProviderRuntimeOptions) {
    super(runtimeOptions)
    this.#options = options
  }

  override async getLatestVersion(): Promise<SignedInfo> {
    const { feed, channel, cancellation } = this.#options
    const name = `${this.getCustomChannelName(CHANNEL_NAMES[channel])}.yml`
    const text = await this.#read(new URL(name, feed), cancellation)
    const signature = await this.#read(new URL(`${name}.sig`, feed), cancellation).catch(
      (thrown: unknown) => {
        // Not there at all: the feed is, and nobody has signed it.
        if (isMissing(thrown)) return ''
        throw thrown
      },
    )
    const opened = openFeed({ ...this.#options, text, signature })
    const [first] = opened.files
    return { ...opened, path: first?.url ?? '', sha512: first?.sha512 ?? '', releaseNotes: notesOf(opened) }
  }

  override resolveFiles(info: SignedInfo): ResolvedUpdateFileInfo[] {
    const files = resolveFiles(info, new URL(this.#options.feed))
    if (files.every(({ url }) => isTrustedAddress(url.href))) return files
    throw new DriveError('update-untrusted', 'The feed names a file that would come unencrypted')
  }

  async #read(url: URL, cancellation: CancellationToken): Promise<string> {
    return (await this.httpRequest(url, null, cancellation)) ?? ''
  }
}

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'statusCode' in thrown && thrown.statusCode === 404
