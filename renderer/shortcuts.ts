import { PAGES, type Page } from './page.ts'

/** What a key asks of the window, wherever the focus is. */
export type Shortcut =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'search' | 'upload-files' | 'upload-folder' }

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Ctrl, or Command on a Mac, with another key. Undefined for a key that is not the window's. */
export function shortcut({ key, ctrlKey, metaKey, shiftKey, altKey }: Pressed): Shortcut | undefined {
  if (ctrlKey === metaKey || altKey) return undefined
  const pressed = key.toLowerCase()
  if (pressed === 'o') return { kind: shiftKey ? 'upload-folder' : 'upload-files' }
  if (shiftKey) return undefined
  if (pressed === 'f') return { kind: 'search' }
  if (pressed === ',') return { kind: 'page', page: 'settings' }
  const page = PAGES[Number(pressed) - 1]
  return page && { kind: 'page', page }
}

/** As keys are named to screen readers, and as they are written for people. */
export function shortcutOf(page: Page, isMac: boolean): { readonly aria: string; readonly text: string } {
  const no = PAGES.indexOf(page) + 1
  return isMac ? { aria: `Meta+${no}`, text: `⌘${no}` } : { aria: `Control+${no}`, text: `Ctrl+${no}` }
}
