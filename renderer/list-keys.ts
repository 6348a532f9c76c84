import type { Picking } from './selection.ts'

/** What a key asks of a list of rows. */
export type ListKey =
  | { readonly kind: 'step'; readonly by: number; readonly how: Picking }
  | { readonly kind: 'pick'; readonly how: Picking }
  | { readonly kind: 'all' | 'none' | 'details' | 'remove' | 'hold' }

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** `pageRows`: as many as can be seen at once. Undefined for a key that is not the list's. */
export function listKey(event: Pressed, pageRows: number): ListKey | undefined {
  const { key, altKey, shiftKey } = event
  const ctrl = event.ctrlKey || event.metaKey
  if (altKey) return undefined
  const by = steps(key, Math.max(1, pageRows))
  if (by !== undefined) return { kind: 'step', by, how: shiftKey ? 'range' : ctrl ? 'none' : 'only' }
  if (ctrl) return ctrlKey(key, shiftKey)
  switch (key) {
    case ' ':
    case 'Enter':
      return shiftKey ? { kind: 'pick', how: 'range' } : { kind: 'details' }
    case 'Escape':
      return { kind: 'none' }
    case 'Delete':
      return { kind: 'remove' }
    case 'p':
    case 'P':
      return { kind: 'hold' }
    default:
      return undefined
  }
}

function steps(key: string, pageRows: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return 1
    case 'ArrowUp':
      return -1
    case 'PageDown':
      return pageRows
    case 'PageUp':
      return -pageRows
    case 'Home':
      return -Infinity
    case 'End':
      return Infinity
    default:
      return undefined
  }
}

function ctrlKey(key: string, shiftKey: boolean): ListKey | undefined {
  if (key === ' ') return { kind: 'pick', how: 'toggle' }
  return key.toLowerCase() === 'a' && !shiftKey ? { kind: 'all' } : undefined
}
