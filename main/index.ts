import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { app, Menu, nativeTheme, powerMonitor, type BrowserWindow } from 'electron'
import type { AddReport, UploadTarget } from '#app/ipc'
import { splitRemote } from '#app/naming'
import { redactForLog } from '#app/redact-log'
import type { Source } from '#app/transfer'
import type { Language } from '#app/words/explain'
import { DEFAULT_API_URL, trustApiUrl } from './cloud/hosts.ts'
import { appCommands, limitUploads, sessionCommands, settingsCommands } from './desktop/app-commands.ts'
import { Comforts } from './desktop/comforts.ts'
import { resolveProxy } from './desktop/chromium.ts'
import { Diagnostics, namesIn } from './desktop/diagnostics.ts'
import { diagnosticsCommands } from './desktop/diagnostics-commands.ts'
import { engineEvents } from './desktop/engine-events.ts'
import { EngineLog } from './desktop/engine-log.ts'
import { EngineThread } from './desktop/engine-thread.ts'
import { emit, serveCommands } from './desktop/ipc.ts'
import { Handover } from './desktop/handover.ts'
import { startHidden } from './desktop/hidden-start.ts'
import { wantsWindow, type Launch } from './desktop/launch.ts'
import { launchCommands } from './desktop/launch-commands.ts'
import { MainWindow } from './desktop/main-window.ts'
import { Proxies } from './desktop/proxies.ts'
import { openSettings } from './desktop/settings.ts'
import { openShellMenu, shellMenuCommands } from './desktop/shell-menu-commands.ts'
import { syncCommands } from './desktop/sync-commands.ts'
import { startEngine, systemLanguage, tell } from './desktop/telling.ts'
import { AppTray } from './desktop/tray.ts'
import { trayActions } from './desktop/tray-actions.ts'
import { openUpdates, updateCommands } from './desktop/update/open-updates.ts'
import type { Updates } from './desktop/update/updates.ts'
import type { Serving } from './desktop/serving.ts'
import { isOwnFrame, type WindowFiles } from './desktop/window.ts'
import type { EngineSetup } from './engine/protocol.ts'
import type { AddOptions } from './transfers/queue-store.ts'
import { choosePaths } from './desktop/files.ts'
import { transferCommands } from './desktop/transfer-commands.ts'
import { Closing, stopBeforeQuit } from './desktop/quitting.ts'
import { socketPathOf } from './engine/socket.ts'
import { AccountSession } from './session/account-session.ts'
import { systemKeychain } from './session/keychain.ts'
import { credentialsFrom } from './session/secret.ts'

/** Composition root of the desktop app: constructs, connects by plain arguments, starts, and stops in reverse. */

const OWN = {
  engine: new URL('./engine.worker.js', import.meta.url),
  licences: new URL('./licences.json', import.meta.url),
  trayIcons: new URL('./tray/', import.meta.url),
}

/** By then the window is drawn, even on a slow machine. */
const DRAWN_MS = 400

/** What start.ts has found and made. */
export interface Start {
  readonly dataDir: string
  readonly launch: Launch
  /** The credentials that were in the environment. */
  readonly secrets: NodeJS.ProcessEnv
  readonly files: WindowFiles
  /** Open already, unless the program is to start hidden. */
  readonly window: BrowserWindow | undefined
  /** Whether somebody has asked for the window since. */
  readonly isWanted: () => boolean
  readonly serving: Serving
}

/** For who has the single-instance lock. */
export async function run(start: Start): Promise<void> {
  const diagnostics = new Diagnostics(start.dataDir)
  void diagnostics.begin()
  await open(start, diagnostics).catch((thrown: unknown) => fatal(thrown, diagnostics))
}

/** The engine and the keychain start beside the window, which is there at once; who needs them waits for them. */
async function open(
  { dataDir, launch, secrets, files, window: first, isWanted, serving }: Start,
  diagnostics: Diagnostics,
): Promise<void> {
  const environment = credentialsFrom(secrets)
  const apiUrl = trustApiUrl(process.env['PAN123_API_URL'] || DEFAULT_API_URL)
  const settings = openSettings(dataDir)
  const keychain = systemKeychain()
  const proxies = new Proxies({ settings: () => settings.get(), keychain, resolve: resolveProxy })

  const language = (): Language => {
    const chosen = settings.get().language
    return chosen === 'system' ? systemLanguage() : chosen
  }
  const window: MainWindow = new MainWindow(files, language, (opened) => {
    closing.watch(opened)
  })
  const page = () => window.contents

  const setup = (): EngineSetup => ({
    apiUrl,
    rateLimit: process.env['PAN123_RATE_LIMIT'] === 'off' ? 'off' : 'on',
    dataDir,
    socketPath: socketPathOf(dataDir),
    syncRules: settings.get().exclude,
    hold: comforts.hold,
  })
  const engineLog = new EngineLog(diagnostics)
  const engine: EngineThread = new EngineThread(
    engineLog.watch({
      startThread: () => new Worker(OWN.engine, { workerData: setup() }),
      tokens: {
        currentToken: async () => {
          // Until then nobody is signed in, which would hold the queue up.
          await restored
          return session.current()
        },
        renewToken: ({ refused, failure }) => session.renew(refused, failure),
      },
      proxies: { routeFor: ({ origin }) => proxies.routeFor(origin) },
      onStarted: () => {
        limitUploads(engine, settings)
      },
      ...engineEvents(() => ({ page: page(), comforts, updates, tray, session })),
      onDeath: (reason) => {
        console.error(`Engine thread died, starting another: ${redactForLog(reason)}`)
        // There may be no window that asks for it.
        engine.call('tellAll', null).catch(() => undefined)
      },
    }),
  )

  const session: AccountSession = new AccountSession({
    api: {
      issueToken: (clientID, clientSecret) => engine.call('issueToken', { clientID, clientSecret }),
      account: (token) => engine.call('account', { token }),
    },
    keychain,
    keychainAccount: apiUrl,
    environment,
    now: Date.now,
    onChange: (state) => {
      engineLog.hearSession(state)
      emit(page(), 'session.changed', state)
      comforts.hearSession()
      tray.update()
      engine.call(state.status === 'signed-in' ? 'unblock' : 'forgetAccount', null).catch(() => undefined)
    },
  })

  diagnostics.conceal(() => namesIn(settings.get(), session.session))

  const addOptions = (source: Source, target?: UploadTarget): AddOptions => {
    const { destination, onDuplicate, exclude } = { ...settings.get(), ...target }
    return { rootID: 0, folders: splitRemote(destination), onDuplicate, exclude, source }
  }
  const add = async (paths: readonly string[], source: Source, target?: UploadTarget): Promise<AddReport> => {
    const { added, skipped } = await engine.call('add', { paths, options: addOptions(source, target) })
    return { added, skipped }
  }

  const reconnect = (): void => {
    engine.call('reconnect', null).catch(() => undefined)
  }
  const comforts = new Comforts({
    settings,
    engine,
    window,
    session: () => session.session,
    language,
  })
  const tray: AppTray = new AppTray({
    icons: OWN.trayIcons,
    engine,
    session: () => session.session,
    language,
    act: trayActions({ engine, window, add, language, goAnyway: () => comforts.goAnyway() }),
  })
  const closing = new Closing({
    unfinished: () => engine.unfinished,
    pairs: () => engine.pairs.length,
    isInTray: () => tray.isThere(),
    wasTold: () => settings.get().toldTray,
    remember: () => settings.change({ toldTray: true }),
    language,
  })
  const handover = new Handover({
    dataDir,
    add: (paths, target) => add(paths, 'shell', target),
    onAdded: (report) => {
      emit(page(), 'transfers.added', report)
    },
    onPending: (pending) => {
      emit(page(), 'launch.changed', pending)
    },
    onPersonWanted: () => {
      window.show()
    },
    isSignedIn: () => session.session.status === 'signed-in',
    onFailed: (thrown) => {
      tell(thrown, language())
    },
  })
  const updates: Updates = openUpdates({
    ...{ dataDir, settings, engine, proxies },
    onChange: (status) => {
      emit(page(), 'update.changed', status)
    },
  })
  const restored = session.restore()
  const started = comforts
    .followSettings()
    .then(() => startEngine(engine, language, () => window.current))
    .catch((thrown: unknown) => fatal(thrown, diagnostics))
  stopBeforeQuit(async () => {
    const installs = updates.installsAtQuit()
    updates.stop()
    await engine.stop()
    comforts.stop()
    tray.stop()
    if (installs) await updates.installAtQuit()
    await diagnostics.end()
  })

  const shellMenu = openShellMenu(language, settings)

  nativeTheme.themeSource = settings.get().theme
  // One that was closed meanwhile has ended the program.
  if (first && !first.isDestroyed()) window.adopt(first)
  if (launch.hidden && isWanted()) window.show()
  if (process.platform === 'darwin')
    Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]))
  serveCommands(
    {
      ...sessionCommands(session, restored),
      ...settingsCommands({
        settings,
        engine,
        proxies,
        onChanged: (changed) => {
          emit(page(), 'settings.changed', changed)
          void comforts.followSettings()
          tray.update()
          updates.settingsChanged(changed)
        },
      }),
      'dialog.choose': (kind) => choosePaths(window.current, kind),
      ...comforts.commands(),
      ...transferCommands(engine, { add, addOptions, window: () => window.current, language }),
      ...syncCommands(engine),
      ...launchCommands(engine, handover),
      ...appCommands({ dataDir, apiUrl, licences: OWN.licences }),
      ...shellMenuCommands(shellMenu),
      ...diagnosticsCommands({
        diagnostics,
        engine,
        settings: () => settings.get(),
        apiUrl,
        window: () => window.current,
        language,
      }),
      ...updateCommands(updates),
    },
    isOwnFrame(files, () => window.current),
  )
  serving.begin()

  app.on('activate', () => {
    window.show()
  })
  app.on('second-instance', (_event, _argv, _folder, told) => {
    if (wantsWindow(told)) window.show()
    void restored.then(() => handover.take())
  })
  powerMonitor.on('resume', reconnect)
  await Promise.all([restored, started])
  await handover.take(launch.hidden && !isWanted())
  if (launch.hidden) await startHidden(tray, window)
  else {
    // The library for it weighs a megabyte: the list is drawn first.
    await sleep(DRAWN_MS)
    tray.start()
  }
  void updates.start()
  void session.reload()
}

export async function fatal(thrown: unknown, diagnostics?: Diagnostics): Promise<void> {
  // Until then there is no telling the person's language.
  await app.whenReady()
  await diagnostics?.fail(thrown)
  tell(thrown, systemLanguage())
  app.exit(1)
}
