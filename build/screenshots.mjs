/**
 * `npm run screenshots [-- NAME...]`: pictures of every page and state of the window, or of those scenes, in every look, in
 * out/screenshots. `-- --readme` renews the ones in the README.
 */
import { setUp } from './setup.mjs'
import { electronEnvironment } from './setup/electron.mjs'
import { buildApp } from './support/build-app.mjs'
import { runInDesktopSession } from './support/desktop-session.mjs'
import { run, runMain } from './support/process.mjs'

await runMain(async () => {
  await setUp()
  if (!(await buildApp())) return 1
  const program = ['--import', 'tsx', 'test/screenshots/main.ts', ...process.argv.slice(2)]
  if (process.platform === 'linux') return runInDesktopSession(process.execPath, program)
  return (await run(process.execPath, program, { env: electronEnvironment() })).code
})
