import type { DuplicatePolicy } from './transfer.ts'

/** What the person chose; kept by the desktop app in its settings file. Never a credential. */
export interface Settings {
  readonly language: 'system' | 'zh-CN' | 'en'
  readonly theme: 'system' | 'light' | 'dark'
  /** Remote folder that dropped and chosen files go to. */
  readonly destination: string
  readonly onDuplicate: DuplicatePolicy
}

export const DEFAULT_SETTINGS: Settings = {
  language: 'system',
  theme: 'system',
  destination: '/',
  onDuplicate: 'fail',
}
