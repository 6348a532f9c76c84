import type { comfortZhCN } from './comfort-zh-CN.ts'
import type { diagnosticsZhCN } from './diagnostics-zh-CN.ts'
import type { chooseZhCN } from './choose-zh-CN.ts'
import type { pagesZhCN } from './pages-zh-CN.ts'
import type { settingsZhCN } from './settings-zh-CN.ts'
import type { shellMenuZhCN } from './shell-menu-zh-CN.ts'
import type { syncZhCN } from './sync-zh-CN.ts'
import type { updateZhCN } from './update-zh-CN.ts'
import type { zhCN } from './zh-CN.ts'

export type Locale = 'zh-CN' | 'en'

/** The Chinese words are the table; every other language has the same keys. */
export type Messages = Same<typeof zhCN>
export type ComfortMessages = Same<typeof comfortZhCN>
export type DiagnosticsMessages = Same<typeof diagnosticsZhCN>
export type PagesMessages = Same<typeof pagesZhCN>
export type SettingsMessages = Same<typeof settingsZhCN>
export type SyncMessages = Same<typeof syncZhCN>
export type ShellMenuMessages = Same<typeof shellMenuZhCN>
export type ChooseMessages = Same<typeof chooseZhCN>
export type UpdateMessages = Same<typeof updateZhCN>

type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** `transfers.tabs.all`, and nothing that is not there. */
export type MessageKey = Paths<typeof zhCN>

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`
}[keyof T & string]

/** The words a message must be given: `{time}后重试` takes `time`. */
export type Params<K extends MessageKey> = Record<Placeholders<TextAt<typeof zhCN, K>>, string | number>

type TextAt<T, K extends string> = K extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? TextAt<T[Head], Rest>
    : never
  : K extends keyof T
    ? T[K]
    : never

type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `'${string}` ? never : Name) | Placeholders<Rest>
  : never
