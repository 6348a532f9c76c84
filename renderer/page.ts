/** What the rail leads to. */
export type Page = 'transfers' | 'settings'
