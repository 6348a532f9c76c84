import { NO_UP_LIMIT, type UpLimit } from './bandwidth.ts'
import type { ProxySetting } from './proxy.ts'
import type { DuplicatePolicy } from './transfer.ts'

/** What the person chose; kept by the desktop app in its settings file. Never a credential. */
export interface Settings {
  readonly language: 'system' | 'zh-CN' | 'en'
  readonly theme: 'system' | 'light' | 'dark'
  /** Remote folder that dropped and chosen files go to. */
  readonly destination: string
  readonly onDuplicate: DuplicatePolicy
  readonly proxy: ProxySetting
  readonly upLimit: UpLimit
  /** The first folder was offered, and taken or put off. */
  readonly introduced: boolean
  /** It was said that closing the window leaves the program in the tray. */
  readonly toldTray: boolean
  /** Thunar was given our entries once, unasked. */
  readonly offeredThunar: boolean
  /** What is left out of all that is added: gitignore syntax, see ignore-rules.ts. */
  readonly exclude: readonly string[]
  /** Uploads are held up while the computer runs on its battery. */
  readonly pauseOnBattery: boolean
  /** And while the network costs by what goes over it. */
  readonly pauseOnMetered: boolean
  /** The computer does not go to sleep by itself while files go up. */
  readonly keepAwake: boolean
  readonly notifyFinished: boolean
  readonly notifyProblems: boolean
  /** Newer versions of the program: fetched and installed by themselves, told of, or looked for only when asked. */
  readonly updates: 'auto' | 'ask' | 'off'
  readonly updateChannel: UpdateChannel
  /** When the update feed last answered, in milliseconds since 1970; 0 is never. */
  readonly updatesCheckedAt: number
}

/** `beta`: also versions that are not for everybody yet. */
export type UpdateChannel = 'stable' | 'beta'

export const DEFAULT_SETTINGS: Settings = {
  language: 'system',
  theme: 'system',
  destination: '/',
  onDuplicate: 'fail',
  proxy: { kind: 'system' },
  upLimit: NO_UP_LIMIT,
  introduced: false,
  toldTray: false,
  offeredThunar: false,
  exclude: [],
  pauseOnBattery: false,
  pauseOnMetered: false,
  keepAwake: false,
  notifyFinished: true,
  notifyProblems: true,
  updates: 'auto',
  updateChannel: 'stable',
  updatesCheckedAt: 0,
}
