/** `npm run dev`: sets up what is missing, then the app with live reload, in the Electron that this checkout has. */
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { electronEnvironment } from './setup/electron.mjs'
import { ROOT, runMain, runNode } from './support/process.mjs'

await runMain(async () => {
  await setUp()
  const env = electronEnvironment()
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH
  // electron-vite has names of its own for both.
  const more = env.ELECTRON_DISABLE_SANDBOX ? ['--noSandbox'] : []
  const { code } = await runNode(
    [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'dev', ...more],
    {
      env: { ...env, ...(dist ? { ELECTRON_EXEC_PATH: join(dist, 'electron') } : {}) },
    },
  )
  return code
})
