/** A machine that sleeps stops its timers and not its clock: that is looked at this often at least. */
const LOOK_MS = 60_000

/** Runs something at a time, however far ahead; returns how to call it off. A clock that is set back delays nothing. */
export function runAt(at: number, now: () => number, task: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (leftMs: number): void => {
    const stepMs = Math.max(0, Math.min(leftMs, LOOK_MS))
    timer = setTimeout(() => {
      const stillMs = Math.min(leftMs - stepMs, at - now())
      if (stillMs <= 0) task()
      else arm(stillMs)
    }, stepMs)
  }
  arm(at - now())
  return () => {
    clearTimeout(timer)
  }
}
