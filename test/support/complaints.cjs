/**
 * Loaded into the app before its own code (`-r`): writes on its terminal, a line each, what any page's console says that is not just
 * talk: errors, also those nobody caught, and warnings, Electron's about security among them. It sees every window from its beginning
 * on, and goes on where a renderer has died, which Playwright does not.
 */
const { app, webContents } = require('electron') // eslint-disable-line @typescript-eslint/no-require-imports -- what `-r` loads is CommonJS

/** Older ones are given a number as the level. */
const isGrave = (level) => (typeof level === 'number' ? level >= 2 : level === 'warning' || level === 'error')

const complain = (text) => process.stderr.write(`\nCOMPLAINT ${JSON.stringify(text)}\n`)

const watch = (contents) => {
  contents.on('console-message', (...[event, level, message]) => {
    // Electron 35 and later put both into the event.
    if (isGrave(event.level ?? level)) complain(event.message ?? message)
  })
  contents.on('preload-error', (_, __, error) => complain(String(error)))
}

for (const contents of webContents.getAllWebContents()) watch(contents)
app.on('web-contents-created', (_event, contents) => watch(contents))
