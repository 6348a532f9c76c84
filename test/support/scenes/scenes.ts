import { chooseGroup } from './choose.ts'
import type { Group } from './scene.ts'
import { emptyGroup, freshGroup, keychainGroup, lostGroup, startGroup } from './few.ts'
import { syncGroup } from './sync.ts'
import { crashGroup } from './crash.ts'
import { settingsGroup } from './settings.ts'
import { updateGroup } from './update.ts'
import { manyGroup, usedGroup } from './used.ts'

/** Every page and every state. */
export const GROUPS: readonly Group[] = [
  startGroup,
  freshGroup,
  keychainGroup,
  lostGroup,
  emptyGroup,
  settingsGroup,
  updateGroup,
  syncGroup,
  usedGroup,
  manyGroup,
  crashGroup,
  chooseGroup,
]
