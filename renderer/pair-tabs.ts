/** What the details of a pair show, in their order. */
export const PAIR_TABS = ['events', 'problems', 'ignored', 'settings'] as const
export type PairTab = (typeof PAIR_TABS)[number]
