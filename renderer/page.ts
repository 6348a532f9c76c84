/** What the rail leads to, in its order. */
export const PAGES = ['transfers', 'sync', 'issues', 'history', 'settings'] as const
export type Page = (typeof PAGES)[number]
