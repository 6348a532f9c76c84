/** What would have ended the process while something ran. */
export async function crashesDuring(task: () => Promise<void>): Promise<readonly Error[]> {
  const crashes: Error[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => crashes.push(error))
  try {
    await task()
    await new Promise(setImmediate)
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const listener of others) process.on('uncaughtException', listener)
  }
  return crashes
}
