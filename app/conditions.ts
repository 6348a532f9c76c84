import type { Settings } from './settings.ts'

/** What holds uploads up because the person said so beforehand; it ends with its cause. */
export type HoldReason = 'battery' | 'metered'

/** What is so, and for how much of it the person has said "upload anyway". */
export interface Conditions {
  readonly holding: ReadonlySet<HoldReason>
  /** Only what is holding: whoever waives it waives it until it ends. */
  readonly waived: ReadonlySet<HoldReason>
}

export const NO_CONDITIONS: Conditions = { holding: new Set(), waived: new Set() }

/** Which of them the person wants to be held up by. */
export function wantedHolds({
  pauseOnBattery,
  pauseOnMetered,
}: Pick<Settings, 'pauseOnBattery' | 'pauseOnMetered'>): ReadonlySet<HoldReason> {
  return new Set<HoldReason>([
    ...(pauseOnBattery ? (['battery'] as const) : []),
    ...(pauseOnMetered ? (['metered'] as const) : []),
  ])
}

/** One of them has been looked at. With its end a waiver ends, too: the next time it holds again. */
export function observe(conditions: Conditions, reason: HoldReason, holds: boolean): Conditions {
  const { holding, waived } = conditions
  if (holds === holding.has(reason)) return conditions
  return holds
    ? { holding: new Set([...holding, reason]), waived }
    : { holding: without(holding, reason), waived: without(waived, reason) }
}

/** "Upload anyway": whatever holds them up now does so no more. */
export function waive({ holding }: Conditions): Conditions {
  return { holding, waived: holding }
}

/** What holds uploads up; the battery first, where both do. */
export function holdOf({ holding, waived }: Conditions): HoldReason | undefined {
  return (['battery', 'metered'] as const).find((reason) => holding.has(reason) && !waived.has(reason))
}

/** Whether files are on their way: not paused, not held up, not waiting for anything. */
export function isUploading({
  running,
  paused,
  blocked,
}: {
  readonly running: number
  readonly paused?: unknown
  readonly blocked?: unknown
}): boolean {
  return running > 0 && !paused && !blocked
}

/** UPower's `OnBattery`, as `dbus-send --print-reply=literal` prints it. */
export function readsOnBattery(printed: string): boolean {
  return /\bboolean true\b/u.test(printed)
}

/** NetworkManager's `Metered`, printed likewise: 1 is yes, 3 a guess that says yes. */
export function readsMetered(printed: string): boolean {
  return /\buint32 [13]\b/u.test(printed)
}

/** Windows' `NetworkCostType`: all but `Unrestricted` and `Unknown` cost something. */
export function readsCosting(printed: string): boolean {
  return /^(?:Fixed|Variable)$/u.test(printed.trim())
}

function without(set: ReadonlySet<HoldReason>, reason: HoldReason): ReadonlySet<HoldReason> {
  return new Set([...set].filter((one) => one !== reason))
}
