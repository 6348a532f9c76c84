/**
 * `npm run demo [-- PATH...]`: the real app sends files to the emulated platform, and what arrived is compared with them.
 * With a display the window stays open to play with; without one it runs unseen and leaves pictures in out/demo.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runDemo } from './demo/run.mjs'
import { setUp } from './setup.mjs'
import { electronEnvironment } from './setup/electron.mjs'
import { buildApp } from './support/build-app.mjs'
import { hasDisplay, runInDesktopSession } from './support/desktop-session.mjs'
import { ROOT, Told, runMain } from './support/process.mjs'

await runMain(async () => {
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const paths = process.argv.slice(2).map((path) => resolve(from, path))
  const absent = paths.find((path) => !existsSync(path))
  if (absent !== undefined) throw new Told(`There is no ${absent}.`)
  await setUp()
  if (!(await buildApp())) return 1
  const folder = mkdtempSync(join(tmpdir(), '123pan-demo-'))
  try {
    if (!hasDisplay()) {
      const program = join(ROOT, 'build/demo/run.mjs')
      return await runInDesktopSession(process.execPath, [program, folder, ...paths])
    }
    for (const [name, value] of Object.entries(electronEnvironment())) if (value) process.env[name] = value
    return await runDemo(folder, paths, true)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
})
