/** Does it at once when it was not done for so long; what is asked for sooner is done together at the end of that time. */
export function atMostEvery(ms: number, work: () => void): () => void {
  let resting = false
  let asked = false
  function ask(): void {
    asked = resting
    if (resting) return
    resting = true
    setTimeout(() => {
      resting = false
      if (asked) ask()
    }, ms)
    work()
  }
  return ask
}
