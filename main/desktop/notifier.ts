import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Notification as SystemNotification, shell } from 'electron'
import type { WantedPage } from '#app/ipc'
import { Notifications, type Notification } from '#app/notifications'
import type { Settings } from '#app/settings'
import type { Language } from '#app/words/explain'
import { escapeMarkup, notificationText, showInFolderText } from '#app/words/notifications'

export interface NotifierOptions {
  readonly settings: () => Settings
  readonly language: () => Language
  /** Whoever looks at the window sees it there. */
  readonly isLookedAt: () => boolean
  readonly show: (page: WantedPage) => void
}

/** A desktop that does not answer shows nothing either. */
const SERVER_ANSWERS_MS = 2000

const PAGES: Readonly<Record<Notification['kind'], WantedPage>> = {
  finished: 'transfers',
  problems: 'issues',
  halted: 'sync',
  'signed-out': 'transfers',
}

/** Shows what is worth a notification by the system's own means. */
export class Notifier {
  readonly decider = new Notifications(Date.now())
  readonly #options: NotifierOptions
  /** One that nobody holds is gone, and nothing hears of a click on it. */
  readonly #shown = new Set<SystemNotification>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  /** The decider has heard something. */
  update(): void {
    clearTimeout(this.#timer)
    const { nextAt } = this.decider
    if (nextAt === undefined) return
    this.#timer = setTimeout(
      () => {
        this.#look()
      },
      Math.max(0, nextAt - Date.now()),
    )
  }

  stop(): void {
    clearTimeout(this.#timer)
    for (const shown of this.#shown) shown.close()
  }

  #look(): void {
    const due = this.decider.take(Date.now())
    this.update()
    if (this.#options.isLookedAt()) return
    const { notifyFinished, notifyProblems } = this.#options.settings()
    for (const notification of due)
      if (notification.kind === 'finished' ? notifyFinished : notifyProblems) void this.#show(notification)
  }

  async #show(notification: Notification): Promise<void> {
    const language = this.#options.language()
    const { title, body } = notificationText(notification, language)
    const server = process.platform === 'linux' ? await askServer() : 'plain'
    if (server === 'none') return
    const localPath = notification.kind === 'finished' ? notification.localPath : undefined
    const shown = new SystemNotification({
      title,
      body: server === 'markup' ? escapeMarkup(body) : body,
      // Only there Electron has them in all versions we run on; elsewhere a click is what there is.
      ...(localPath !== undefined && process.platform === 'darwin'
        ? { actions: [{ type: 'button', text: showInFolderText(language) }] }
        : {}),
    })
    this.#shown.add(shown)
    shown.on('click', () => {
      this.#options.show(PAGES[notification.kind])
    })
    shown.on('action', () => {
      if (localPath !== undefined) shell.showItemInFolder(localPath)
    })
    shown.on('close', () => {
      this.#shown.delete(shown)
    })
    shown.show()
  }
}

/** Who shows notifications on this desktop, and whether they read markup in a body; Electron hands it on as it is. */
async function askServer(): Promise<'none' | 'plain' | 'markup'> {
  const question = [
    '--session',
    '--print-reply=literal',
    '--dest=org.freedesktop.Notifications',
    '/org/freedesktop/Notifications',
    'org.freedesktop.Notifications.GetCapabilities',
  ]
  try {
    const asked = promisify(execFile)('dbus-send', question, { timeout: SERVER_ANSWERS_MS })
    return (await asked).stdout.includes('body-markup') ? 'markup' : 'plain'
  } catch (thrown) {
    // Where that can't be asked, most read it.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' ? 'markup' : 'none'
  }
}
