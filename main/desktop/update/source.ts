import { spawn } from 'node:child_process'
import { app, type Session } from 'electron'
import {
  AppImageUpdater,
  CancellationToken,
  DebUpdater,
  MacUpdater,
  NsisUpdater,
  type ProgressInfo,
} from 'electron-updater'
import { DownloadedUpdateHelper } from 'electron-updater/out/DownloadedUpdateHelper.js'
import { DriveError } from '#app/errors'
import { addressOf, type ProxyCredentials } from '#app/proxy'
import type { UpdateChannel } from '#app/settings'
import type { InstallKind, Update } from '#app/update'
import type { ProxySource } from '../../cloud/routes.ts'
import { isTrustedAddress, type UpdateConfig } from './config.ts'
import { checkDownloaded, installDeb, stageAppImage, swapAppImage, type Downloaded } from './install.ts'
import { SignedProvider, type SignedFeedOptions } from './provider.ts'
import type { UpdateSource } from './updates.ts'

export interface SourceOptions {
  readonly config: UpdateConfig
  readonly kind: InstallKind
  /** Where downloads go. */
  readonly folder: string
  readonly proxies: ProxySource
  /** Of the AppImage that is running. */
  readonly appImage: string | undefined
}

/** A feed of some kilobytes that takes longer will not come. */
const CHECK_MS = 20_000
/** A download may take as long as it likes while it moves. */
const STALL_MS = 60_000

/** Asks and fetches by electron-updater. It is loaded when the first check is due, not before. */
export class ElectronUpdateSource implements UpdateSource {
  readonly #options: SourceOptions
  readonly #updater: FileUpdater | DebUpdater | NsisUpdater | MacUpdater
  readonly #downloads: DownloadedUpdateHelper
  #credentials: ProxyCredentials | undefined
  #staged: string | undefined

  constructor(options: SourceOptions) {
    this.#options = options
    const updater = makeUpdater(options.kind)
    this.#updater = updater
    this.#downloads = new DownloadedUpdateHelper(options.folder)
    // electron-updater takes its folder from a file that only some packages have.
    Reflect.set(updater, 'downloadedUpdateHelper', this.#downloads)
    updater.logger = null
    updater.autoDownload = false
    updater.autoInstallOnAppQuit = false
    // What is fetched in parts comes with a list of them that nobody has signed.
    updater.disableDifferentialDownload = true
    updater.disableWebInstaller = true
    updater.on('login', (request, answer) => {
      if (request.isProxy) answer(this.#credentials?.username ?? '', this.#credentials?.password ?? '')
    })
    // A redirection leads nowhere else either.
    updater.netSession.webRequest.onBeforeRequest(({ url }, answer) => {
      answer({ cancel: !isTrustedAddress(url) })
    })
  }

  async check(channel: UpdateChannel, signal: AbortSignal): Promise<Update | undefined> {
    const late = new AbortController()
    const timer = setTimeout(() => {
      late.abort()
    }, CHECK_MS)
    try {
      return await this.#look(channel, cancelledBy(signal, late.signal))
    } finally {
      clearTimeout(timer)
    }
  }

  async #look(channel: UpdateChannel, cancellation: CancellationToken): Promise<Update | undefined> {
    const { config, kind } = this.#options
    await this.#followProxy(this.#updater.netSession)
    const feed: SignedFeedOptions = {
      provider: 'custom',
      updateProvider: SignedProvider,
      ...config,
      channel,
      kind,
      running: app.getVersion(),
      cancellation,
    }
    this.#updater.setFeedURL(feed)
    const found = await this.#updater.checkForUpdates()
    if (!found?.isUpdateAvailable) return undefined
    const { version, releaseNotes, files } = found.updateInfo
    const size = (files.find(({ url }) => url.includes(process.arch)) ?? files[0])?.size
    const notes = typeof releaseNotes === 'string' ? releaseNotes : ''
    return { version, notes, ...(size === undefined ? {} : { size }) }
  }

  async download(onFraction: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    const stalled = new AbortController()
    const watchdog = setTimeout(() => {
      stalled.abort()
    }, STALL_MS)
    const hear = ({ percent }: ProgressInfo): void => {
      watchdog.refresh()
      onFraction(percent / 100)
    }
    this.#updater.on('download-progress', hear)
    try {
      await this.#updater.downloadUpdate(cancelledBy(signal, stalled.signal))
    } finally {
      clearTimeout(watchdog)
      this.#updater.off('download-progress', hear)
    }
  }

  async prepare(): Promise<void> {
    const { kind, appImage } = this.#options
    if (kind === 'appimage' && appImage !== undefined)
      this.#staged = await stageAppImage(this.#downloaded, appImage)
    else await checkDownloaded(this.#downloaded)
  }

  async install(again: boolean): Promise<void> {
    const { appImage } = this.#options
    if (this.#updater instanceof MacUpdater) this.#updater.quitAndInstall()
    else if (this.#updater instanceof DebUpdater) {
      await installDeb(this.#downloaded.path)
      if (again) app.relaunch()
    } else if (this.#updater instanceof NsisUpdater) {
      if (!this.#updater.install(true, again))
        throw new DriveError('update-not-installed', 'The installer could not be started')
    } else if (appImage !== undefined && this.#staged !== undefined) {
      await swapAppImage(this.#staged, appImage)
      await this.#downloads.clear()
      if (again) startAtQuit(appImage)
    }
  }

  get #downloaded(): Downloaded {
    const { file, downloadedFileInfo } = this.#downloads
    if (file === null || downloadedFileInfo === null)
      throw new DriveError('update-not-installed', 'Nothing has been downloaded')
    return { path: file, sha512: downloadedFileInfo.sha512 }
  }

  /** As everything else of this program goes. A SOCKS proxy with a password is beyond Chromium. */
  async #followProxy(session: Session): Promise<void> {
    const { proxies, config } = this.#options
    const route = await proxies.routeFor(new URL(config.feed).origin)
    this.#credentials = route.kind === 'proxy' ? route.credentials : undefined
    await session.setProxy(
      route.kind === 'direct'
        ? { mode: 'direct' }
        : { mode: 'fixed_servers', proxyRules: `${route.server.protocol}://${addressOf(route.server)}` },
    )
  }
}

/** Also looks where there is no AppImage to replace: then a person is told of what it finds. */
class FileUpdater extends AppImageUpdater {
  override isUpdaterActive(): boolean {
    return true
  }
}

function makeUpdater(kind: InstallKind): FileUpdater | DebUpdater | NsisUpdater | MacUpdater {
  switch (kind) {
    case 'nsis':
      return new NsisUpdater()
    case 'mac':
      return new MacUpdater()
    case 'deb':
      return new DebUpdater()
    case 'appimage':
    case 'by-hand':
      return new FileUpdater()
  }
}

/** Each signal is listened to itself: of those made by AbortSignal.any and AbortSignal.timeout, Node 20 may collect both unfired. */
function cancelledBy(...signals: readonly AbortSignal[]): CancellationToken {
  const token = new CancellationToken()
  for (const signal of signals) {
    if (signal.aborted) token.cancel()
    signal.addEventListener('abort', () => {
      token.cancel()
    })
  }
  return token
}

/** Only then is there nobody left to whom it would hand over, instead of starting. */
function startAtQuit(appImage: string): void {
  app.once('quit', () => {
    app.releaseSingleInstanceLock()
    const env = { ...process.env }
    // Of the old one, which is mounted elsewhere.
    for (const name of ['APPIMAGE', 'APPDIR', 'ARGV0', 'OWD']) Reflect.deleteProperty(env, name)
    spawn(appImage, [], { detached: true, stdio: 'ignore', env }).unref()
  })
}
