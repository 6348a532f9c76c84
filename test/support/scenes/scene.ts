import type { Desk } from '../desk.ts'
import type { Stage } from './stage.ts'

/** A state of the window that a person can meet. */
export interface Scene {
  readonly name: string
  /** Something in it stands where its words put it: it is arranged anew for each look. */
  readonly floats?: boolean
  /** Puts it there, from the last one's end or from its own. */
  arrange(stage: Stage): Promise<void>
  /** Takes away what would stand in the next one's way. */
  restore?(stage: Stage): Promise<void>
}

/** Scenes of one run of the app, in their order. */
export interface Group {
  readonly name: string
  open(desk: Desk): Promise<unknown>
  readonly scenes: readonly Scene[]
  /** Words in these pictures that are data. */
  readonly data?: readonly (string | RegExp)[]
}
