import {
  ArrowDownToLine,
  ArrowUpToLine,
  CircleX,
  CopyPlus,
  ListX,
  Pause,
  Play,
  Replace,
  RotateCw,
  SkipForward,
  type LucideIcon,
} from '@lucide/vue'
import type { Action } from '../transfer-actions.ts'

export const ACTION_ICONS: Readonly<Record<Action, LucideIcon>> = {
  pause: Pause,
  resume: Play,
  retry: RotateCw,
  overwrite: Replace,
  'keep-both': CopyPlus,
  skip: SkipForward,
  first: ArrowUpToLine,
  last: ArrowDownToLine,
  cancel: CircleX,
  clear: ListX,
}
