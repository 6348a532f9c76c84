import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Does a little ten times a second, as a window does that is told what changed, and says how late that made it. What it takes longer
 * than that little is the machine's doing.
 */
const WORK_MS = 15

const delays = monitorEventLoopDelay({ resolution: 10 })
delays.enable()
setInterval(() => {
  const before = process.cpuUsage()
  for (let spent = 0; spent < WORK_MS * 1000;) {
    const { user, system } = process.cpuUsage(before)
    spent = user + system
  }
}, 100)
process.on('message', () => {
  const { max, count } = delays
  process.send?.({ p99: delays.percentile(99) / 1e6, max: max / 1e6, count })
  delays.reset()
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
