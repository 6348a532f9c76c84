/** What the rail leads to, in its order. */
export const PAGES = ['transfers', 'sync', 'issues', 'history', 'settings'] as const
export type Page = (typeof PAGES)[number]

/** The pages of the settings, in their order. */
export const SECTIONS = ['general', 'account', 'transfers', 'network', 'sync', 'advanced', 'about'] as const
export type SettingsSection = (typeof SECTIONS)[number]
