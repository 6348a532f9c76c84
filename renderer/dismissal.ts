import { onBeforeUnmount } from 'vue'

/** Calls `dismiss` once nobody has looked for a while. */
export function useDismissal(dismiss: () => void): { later: (afterMs: number) => void; stay: () => void } {
  let timer: number | undefined

  function stay(): void {
    window.clearTimeout(timer)
  }

  function later(afterMs: number): void {
    stay()
    timer = window.setTimeout(dismiss, afterMs)
  }

  onBeforeUnmount(stay)
  return { later, stay }
}
