/** What the rail leads to. */
export type Page = 'transfers' | 'settings'

/** The pages of the settings, in their order. */
export const SECTIONS = ['general', 'account', 'transfers', 'network', 'sync', 'advanced', 'about'] as const
export type SettingsSection = (typeof SECTIONS)[number]
