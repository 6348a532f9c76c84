import { onBeforeUpdate, onUpdated } from 'vue'

/** Calls `regain` when something inside `root` that had the focus has gone: otherwise the keyboard would begin at the top of the page. */
export function useKeptFocus(root: () => HTMLElement | null, regain: () => void): void {
  let inside = false
  onBeforeUpdate(() => {
    inside = root()?.contains(document.activeElement) ?? false
  })
  onUpdated(() => {
    if (inside && document.activeElement === document.body) regain()
  })
}
