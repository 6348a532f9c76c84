/**
 * Loaded into an Electron app before its own code (`-r`): says on its terminal how long after START_BEGAN its window was
 * usable, in milliseconds, and quits it. Usable is when what START_PROBE selects has been painted and the page is free for input;
 * where it selects nothing, when anything has been painted.
 */
const { app } = require('electron') // eslint-disable-line @typescript-eslint/no-require-imports -- what `-r` loads is CommonJS

// Not the system's own time of it, which counts from the boot: a clock that was set since would be part of what is measured.
const began = Number(process.env.START_BEGAN)

const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries())
      if (name === 'first-contentful-paint') resolve(performance.timeOrigin + startTime)
  }).observe({ type: 'paint', buffered: true })
})`

const USABLE = (selector) => `new Promise((resolve) => {
  const painted = () => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve(performance.timeOrigin + performance.now())
    port2.postMessage(null)
  }
  const look = () => {
    if (!document.querySelector(${JSON.stringify(selector)})) return
    observer.disconnect()
    requestAnimationFrame(painted)
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { childList: true, subtree: true })
  look()
})`

app.on('web-contents-created', (_event, contents) => {
  contents.once('dom-ready', async () => {
    const selector = process.env.START_PROBE
    const at = await contents.executeJavaScript(selector ? USABLE(selector) : PAINTED)
    process.stdout.write(`\nusable after ${Math.round(at - began)} ms\n`)
    app.quit()
  })
})
