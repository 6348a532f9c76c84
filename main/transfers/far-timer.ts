/** setTimeout holds 31 bits of milliseconds: a wait of more than 24 days would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Runs something at a time, however far ahead; returns how to call it off. */
export function runAt(at: number, now: () => number, task: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (): void => {
    const waitMs = at - now()
    timer = setTimeout(waitMs > MAX_TIMER_MS ? arm : task, Math.min(MAX_TIMER_MS, Math.max(0, waitMs)))
  }
  arm()
  return () => {
    clearTimeout(timer)
  }
}
